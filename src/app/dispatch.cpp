#include "app/dispatch.hpp"

#include "app/change_message.hpp"
#include "app/check_policy.hpp"
#include "app/record_events.hpp"
#include "domain/retry_schedule.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace okno {

static constexpr auto expires_after = std::chrono::hours{24};
static constexpr auto stopped_channel_pause = std::chrono::seconds{30};
static constexpr int most_looked_at = 500;  // rows of a channel in one commit

// The larger half and so on, so that a single place is not lost to division.
static int share_of(int places, std::size_t sharers) {
    const int count = static_cast<int>(sharers);
    return places / count + (places % count > 0 ? 1 : 0);
}

static std::optional<Delivery> delivery_of(Transaction& tx, const OutboxRow& row) {
    const auto deliveries = tx.deliveries(row.message);
    const auto found = std::ranges::find(deliveries, row.delivery, &Delivery::id);
    return found == deliveries.end() ? std::nullopt : std::optional(*found);
}

static void mark(Delivery& delivery, MessageStatus status, Timestamp now, const std::string& code = "",
                 const std::string& reason = "") {
    auto& time = delivery.status_times[static_cast<std::size_t>(status)];
    if (!time) time = now;
    if (advance(delivery.status, status) == delivery.status) return;
    delivery.status = status;
    delivery.error_code = code;
    delivery.error_message = reason;
}

static void set_status(Transaction& tx, const OutboxRow& row, MessageStatus status, Timestamp now,
                       const std::string& code = "", const std::string& reason = "") {
    auto delivery = delivery_of(tx, row);
    if (!delivery) return;
    mark(*delivery, status, now, code, reason);
    tx.save_delivery(row.channel, *delivery);
}

// This part will not leave; nor will the parts behind it, which would be a text without its beginning.
static void fail_message(Transaction& tx, const OutboxRow& row, Timestamp now, const std::string& code,
                         const std::string& reason) {
    set_status(tx, row, MessageStatus::failed, now, code, reason);
    tx.remove_from_outbox(row.delivery);
    if (const auto failed = delivery_of(tx, row)) fail_parts_behind(tx, row.channel, *failed, now);
    refresh_message(tx, row.channel, row.message);
}

static bool is_window_closed(const Messenger& messenger, const Conversation& conversation, const Message& message,
                             Timestamp now) {
    if (message.type == "template" && messenger.traits().has_templates) return false;
    return check_reply_window(messenger.traits(), conversation.window_closes_at, message.author.kind, now) !=
           ReplyVerdict::free_text;
}

static OutboundMessage ready_to_leave(Transaction& tx, const OutboxRow& row, const Message& message,
                                      const Conversation& conversation, const MessengerTraits& traits, Timestamp now) {
    OutboundMessage out;
    out.type = message.type;
    out.text = row.text;
    out.content = message.content;
    out.to = tx.addresses_of(conversation.identity);
    out.reference = row.delivery.value().text();
    out.is_late = traits.person_window && message.author.kind == AuthorKind::person && message.type != "template" &&
                  conversation.window_closes_at && now >= *conversation.window_closes_at;
    if (message.type != "text")
        for (const Media& media : tx.media_of(message.id))
            if (!media.sha256.empty())
                out.file = OutboundFile{media.sha256, {}, media.name, media.mime, media.size, media.id};
    if (message.reply_to && row.part == 0)
        if (const auto quoted = tx.message(*message.reply_to)) out.reply_to = quoted->provider_id;
    return out;
}

// Whether it may leave at all; what may not fails here, with the reason.
static bool may_leave(Transaction& tx, const OutboxRow& row, const Channel& channel, const Messenger& messenger,
                      const Message& message, const Conversation& conversation, Timestamp now) {
    const PlannedMessage planned{message.purpose, message.is_broadcast};
    if (const auto error = refused_by_policy(tx, messenger, channel, conversation.id, planned)) {
        fail_message(tx, row, now, error->code, error->detail);
        return false;
    }
    if (is_window_closed(messenger, conversation, message, now)) {
        fail_message(tx, row, now, "window_closed",
                     "The customer's reply window closed before it could leave. Send an approved template.");
        return false;
    }
    if (conversation.blocked_at) {
        fail_message(tx, row, now, "person_blocked", "The person takes no messages from this channel any more.");
        return false;
    }
    if (now - row.queued_at >= expires_after) {
        fail_message(tx, row, now, "expired",
                     "It waited for 24 hours and could not leave. Send it again if it still matters.");
        return false;
    }
    return true;
}

static bool may_send(const Channel& channel) {
    return channel.state == ChannelState::connected || channel.state == ChannelState::connecting;
}

