#include "app/disconnect.hpp"

#include "app/change_message.hpp"
#include "app/record_events.hpp"

namespace okno {

static void fail_queued(Transaction& tx, const OutboxRow& row, Timestamp now) {
    tx.lock_conversation(row.conversation);
    if (row.change)
        return fail_change(tx, row, "channel_gone", "The channel was disconnected before the change could leave.");
    for (Delivery delivery : tx.deliveries(row.message)) {
        if (delivery.id != row.delivery) continue;
        // What is leaving just now may still arrive: its outcome can no longer be asked for.
        const bool is_leaving = delivery.status == MessageStatus::sending;
        delivery.status = advance(delivery.status, is_leaving ? MessageStatus::unknown : MessageStatus::failed);
        auto& time = delivery.status_times[static_cast<std::size_t>(delivery.status)];
        if (!time) time = now;
        delivery.error_code = "channel_gone";
        delivery.error_message = "The channel was disconnected before it could leave.";
        tx.save_delivery(row.channel, delivery);
    }
    refresh_message(tx, row.channel, row.message);
}

bool disconnect(Transaction& tx, ChannelId id, Timestamp now) {
    tx.lock_channel(id);
    if (!tx.channel(id)) return false;
    for (const OutboxRow& row : tx.outbox_of(id))
        fail_queued(tx, row, now);
    tx.delete_channel(id);
    tx.note_change("channel", id.value());
    return true;
}

}  // namespace okno
