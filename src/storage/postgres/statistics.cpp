#include "storage/postgres/statistics.hpp"

namespace okno::storage {

constexpr auto between_looks = std::chrono::seconds(5);

void Statistics::refresh(PostgresDatabase& database) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return;
    next_look_ = now + between_looks;
    const auto grown = database.rows(
        "SELECT format('%I.%I', t.schemaname, t.relname) FROM pg_stat_user_tables t JOIN pg_class c ON c.oid=t.relid"
        " WHERE t.schemaname=current_schema() AND pg_has_role(c.relowner, 'USAGE') AND"
        " t.n_mod_since_analyze>200+t.n_live_tup/2 ORDER BY 1",
        [](const Row& row) { return row.text(0); });
    for (const std::string& table : grown)
        database.script("ANALYZE " + table);
}

}  // namespace okno::storage