// In the order of the parts; made one after the other, and from the first again when one of them has to wait.
static std::vector<OutboundChange> changes_to_leave(Transaction& tx, const OutboxRow& row, const Message& message,
                                                    const Conversation& conversation) {
    std::vector<OutboundChange> out;
    for (const ProviderMessageId& name : names_at_provider(tx.deliveries(message.id)))
        out.push_back({*row.change, name, message.type, row.text, tx.addresses_of(conversation.identity)});
    return out;
}

// As `may_leave`; the channel's rules are about messages and not asked.
static bool may_change(Transaction& tx, const OutboxRow& row, const Messenger& messenger, Timestamp now) {
    const auto error = change_refused(tx, row, messenger, now);
    if (error) fail_change(tx, row, error->code, error->detail);
    return !error;
}

// What may leave now, as it was found.
struct Ready {
    Message message;
    Conversation conversation;
};

// What may not leave yet is postponed here, what may never leave fails.
static std::optional<Ready> ready(Transaction& tx, const Channel& channel, const Messenger& messenger,
                                  const OutboxRow& row, Timestamp now, const Pace& pace) {
    tx.lock_conversation(row.conversation);
    const auto message = tx.message(row.message);
    const auto conversation = tx.conversation(row.conversation, std::nullopt);
    if (!message || !conversation) {
        tx.remove_from_outbox(row.delivery);
        return std::nullopt;
    }
    const bool may = row.change ? may_change(tx, row, messenger, now)
                                : may_leave(tx, row, channel, messenger, *message, *conversation, now);
    if (!may) return std::nullopt;
    if (!may_send(channel)) {
        tx.postpone(row.delivery, row.tries, now + stopped_channel_pause);
        return std::nullopt;
    }
    if (!row.change && channel.policy.hours && !is_open(*channel.policy.hours, now)) {
        // Not beyond its end: it is told as soon as it is certain that it will not leave.
        const Timestamp opens = next_opening(*channel.policy.hours, now);
        tx.postpone(row.delivery, row.tries, std::min(opens, row.queued_at + expires_after));
        return std::nullopt;
    }
    const auto wait = pace.wait_for_person ? pace.wait_for_person(conversation->identity, messenger.traits()) : 0ms;
    if (wait > 0ms) {
        tx.postpone(row.delivery, row.tries, now + wait);
        return std::nullopt;
    }
    return Ready{*message, *conversation};
}

// Marks them, reads what leaves, and then writes: a server is asked for all of them at once.
static std::vector<Leaving> leave(StoreSession& session, const Channel& channel, const Messenger& messenger,
                                  const std::map<DeliveryId, Ready>& all, std::vector<OutboxRow> rows, Timestamp now) {
    Transaction& tx = session.in(channel.workspace);
    session.mark_sending(rows);
    std::vector<Leaving> out;
    for (OutboxRow& row : rows) {
        const auto& [message, conversation] = all.at(row.delivery);
        if (row.change) {
            auto changes = changes_to_leave(tx, row, message, conversation);
            out.push_back({std::move(row), channel, &messenger, {}, std::move(changes)});
            continue;
        }
        OutboundMessage leaving = ready_to_leave(tx, row, message, conversation, messenger.traits(), now);
        out.push_back({std::move(row), channel, &messenger, std::move(leaving)});
    }
    for (const Leaving& leaving : out) {
        if (leaving.row.change) continue;
        set_status(tx, leaving.row, MessageStatus::sending, now);
        refresh_message(tx, leaving.row.channel, leaving.row.message);
    }
    return out;
}

// Fills `out` with up to `places` parts of one channel.
static void take_of_channel(StoreSession& session, const Channel& channel, const Messenger& messenger, Timestamp now,
                            const Pace& pace, int places, std::vector<Leaving>& out) {
    Transaction& tx = session.in(channel.workspace);
    // A channel that does not send is looked through all the same: what waited too long fails there too.
    int room = may_send(channel) ? std::min(places, pace.room(channel, messenger.traits())) : most_looked_at;
    // What fails or has to wait leaves its place to the next.
    for (int looked_at = 0; room > 0 && looked_at < most_looked_at;) {
        const std::vector<OutboxRow> due = session.due(channel.workspace, channel.id, now, room);
        if (due.empty()) return;
        looked_at += static_cast<int>(due.size());
        Foreseen foreseen;
        for (const OutboxRow& row : due)
            foreseen.leaving.push_back(row.message);
        tx.read_ahead({{channel.id, std::move(foreseen)}});
        std::map<DeliveryId, Ready> all;
        std::vector<OutboxRow> rows;
        for (const OutboxRow& row : due)
            if (auto one = ready(tx, channel, messenger, row, now, pace)) {
                all.emplace(row.delivery, std::move(*one));
                rows.push_back(row);
            }
        std::vector<Leaving> taken = leave(session, channel, messenger, all, std::move(rows), now);
        room -= static_cast<int>(taken.size());
        std::ranges::move(taken, std::back_inserter(out));
    }
}

