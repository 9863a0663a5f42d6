// Raw webhooks in a file, committed in groups before they are acknowledged. One table, no secondary index. Beside
// okno.db it is the intake (intake.db); beside PostgreSQL it keeps what comes while the server is away (spool.db).
#pragma once

#include "app/ports/storage.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace okno::storage {

class WebhookFile {
public:
    explicit WebhookFile(const std::filesystem::path& file);
    // Finishes what is queued.
    ~WebhookFile();

    // `done` gets null once the bytes are durable; a full queue ends in StoreBusy: the provider then repeats the
    // webhook.
    void append(IntakeRow row, std::function<void(std::exception_ptr)> done);
    // In order, as many as `limit` and 8 MiB allow (one at least). Their `workspace` is not kept.
    std::vector<IntakeRow> rows_after(std::int64_t number, int limit);
    // Those of the channel among the newest few thousand, newest first, as many as `limit` and 8 MiB allow. Their
    // `workspace` is not kept.
    std::vector<IntakeRow> recent(ChannelId channel, int limit);
    // Random name of this file; changes when it is replaced or emptied.
    const std::string& generation() const;
    // Removes rows up to `applied` that were received before `before`, in time.
    void prune(std::int64_t applied, Timestamp before);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::storage
