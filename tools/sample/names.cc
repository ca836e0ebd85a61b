// SPDX-License-Identifier: GPL-3.0-or-later
// Frequent first and last names, so that a pair of them names nobody.
#include <array>

#include "tools/sample/vocabulary.h"

namespace leakfs::sample {
namespace {

using Words = std::string_view;

constexpr auto french_first = std::to_array<Words>({
    "Alice",        "Hélène",      "Jérôme",   "François", "Chloé",    "Léa",      "Théo",
    "Inès",         "Benoît",      "Cécile",   "Étienne",  "Gaëlle",   "Loïc",     "Maëva",
    "Noël",         "Océane",      "Raphaël",  "Solène",   "Zoé",      "Agnès",    "Jean-Marc",
    "Marie-Claude", "Anne-Sophie", "Pierre",   "Paul",     "Jacques",  "Nicolas",  "Sophie",
    "Camille",      "Julien",      "Antoine",  "Claire",   "Mathilde", "Olivier",  "Philippe",
    "Sandrine",     "Véronique",   "Thierry",  "Yann",     "Karim",    "Fatima",   "Mehdi",
    "Nadia",        "Samir",       "Lucie",    "Hugo",     "Émilie",   "Stéphane", "Frédéric",
    "Aurélie",      "Sébastien",   "Clémence", "Grégoire", "Mélanie",
});
constexpr auto french_last = std::to_array<Words>({
    "Martin",   "Bernard", "Dubois",  "Thomas",   "Robert",   "Richard", "Petit",     "Durand",
    "Leroy",    "Moreau",  "Simon",   "Laurent",  "Lefèvre",  "Michel",  "Garcia",    "David",
    "Bertrand", "Roux",    "Vincent", "Fournier", "Morel",    "Girard",  "André",     "Mercier",
    "Dupont",   "Lambert", "Bonnet",  "François", "Martinez", "Legrand", "Garnier",   "Faure",
    "Rousseau", "Blanc",   "Guérin",  "Müller",   "Henry",    "Roussel", "Nicolas",   "Perrin",
    "Morin",    "Mathieu", "Clément", "Gauthier", "Dumont",   "Lopez",   "Fontaine",  "Chevalier",
    "Robin",    "Masson",  "Sanchez", "Gérard",   "Nguyen",   "Boyer",   "Denis",     "Lemaire",
    "Duval",    "Joly",    "Gautier", "Roger",    "Roche",    "Roy",     "Noël",      "Meyer",
    "Lucas",    "Meunier", "Jean",    "Pérez",    "Marchand", "Dufour",  "Blanchard", "Marie",
    "Barbier",  "Brun",    "Dumas",   "Brunet",   "Schmitt",  "Leroux",  "Colin",     "Fernandez",
    "Benali",   "Traoré",
});
constexpr auto english_first = std::to_array<Words>({
    "James",   "Mary",      "John",    "Patricia", "Robert",  "Jennifer", "Michael", "Linda",
    "William", "Elizabeth", "David",   "Barbara",  "Richard", "Susan",    "Joseph",  "Jessica",
    "Thomas",  "Sarah",     "Charles", "Karen",    "Daniel",  "Nancy",    "Matthew", "Lisa",
    "Anthony", "Margaret",  "Mark",    "Emily",    "Steven",  "Kevin",    "Laura",   "Brian",
    "Amy",     "George",    "Anna",    "Edward",   "Rachel",
});
constexpr auto english_last = std::to_array<Words>({
    "Smith",    "Johnson",  "Williams", "Brown",   "Jones",   "Miller",   "Davis",   "Wilson",
    "Anderson", "Taylor",   "Moore",    "Jackson", "White",   "Harris",   "Clark",   "Lewis",
    "Robinson", "Walker",   "Young",    "Allen",   "King",    "Wright",   "Scott",   "Hill",
    "Green",    "Adams",    "Baker",    "Nelson",  "Carter",  "Mitchell", "Roberts", "Turner",
    "Phillips", "Campbell", "Parker",   "Evans",   "Edwards", "Collins",  "O'Brien", "Murphy",
    "Cook",     "Rogers",   "Morgan",   "Cooper",  "Reed",
});

}  // namespace

std::span<const std::string_view> first_names(Language language) {
  if (language == Language::french) return french_first;
  return english_first;
}

std::span<const std::string_view> last_names(Language language) {
  if (language == Language::french) return french_last;
  return english_last;
}

}  // namespace leakfs::sample
