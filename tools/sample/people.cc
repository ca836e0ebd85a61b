// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/people.h"

#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "tools/sample/charset.h"
#include "tools/sample/random.h"

namespace leakfs::sample {
namespace {

constexpr auto machines = std::to_array<std::string_view>(
    {"newsletter", "contact", "no-reply", "info", "alerte", "facturation", "agenda", "support"});
constexpr std::uint32_t colleagues = 24;  // the first signers, all of the organisation that leaked

// "jean-marc" of "Jean-Marc", "obrien" of "O'Brien".
std::string plain_word(std::string_view name) {
  std::string word;
  for (const char byte : spelled_in(Charset::us_ascii, name)) {
    if (byte >= 'A' && byte <= 'Z') {
      word += static_cast<char>(byte - 'A' + 'a');
    } else if ((byte >= 'a' && byte <= 'z') || byte == '-') {
      word += byte;
    }
  }
  return word;
}

std::string local_part(const std::string& first, const std::string& last, bool is_formal,
                       Random& random) {
  switch (is_formal ? 0 : random.below(6)) {
    case 0:
    case 1:
      return first + "." + last;
    case 2:
      return first.substr(0, 1) + last;
    case 3:
      return last + "." + first;
    case 4:
      return fmt::format("{}_{}{}", first, last, 50 + random.below(49));
    default:
      return first + last.substr(0, 1);
  }
}

std::string capitalised(std::string address) {
  bool is_start = true;
  for (char& byte : address) {
    if (is_start && byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - 'a' + 'A');
    is_start = byte == '.' || byte == '@';
  }
  return address;
}

Person make_person(const Domain& domain, bool is_colleague, Random& random,
                   std::unordered_set<std::string>& taken) {
  Person person{.domain = domain.name, .standing = domain.standing};
  person.language = random.percent(82) ? Language::french : Language::english;
  std::string local;
  if (!is_colleague && random.percent(6)) {
    const std::string_view machine = random.pick(machines);
    local = machine;
    person.name = fmt::format("{} ({})", domain.name.substr(0, domain.name.find('.')), machine);
  } else {
    const std::string_view first = random.pick(first_names(person.language));
    const std::string_view last = random.pick(last_names(person.language));
    person.first = first;
    person.name =
        random.percent(7) ? fmt::format("{}, {}", last, first) : fmt::format("{} {}", first, last);
    local = local_part(plain_word(first), plain_word(last), is_colleague, random);
  }
  person.key = fmt::format("{}@{}", local, domain.name);
  for (int number = 2; !taken.insert(person.key).second; ++number) {
    person.key = fmt::format("{}{}@{}", local, number, domain.name);
  }
  person.address = random.percent(3) ? capitalised(person.key) : person.key;
  if (random.percent(5)) person.name.clear();
  return person;
}

}  // namespace

std::vector<Person> make_people(const std::array<std::uint32_t, standings>& counts,
                                std::uint64_t seed) {
  Random random(seed, Purpose::people);
  std::unordered_set<std::string> taken;
  std::vector<Person> people;
  for (std::size_t standing = 0; standing < standings; ++standing) {
    std::vector<Domain> homes;
    for (const Domain& domain : domains()) {
      if (domain.standing == static_cast<Standing>(standing)) homes.push_back(domain);
    }
    for (std::uint32_t i = 0; i < counts[standing]; ++i) {
      const bool is_colleague = standing == 0 && i < colleagues;
      const std::uint32_t home = random.skewed_below(static_cast<std::uint32_t>(homes.size()));
      people.push_back(make_person(homes[is_colleague ? 0 : home], is_colleague, random, taken));
    }
  }
  return people;
}

}  // namespace leakfs::sample
