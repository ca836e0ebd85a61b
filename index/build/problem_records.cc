// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/problem_records.h"

#include <memory>

#include "index/store/records.h"

namespace leakfs::build {

Result<void> write_problems(const std::vector<Problem>& problems, store::TableWriter& tables) {
  records::ProblemsT record;
  for (const Problem& problem : problems) {
    auto packed = std::make_unique<records::ProblemT>();
    packed->source = problem.source;
    packed->offset = problem.offset;
    packed->kind = problem.kind;
    packed->detail = problem.detail;
    packed->is_loss = problem.is_loss;
    record.list.push_back(std::move(packed));
  }
  return tables.append(store::Table::meta, store::problems_key,
                       store::encode<records::Problems>(record));
}

Result<std::vector<Problem>> read_problems(const store::Snapshot& index) {
  const store::Record<records::Problems> record = TRY(index.problems());
  std::vector<Problem> problems;
  if (record->list() == nullptr) return problems;
  for (const records::Problem* problem : *record->list()) {
    problems.push_back({.source = std::string(store::text_of(problem->source())),
                        .offset = problem->offset(),
                        .kind = std::string(store::text_of(problem->kind())),
                        .detail = std::string(store::text_of(problem->detail())),
                        .is_loss = problem->is_loss()});
  }
  return problems;
}

}  // namespace leakfs::build
