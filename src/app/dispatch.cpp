#include "app/dispatch.hpp"

#include "app/record_events.hpp"
#include "domain/retry_schedule.hpp"

#include <algorithm>

namespace okno {

static constexpr auto expires_after = std::chrono::hours{24};
static constexpr auto broken_channel_pause = std::chrono::seconds{30};

static std::optional<Delivery> delivery_of(Transaction& tx, const OutboxRow& row) {
    const auto deliveries = tx.deliveries(row.message);
    const auto found = std::ranges::find(deliveries, row.delivery, &Delivery::id);
    return found == deliveries.end() ? std::nullopt : std::optional(*found);
}

static void set_status(Transaction& tx, const OutboxRow& row, MessageStatus status, Timestamp now,
                       const std::string& code = "", const std::string& reason = "") {
    auto delivery = delivery_of(tx, row);
    if (!delivery) return;
    delivery->status = advance(delivery->status, status);
    auto& time = delivery->status_times[static_cast<std::size_t>(status)];
    if (!time) time = now;
    delivery->error_code = code;
    delivery->error_message = reason;
    tx.save_delivery(row.channel, *delivery);
}

// This part will not leave; nor will the parts behind it, which would be a text without its beginning.
static void fail_message(Transaction& tx, const OutboxRow& row, Timestamp now, const std::string& code,
                         const std::string& reason) {
    set_status(tx, row, MessageStatus::failed, now, code, reason);
    tx.remove_from_outbox(row.delivery);
    for (Delivery& delivery : tx.deliveries(row.message)) {
        if (delivery.status != MessageStatus::queued || delivery.part <= row.part) continue;
        delivery.status = MessageStatus::failed;
        delivery.status_times[static_cast<std::size_t>(MessageStatus::failed)] = now;
        delivery.error_code = code;
        delivery.error_message = reason;
        tx.save_delivery(row.channel, delivery);
        tx.remove_from_outbox(delivery.id);
    }
    refresh_message(tx, row.message);
}

static bool is_window_closed(const Messenger& messenger, const Conversation& conversation, const Message& message,
                             Timestamp now) {
    if (message.type == "template" && messenger.traits().has_templates) return false;
    return check_reply_window(messenger.traits(), conversation.window_closes_at, message.author.kind, now) !=
           ReplyVerdict::free_text;
}

static OutboundMessage ready_to_leave(Transaction& tx, const OutboxRow& row, const Message& message,
                                      const Conversation& conversation) {
    OutboundMessage out;
    out.type = message.type;
    out.text = row.text;
    out.content = message.content;
    out.to = tx.addresses_of(conversation.identity);
    out.reference = row.delivery.value().text();
    if (message.reply_to && row.part == 0)
        if (const auto quoted = tx.message(*message.reply_to)) out.reply_to = quoted->provider_id;
    return out;
}

static std::optional<Leaving> take(StoreSession& session, const FindMessenger& find, const OutboxRow& row,
                                   Timestamp now) {
    Transaction& tx = session.in(row.workspace);
    const auto message = tx.message(row.message);
    const auto conversation = tx.conversation(row.conversation, std::nullopt);
    const auto channel = tx.channel(row.channel);
    const Messenger* messenger = channel ? find(channel->messenger) : nullptr;
    if (!message || !conversation || messenger == nullptr) {
        tx.remove_from_outbox(row.delivery);
        return std::nullopt;
    }
    if (now - row.queued_at >= expires_after) {
        fail_message(tx, row, now, "expired",
                     "It waited for 24 hours and could not leave. Send it again if it still matters.");
        return std::nullopt;
    }
    if (is_window_closed(*messenger, *conversation, *message, now)) {
        fail_message(tx, row, now, "window_closed",
                     "The customer's reply window closed before it could leave. Send an approved template.");
        return std::nullopt;
    }
    if (channel->state == ChannelState::broken) {
        tx.postpone(row.delivery, row.tries, now + broken_channel_pause);
        return std::nullopt;
    }
    session.mark_sending(row);
    set_status(tx, row, MessageStatus::sending, now);
    refresh_message(tx, row.message);
    return Leaving{row, *channel, messenger, ready_to_leave(tx, row, *message, *conversation)};
}

std::vector<Leaving> take_due(StoreSession& session, const FindMessenger& find, Timestamp now, int limit) {
    std::vector<Leaving> out;
    for (const OutboxRow& row : session.due(now, limit))
        if (auto leaving = take(session, find, row, now)) out.push_back(std::move(*leaving));
    return out;
}

static void note_accepted(Transaction& tx, const Leaving& leaving, const Accepted& accepted, Timestamp now) {
    set_status(tx, leaving.row, MessageStatus::sent, now);
    if (auto delivery = delivery_of(tx, leaving.row)) {
        delivery->provider_id = accepted.id;
        tx.save_delivery(leaving.row.channel, *delivery);
    }
    tx.remove_from_outbox(leaving.row.delivery);
    refresh_message(tx, leaving.row.message);
    apply_waiting(tx, leaving.channel, leaving.messenger->traits(), accepted.id, now);
}

static void note_later(Transaction& tx, const Leaving& leaving, const RetryLater& later, Timestamp now, double jitter) {
    const int tries = leaving.row.tries + 1;
    if (later.max_tries > 0 && tries >= later.max_tries) {
        fail_message(tx, leaving.row, now, "provider_unavailable", later.reason);
        return;
    }
    auto delivery = delivery_of(tx, leaving.row);
    // A report that came meanwhile proves that it left after all.
    if (!delivery || delivery->status > MessageStatus::sending) return;
    delivery->status = MessageStatus::queued;
    tx.save_delivery(leaving.row.channel, *delivery);
    tx.postpone(leaving.row.delivery, tries, now + retry_delay(later.after, tries, jitter));
    refresh_message(tx, leaving.row.message);
}

static void note_rejected(Transaction& tx, const Leaving& leaving, const Rejected& rejected, Timestamp now) {
    fail_message(tx, leaving.row, now, rejected.code, rejected.detail);
    if (rejected.closes_window) {
        auto conversation = tx.conversation(leaving.row.conversation, std::nullopt);
        if (conversation) {
            conversation->window_closes_at = now;
            tx.save_conversation(*conversation);
            tx.note_change("conversation", conversation->id.value());
        }
    }
    if (rejected.breaks_channel) {
        auto channel = tx.channel(leaving.row.channel);
        if (!channel) return;
        channel->state = ChannelState::broken;
        channel->state_reason = rejected.detail;
        tx.save_channel(*channel);
        tx.note_change("channel", channel->id.value());
    }
}

void note_outcome(StoreSession& session, const Leaving& leaving, const SendOutcome& outcome, Timestamp now,
                  double jitter) {
    Transaction& tx = session.in(leaving.row.workspace);
    if (const auto* accepted = std::get_if<Accepted>(&outcome)) {
        note_accepted(tx, leaving, *accepted, now);
    } else if (const auto* later = std::get_if<RetryLater>(&outcome)) {
        note_later(tx, leaving, *later, now, jitter);
    } else if (const auto* rejected = std::get_if<Rejected>(&outcome)) {
        note_rejected(tx, leaving, *rejected, now);
    } else if (const auto* unanswered = std::get_if<Unanswered>(&outcome)) {
        set_status(tx, leaving.row, MessageStatus::unknown, now, "no_answer", unanswered->reason);
        tx.remove_from_outbox(leaving.row.delivery);
        refresh_message(tx, leaving.row.message);
    }
}

int settle_left_in_flight(StoreSession& session, Timestamp now) {
    const std::vector<OutboxRow> rows = session.left_in_flight();
    for (const OutboxRow& row : rows) {
        Transaction& tx = session.in(row.workspace);
        set_status(tx, row, MessageStatus::unknown, now, "no_answer",
                   "Okno stopped while it was leaving: it may have arrived.");
        tx.remove_from_outbox(row.delivery);
        refresh_message(tx, row.message);
    }
    return static_cast<int>(rows.size());
}

}  // namespace okno