// What a stopped channel has is postponed, and hurried by whoever starts it: the two must not pass each other.
static std::optional<Channel> channel_to_take(Transaction& tx, ChannelId id) {
    auto channel = tx.channel(id);
    if (channel && !may_send(*channel) && tx.lock_channel(id)) channel = tx.channel(id);
    return channel;
}

std::vector<Leaving> take_due(StoreSession& session, const FindMessenger& find, Timestamp now, const Pace& pace) {
    std::map<WorkspaceId, std::vector<ChannelId>> due;
    for (const auto& [workspace, channel] : session.channels_with_due(now))
        due[workspace].push_back(channel);
    std::vector<Leaving> out;
    const auto left = [&] { return pace.places - static_cast<int>(out.size()); };
    // Each gets an even share of the places, and what those before it did not use; another begins each time.
    for (std::size_t i = 0; i < due.size(); ++i) {
        const auto& [workspace, channels] =
            *std::next(due.begin(), static_cast<std::ptrdiff_t>((i + pace.turn) % due.size()));
        const int all_but = left() - share_of(left(), due.size() - i);
        for (std::size_t k = 0; k < channels.size(); ++k) {
            const auto channel = channel_to_take(session.in(workspace), channels[(k + pace.turn) % channels.size()]);
            const Messenger* messenger = channel ? find(channel->messenger) : nullptr;
            if (messenger == nullptr) continue;
            take_of_channel(session, *channel, *messenger, now, pace, share_of(left() - all_but, channels.size() - k),
                            out);
        }
    }
    return out;
}

static bool names_more(const std::vector<Address>& told, const std::vector<Address>& known) {
    return std::ranges::any_of(told, [&](const Address& one) {
        return std::ranges::none_of(
            known, [&](const Address& other) { return other.kind == one.kind && other.value == one.value; });
    });
}

static void note_accepted(Transaction& tx, const Leaving& leaving, const Accepted& accepted, Timestamp now) {
    if (auto delivery = delivery_of(tx, leaving.row)) {
        mark(*delivery, MessageStatus::sent, now);
        delivery->provider_id = accepted.id;
        if (!accepted.price.empty()) delivery->price = accepted.price;
        tx.save_delivery(leaving.row.channel, *delivery);
    }
    tx.remove_from_outbox(leaving.row.delivery);
    refresh_message(tx, leaving.row.channel, leaving.row.message);
    if (names_more(accepted.addresses, leaving.message.to))
        if (const auto person = tx.identity_of(leaving.row.conversation))
            tx.learn_addresses(leaving.row.channel, *person, accepted.addresses);
    apply_waiting(tx, leaving.channel, leaving.messenger->traits(), accepted.id, now);
}

static void note_later(Transaction& tx, const Leaving& leaving, const RetryLater& later, Timestamp now, double jitter) {
    const int tries = leaving.row.tries + 1;
    auto delivery = delivery_of(tx, leaving.row);
    if (!delivery) return;
    if (!tx.channel(leaving.row.channel)) {  // disconnected meanwhile: there is nobody to try again
        fail_message(tx, leaving.row, now, "channel_gone", later.reason);
        return;
    }
    // A report that came meanwhile proves that it left after all.
    if (delivery->status > MessageStatus::sending) return;
    if (later.max_tries > 0 && tries >= later.max_tries) {
        fail_message(tx, leaving.row, now, "provider_unavailable", later.reason);
        return;
    }
    delivery->status = MessageStatus::queued;
    tx.save_delivery(leaving.row.channel, *delivery);
    tx.postpone(leaving.row.delivery, tries, now + retry_delay(later.after, later.growth, tries, jitter));
    refresh_message(tx, leaving.row.channel, leaving.row.message);
}

static void note_rejected(Transaction& tx, const Leaving& leaving, const Rejected& rejected, Timestamp now) {
    fail_message(tx, leaving.row, now, rejected.code, rejected.detail);
    if (rejected.closes_window) {
        const auto delivery = delivery_of(tx, leaving.row);
        const auto left = delivery ? delivery->status_times[static_cast<std::size_t>(MessageStatus::sending)] : now;
        close_window(tx, leaving.messenger->traits(), leaving.row.message, left.value_or(now), now);
    }
    if (rejected.blocks_person) note_blocked(tx, leaving.row.conversation, now);
    if (rejected.about_channel) record_notice(tx, leaving.row.channel, {*rejected.about_channel, rejected.detail}, now);
}

