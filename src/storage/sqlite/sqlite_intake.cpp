#include "storage/sqlite/sqlite_intake.hpp"

#include "storage/sql_session.hpp"

#include <future>

namespace okno::storage {

void SqliteIntake::append(IntakeRow row, std::function<void(std::exception_ptr)> done) {
    file_.append(std::move(row), std::move(done));
}

// A position of another file says nothing of this one.
std::int64_t SqliteIntake::applied_in(StoreSession& session) const {
    const auto [generation, number] = static_cast<SqlSession&>(session).intake_position();
    return generation == file_.generation() ? number : 0;
}

std::vector<IntakeRow> SqliteIntake::waiting(int limit) {
    std::promise<void> known;
    std::int64_t applied = 0;
    store_.read([&](StoreSession& session) { applied = applied_in(session); },
                [&](std::exception_ptr error) { error ? known.set_exception(error) : known.set_value(); });
    known.get_future().get();
    return file_.rows_after(applied, limit);
}

void SqliteIntake::mark_applied(StoreSession& session, const std::vector<IntakeRow>& rows) {
    static_cast<SqlSession&>(session).set_intake_position(file_.generation(), rows.back().number);
}

void SqliteIntake::prune(Timestamp before) {
    auto applied = std::make_shared<std::int64_t>(0);
    store_.read([this, applied](StoreSession& session) { *applied = applied_in(session); },
                [this, applied, before](std::exception_ptr error) {
                    if (!error && *applied > 0) file_.prune(*applied, before);
                });
}

}  // namespace okno::storage
