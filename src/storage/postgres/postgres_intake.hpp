// The intake in PostgreSQL: a webhook is acknowledged when it is committed there, and its row is deleted in the
// transaction that applies it. It is never skipped by its number: numbers commit out of order.
//
// While the server is away webhooks are committed to a file on this machine and acknowledged; they are delivered in
// order, each once, when it is back, before any that come later.
#pragma once

#include "app/ports/ownership.hpp"
#include "storage/postgres/connector.hpp"
#include "storage/sqlite/webhook_file.hpp"

namespace okno::storage {

class PostgresIntake final : public Intake {
public:
    // Both must live as long as the intake. `spool` is made when it is absent. `arrived` is told, on a thread of the
    // intake, when webhooks of the spool were delivered.
    PostgresIntake(Connector& connector, const Ownership& ownership, const std::filesystem::path& spool,
                   std::function<void()> arrived);
    // Finishes what is queued; what cannot be delivered stays in the spool.
    ~PostgresIntake() override;

    void append(IntakeRow row, std::function<void(std::exception_ptr)> done) override;
    // Of the partitions that are this process's.
    std::vector<IntakeRow> waiting(int limit) override;
    // Throws StoreUnavailable when another process applied one of them.
    void mark_applied(StoreSession& session, const std::vector<IntakeRow>& rows) override;
    // Nothing: what is applied is gone.
    void prune(Timestamp) override {}
    // Of those that came to this process since it started.
    std::vector<IntakeRow> recent(ChannelId channel, int limit) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