// What came of a change that may have been made: it is made again, some times.
static RetryLater made_again(const Unanswered& unanswered) {
    constexpr int most_tries = 10;
    return {.reason = unanswered.reason, .max_tries = most_tries};
}

static void note_change_later(Transaction& tx, const OutboxRow& row, const RetryLater& later, Timestamp now,
                              double jitter) {
    const int tries = row.tries + 1;
    if (!tx.channel(row.channel)) return fail_change(tx, row, "channel_gone", later.reason);
    if (later.max_tries > 0 && tries >= later.max_tries)
        return fail_change(tx, row, "provider_unavailable", later.reason);
    tx.postpone(row.delivery, tries, now + retry_delay(later.after, later.growth, tries, jitter));
}

static void note_change_outcome(Transaction& tx, const Leaving& leaving, const SendOutcome& outcome, Timestamp now,
                                double jitter) {
    const OutboxRow& row = leaving.row;
    if (std::holds_alternative<Accepted>(outcome)) {
        note_changed(tx, row, now);
    } else if (const auto* later = std::get_if<RetryLater>(&outcome)) {
        note_change_later(tx, row, *later, now, jitter);
    } else if (const auto* unanswered = std::get_if<Unanswered>(&outcome)) {
        note_change_later(tx, row, made_again(*unanswered), now, jitter);
    } else if (const auto* rejected = std::get_if<Rejected>(&outcome)) {
        fail_change(tx, row, rejected->code, rejected->detail);
        if (rejected->blocks_person) note_blocked(tx, row.conversation, now);
        if (rejected->about_channel) record_notice(tx, row.channel, {*rejected->about_channel, rejected->detail}, now);
    }
}

static bool note_outcome(StoreSession& session, const Leaving& leaving, const SendOutcome& outcome, Timestamp now,
                         double jitter) {
    if (!session.may_note(leaving.row)) return false;
    Transaction& tx = session.in(leaving.row.workspace);
    tx.lock_conversation(leaving.row.conversation);
    if (leaving.row.change) {
        note_change_outcome(tx, leaving, outcome, now, jitter);
        return true;
    }
    if (const auto* accepted = std::get_if<Accepted>(&outcome)) {
        note_accepted(tx, leaving, *accepted, now);
    } else if (const auto* later = std::get_if<RetryLater>(&outcome)) {
        note_later(tx, leaving, *later, now, jitter);
    } else if (const auto* rejected = std::get_if<Rejected>(&outcome)) {
        note_rejected(tx, leaving, *rejected, now);
    } else if (const auto* unanswered = std::get_if<Unanswered>(&outcome)) {
        set_status(tx, leaving.row, MessageStatus::unknown, now, "no_answer", unanswered->reason);
        tx.remove_from_outbox(leaving.row.delivery);
        refresh_message(tx, leaving.row.channel, leaving.row.message);
    }
    return true;
}

std::vector<bool> note_outcomes(StoreSession& session, const std::vector<Outcome>& outcomes, Timestamp now) {
    std::map<WorkspaceId, std::map<ChannelId, Foreseen>> foreseen;
    for (const Outcome& outcome : outcomes) {
        const OutboxRow& row = outcome.leaving.row;
        Foreseen& of_channel = foreseen[row.workspace][row.channel];
        of_channel.ours.push_back(row.message);
        const auto* accepted = std::get_if<Accepted>(&outcome.what);
        if (accepted == nullptr) continue;
        of_channel.names.push_back(accepted->id);
        std::ranges::copy(accepted->addresses, std::back_inserter(of_channel.told));
    }
    for (const auto& [workspace, channels] : foreseen)
        session.in(workspace).read_ahead(channels);
    std::vector<bool> noted;
    for (const Outcome& outcome : outcomes)
        noted.push_back(note_outcome(session, outcome.leaving, outcome.what, now, outcome.jitter));
    return noted;
}

int settle_left_in_flight(StoreSession& session, Timestamp now) {
    int count = 0;
    for (const OutboxRow& row : session.left_in_flight()) {
        Transaction& tx = session.in(row.workspace);
        tx.lock_conversation(row.conversation);
        if (row.change) {
            session.return_left_in_flight(row);
            continue;
        }
        if (!session.remove_left_in_flight(row)) continue;
        set_status(tx, row, MessageStatus::unknown, now, "no_answer",
                   "Okno stopped while it was leaving: it may have arrived.");
        refresh_message(tx, row.channel, row.message);
        ++count;
    }
    return count;
}

}  // namespace okno
