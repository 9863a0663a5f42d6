// Takes raw webhooks from the intake, in order, into conversations.
//
// A batch is one transaction together with what says that it is applied. When it fails, its rows are tried one by one;
// a row that fails three times is set aside with its bytes, in the transaction that takes it out of the intake.
#pragma once

#include "app/ports/messenger.hpp"
#include "app/ports/storage.hpp"

#include <functional>
#include <string_view>

namespace okno {

// Null when there is no messenger of that name.
using FindMessenger = std::function<const Messenger*(std::string_view name)>;

class IntakeWorker {
public:
    // All must live as long as the worker.
    IntakeWorker(Store& store, Intake& intake, FindMessenger find);

    // Applies up to `limit` rows and says how many it moved past. Blocks: runs on a worker thread. Throws when
    // the ground gave way (disk, queue); nothing is lost then, the next call begins at the same row.
    int run_once(int limit);

    // Applies a row that was set aside again, at the time it was received. False when there is no such row.
    bool replay(WorkspaceId workspace, ChannelId channel, std::int64_t number);

private:
    void apply_alone(const IntakeRow& row);

    Store& store_;
    Intake& intake_;
    FindMessenger find_;
};

// Applies one webhook. An entry for another channel counts only when that channel's own secret verifies the same
// bytes; otherwise, and when it cannot be read, it is set aside. False when it held nothing at all.
bool apply_webhook(StoreSession& session, const FindMessenger& find, const std::vector<Channel>& channels,
                   const IntakeRow& row);

}  // namespace okno
