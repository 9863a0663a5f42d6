// What waits to leave, and what came before the message it speaks of.
#include "storage/sql_transaction.hpp"

namespace okno::storage {

void SqlTransaction::enqueue(const OutboxRow& row, Timestamp due) {
    sql_.exec(
        "INSERT INTO outbox (workspace_id, delivery_id, channel_id, conversation_id, message_id, part, tries,"
        " body, queued_at, due_at, is_sending) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,0)",
        workspace_, row.delivery, row.channel, row.conversation, row.message, row.part, row.tries, row.text,
        row.queued_at, due);
}

void SqlTransaction::postpone(DeliveryId delivery, int tries, Timestamp due) {
    sql_.exec("UPDATE outbox SET is_sending=0, tries=$3, due_at=$4 WHERE workspace_id=$1 AND delivery_id=$2",
              workspace_, delivery, tries, due);
}

void SqlTransaction::hurry(ChannelId channel, Timestamp now) {
    sql_.exec("UPDATE outbox SET due_at=$3 WHERE workspace_id=$1 AND channel_id=$2 AND due_at>$3", workspace_, channel,
              now);
}

void SqlTransaction::remove_from_outbox(DeliveryId delivery) {
    sql_.exec("DELETE FROM outbox WHERE workspace_id=$1 AND delivery_id=$2", workspace_, delivery);
}

void SqlTransaction::keep_waiting(ChannelId channel, const std::string& target, const std::string& event,
                                  Timestamp now) {
    sql_.exec(
        "INSERT INTO waiting_events (workspace_id, id, channel_id, target_hash, event, arrived_at)"
        " VALUES ($1,$2,$3,$4,$5,$6)",
        workspace_, make_uuid(), channel, Blob{short_hash(target)}, event, now);
}

std::vector<std::string> SqlTransaction::take_waiting(ChannelId channel, const std::string& target) {
    const Blob hash{short_hash(target)};
    auto events = sql_.rows(
        "SELECT event FROM waiting_events WHERE workspace_id=$1 AND channel_id=$2 AND"
        " target_hash=$3 ORDER BY id",
        [](const Row& row) { return row.text(0); }, workspace_, channel, hash);
    if (!events.empty())
        sql_.exec("DELETE FROM waiting_events WHERE workspace_id=$1 AND channel_id=$2 AND target_hash=$3", workspace_,
                  channel, hash);
    return events;
}

}  // namespace okno::storage
