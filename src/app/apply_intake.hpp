// Takes raw webhooks from the intake, in order, into conversations.
//
// A batch is one transaction together with what says that it is applied. When it fails, its rows are tried one by one;
// a row that fails three times is set aside with its bytes, in the transaction that takes it out of the intake.
#pragma once

#include "app/ports/messenger.hpp"
#include "app/ports/storage.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace okno {

// Null when there is no messenger of that name.
using FindMessenger = std::function<const Messenger*(std::string_view name)>;

// Rows of a batch when nothing else is to be considered: a commit costs the disk the same for one as for many, and
// whoever sends a message meanwhile waits for the whole of it.
inline constexpr int webhooks_in_batch = 1000;

class IntakeWorker {
public:
    // All must live as long as the worker.
    IntakeWorker(Store& store, Intake& intake, FindMessenger find);

    // Applies up to about `limit` rows and says how many it moved past. Blocks: runs on a worker thread. Throws when
    // the ground gave way (disk, queue); nothing is lost then, the next call begins at the same row.
    int run_once(int limit);
    // Whether the last call found more than it moved past.
    bool has_more() const { return !next_.rows.empty(); }

    // Applies a row that was set aside again, at the time it was received. False when there is no such row.
    bool replay(WorkspaceId workspace, ChannelId channel, std::int64_t number);

private:
    struct Batch {
        std::vector<IntakeRow> rows;
        std::vector<std::optional<ParsedWebhook>> parsed;  // of each row; empty: not yet
        std::map<ChannelId, const Messenger*> messengers;
        bool is_full = false;
    };

    std::optional<ParsedWebhook> parsed_already(const IntakeRow& row) const;
    Batch read(int limit, const std::vector<IntakeRow>& in_hand);
    void apply(StoreSession& session, Batch& batch);
    void apply_alone(const IntakeRow& row);

    Store& store_;
    Intake& intake_;
    FindMessenger find_;
    Batch next_;
    std::map<ChannelId, const Messenger*> messenger_of_;  // a channel's never changes
};

// Applies one webhook. An entry for another channel counts only when that channel's own secret verifies the same
// bytes; otherwise, and when it cannot be read, it is set aside. False when it held nothing at all.
bool apply_webhook(StoreSession& session, const FindMessenger& find, const std::vector<Channel>& channels,
                   const IntakeRow& row);

}  // namespace okno
