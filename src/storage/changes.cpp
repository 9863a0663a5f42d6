#include "storage/sql_transaction.hpp"

#include <set>

namespace okno::storage {

void SqlTransaction::note_change(const std::string& type, const Uuid& object) { noted_.emplace_back(type, object); }

// The counter's row is the lock on PostgreSQL, so that the order of numbers is the order of commits there too.
bool SqlTransaction::number_changes() {
    std::set<std::pair<std::string, Uuid>> seen;
    std::vector<std::pair<std::string, Uuid>> once;
    for (const auto& change : noted_)
        if (seen.insert(change).second) once.push_back(change);
    noted_.clear();
    if (once.empty()) return false;
    const auto count = static_cast<std::int64_t>(once.size());
    const auto last = sql_.first(
        "UPDATE workspaces SET change_seq = change_seq + $2 WHERE id=$1 RETURNING change_seq",
        [](const Row& row) { return row.integer(0); }, workspace_, count);
    std::int64_t seq = last.value_or(count) - count;
    const Timestamp now = Clock::real_now();
    for (const auto& [type, object] : once) {
        const std::vector<SqlValue> values{sql(workspace_), sql(++seq), sql(type), sql(object), sql(now)};
        const bool is_aside = sql_.put_aside(
            "INSERT INTO changes (workspace_id, seq, type, object_id, noted_at)"
            " SELECT * FROM unnest($1::uuid[], $2::int8[], $3::text[], $4::uuid[], $5::int8[])",
            object, values);
        if (!is_aside)
            sql_.run("INSERT INTO changes (workspace_id, seq, type, object_id, noted_at) VALUES ($1,$2,$3,$4,$5)",
                     values, {});
    }
    return true;
}

std::vector<Change> SqlTransaction::changes_after(std::int64_t seq, int limit) {
    return sql_.rows(
        "SELECT seq, type, object_id FROM changes WHERE workspace_id=$1 AND seq>$2 ORDER BY seq LIMIT $3",
        [](const Row& row) { return Change{row.integer(0), row.text(1), row.uuid(2)}; }, workspace_, seq, limit);
}

std::int64_t SqlTransaction::last_seq() {
    return sql_
        .first(
            "SELECT change_seq FROM workspaces WHERE id=$1", [](const Row& row) { return row.integer(0); }, workspace_)
        .value_or(0);
}

std::int64_t SqlTransaction::oldest_seq() {
    const auto kept = sql_.first(
        "SELECT min(seq) FROM changes WHERE workspace_id=$1",
        [](const Row& row) { return row.is_null(0) ? std::nullopt : std::optional(row.integer(0)); }, workspace_);
    return kept && *kept ? **kept : last_seq() + 1;
}

}  // namespace okno::storage
