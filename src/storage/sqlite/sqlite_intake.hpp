// The intake of one machine: a file of webhooks, and in okno.db how far it is applied.
#pragma once

#include "storage/sqlite/webhook_file.hpp"

namespace okno::storage {

class SqliteIntake final : public Intake {
public:
    // `store` holds how far the file is applied, and must live until the last call.
    SqliteIntake(const std::filesystem::path& file, Store& store) : file_(file), store_(store) {}

    void append(IntakeRow row, std::function<void(std::exception_ptr)> done) override;
    std::vector<IntakeRow> waiting(int limit) override;
    void mark_applied(StoreSession& session, const std::vector<IntakeRow>& rows) override;
    void prune(Timestamp before) override;
    std::vector<IntakeRow> recent(ChannelId channel, int limit) override { return file_.recent(channel, limit); }

private:
    std::int64_t applied_in(StoreSession& session) const;

    WebhookFile file_;
    Store& store_;
};

}  // namespace okno::storage
