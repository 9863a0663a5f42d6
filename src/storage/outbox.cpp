// What waits to leave, and what came before the message it speaks of.
#include "storage/outbox_rows.hpp"
#include "storage/sql_transaction.hpp"

namespace okno::storage {

const std::string outbox_columns =
    "SELECT o.workspace_id, o.channel_id, o.conversation_id, o.delivery_id, o.message_id, o.part, o.tries, o.body,"
    " o.queued_at, o.epoch, o.change_kind, o.is_sending FROM outbox o";

static int code_of(std::optional<ChangeKind> change) {
    if (!change) return 0;
    return *change == ChangeKind::edit ? 1 : 2;
}

static std::optional<ChangeKind> change_of(std::int64_t code) {
    if (code == 0) return std::nullopt;
    return code == 1 ? ChangeKind::edit : ChangeKind::remove;
}

OutboxRow read_outbox(const Row& row) {
    OutboxRow out;
    out.workspace = WorkspaceId{row.uuid(0)};
    out.channel = ChannelId{row.uuid(1)};
    out.conversation = ConversationId{row.uuid(2)};
    out.delivery = DeliveryId{row.uuid(3)};
    out.message = MessageId{row.uuid(4)};
    out.part = static_cast<int>(row.integer(5));
    out.tries = static_cast<int>(row.integer(6));
    out.text = row.text(7);
    out.queued_at = row.time(8);
    out.epoch = row.integer(9);
    out.change = change_of(row.integer(10));
    out.is_sending = row.integer(11) != 0;
    return out;
}

void SqlTransaction::enqueue(const OutboxRow& row) {
    sql_.exec(
        "INSERT INTO outbox (workspace_id, delivery_id, channel_id, conversation_id, message_id, part, tries,"
        " body, queued_at, due_at, is_sending, change_kind) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,0,0,$10)",
        workspace_, row.delivery, row.channel, row.conversation, row.message, row.part, row.tries, row.text,
        row.queued_at, code_of(row.change));
}

void SqlTransaction::postpone(DeliveryId delivery, int tries, Timestamp due) {
    sql_.exec("UPDATE outbox SET is_sending=0, epoch=0, tries=$3, due_at=$4 WHERE workspace_id=$1 AND delivery_id=$2",
              workspace_, delivery, tries, due);
}

std::vector<OutboxRow> SqlTransaction::outbox_of(ChannelId channel) {
    return sql_.rows(
        outbox_columns + " WHERE o.workspace_id=$1 AND o.channel_id=$2 ORDER BY o.queued_at, o.delivery_id",
        read_outbox, workspace_, channel);
}

std::vector<OutboxRow> SqlTransaction::changes_of(const Message& message) {
    return sql_.rows(outbox_columns +
                         " WHERE o.workspace_id=$1 AND o.conversation_id=$2 AND o.message_id=$3 AND o.change_kind<>0"
                         " ORDER BY o.queued_at, o.delivery_id",
                     read_outbox, workspace_, message.conversation, message.id);
}

void SqlTransaction::hurry(ChannelId channel, Timestamp now) {
    sql_.exec("UPDATE outbox SET due_at=$3 WHERE workspace_id=$1 AND channel_id=$2 AND due_at>$3", workspace_, channel,
              now);
}

void SqlTransaction::remove_from_outbox(DeliveryId delivery) {
    const bool is_aside =
        ahead_ && sql_.put_aside(
                      "DELETE FROM outbox o USING unnest($1::uuid[], $2::uuid[]) v(workspace, delivery) WHERE"
                      " o.workspace_id=v.workspace AND o.delivery_id=v.delivery",
                      delivery.value(), {sql(workspace_), sql(delivery)});
    if (is_aside) return;
    sql_.exec("DELETE FROM outbox WHERE workspace_id=$1 AND delivery_id=$2", workspace_, delivery);
}

void SqlTransaction::keep_waiting(ChannelId channel, const std::string& target, const std::string& event,
                                  Timestamp now) {
    if (ahead_) ahead_->waiting.insert({channel, short_hash(target)});
    sql_.exec(
        "INSERT INTO waiting_events (workspace_id, id, channel_id, target_hash, event, arrived_at)"
        " VALUES ($1,$2,$3,$4,$5,$6)",
        workspace_, make_uuid(), channel, Blob{short_hash(target)}, event, now);
}

std::vector<std::string> SqlTransaction::take_waiting(ChannelId channel, const std::string& target) {
    const Blob hash{short_hash(target)};
    if (ahead_ && ahead_->waits_for_nothing({channel, hash.bytes})) return {};
    auto events = sql_.rows(
        "SELECT event FROM waiting_events WHERE workspace_id=$1 AND channel_id=$2 AND"
        " target_hash=$3 ORDER BY id",
        [](const Row& row) { return row.text(0); }, workspace_, channel, hash);
    if (!events.empty())
        sql_.exec("DELETE FROM waiting_events WHERE workspace_id=$1 AND channel_id=$2 AND target_hash=$3", workspace_,
                  channel, hash);
    return events;
}

void SqlTransaction::remove_waiting(const WaitingEvent& event) {
    sql_.exec("DELETE FROM waiting_events WHERE workspace_id=$1 AND id=$2", workspace_, event.id);
}

bool SqlTransaction::note_message_change(ChannelId channel, const MessageChange& change, Timestamp happened_at) {
    const Blob target{short_hash(change.target.value())};
    const auto kind = static_cast<int>(change.kind);
    const bool is_new = sql_.exec(
                            "INSERT INTO message_changes (workspace_id, channel_id, hash, target_hash, kind,"
                            " happened_at) VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING",
                            workspace_, channel, Blob{short_hash(change.key)}, target, kind, happened_at) > 0;
    if (!is_new) return false;
    return !sql_.first(
                    "SELECT 1 FROM message_changes WHERE workspace_id=$1 AND channel_id=$2 AND target_hash=$3 AND"
                    " kind=$4 AND happened_at>$5 LIMIT 1",
                    [](const Row&) { return true; }, workspace_, channel, target, kind, happened_at)
                .has_value();
}

}  // namespace okno::storage
