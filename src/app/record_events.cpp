#include "app/record_events.hpp"

#include "app/numbered_choices.hpp"
#include "app/waiting_events.hpp"
#include "domain/whole_seconds.hpp"

#include <algorithm>

namespace okno {

static void note_conversation(Transaction& tx, const Conversation& conversation) {
    tx.save_conversation(conversation);
    tx.note_change("conversation", conversation.id.value());
}

static void open_window(Conversation& conversation, const MessengerTraits& traits,
                        std::optional<Timestamp> provider_time, Timestamp arrival) {
    conversation.window_closes_at = window_after(traits, conversation.window_closes_at, provider_time, arrival);
}

// Fetched by real time: moving the demo's clock fetches nothing earlier.
static Media media_of(const MediaHint& hint, ChannelId channel, MessageId message, Timestamp arrival) {
    Media media;
    media.id = make_id<MediaId>();
    media.channel = channel;
    media.message = message;
    media.kind = hint.kind;
    media.name = hint.name;
    media.mime = hint.mime;
    media.sha256 = hint.sha256;
    media.provider_id = hint.provider_id;
    media.due = Clock::real_now();
    media.created_at = arrival;
    return media;
}

// The message of this provider's id, or of which a part or an earlier attempt has it.
static std::optional<Message> message_named(Transaction& tx, ChannelId channel, const ProviderMessageId& id) {
    if (auto message = tx.message_by_provider_id(channel, id)) return message;
    const auto delivery = tx.find_delivery(channel, {}, id);
    return delivery ? tx.message(delivery->message) : std::nullopt;
}

// What was missed stands where it was written, however long ago.
static Timestamp place_of(const InboundMessage& inbound, Timestamp arrival, Timestamp newest) {
    if (inbound.is_late && inbound.provider_time && *inbound.provider_time <= arrival)
        return std::min(arrival, latest_of(*inbound.provider_time));
    return place_in_conversation(inbound.provider_time, arrival, newest);
}

static void record_message(Transaction& tx, const Channel& channel, const MessengerTraits& traits,
                           const InboundMessage& inbound, Timestamp arrival) {
    const bool is_customer = inbound.author == AuthorKind::customer;
    if (!is_customer && tx.find_delivery(channel.id, {}, inbound.provider_id)) return;  // an echo of what we sent
    Conversation conversation = tx.conversation_of(channel.id, inbound.from, arrival);
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = conversation.id;
    message.direction = is_customer ? Direction::inbound : Direction::outbound;
    if (inbound.is_event) message.direction = Direction::event;
    message.type = inbound.type;
    message.text = inbound.text;
    message.content = inbound.is_late ? marked_late(inbound.content) : inbound.content;
    message.provider_id = inbound.provider_id;
    message.author = {inbound.author, {}, is_customer ? inbound.from.name : std::string()};
    if (!is_customer) message.status = MessageStatus::sent;
    message.created_at = arrival;
    message.position = place_of(inbound, arrival, conversation.updated_at);
    if (!inbound.reply_to.value().empty()) {
        const auto quoted = message_named(tx, channel.id, inbound.reply_to);
        if (quoted && quoted->conversation == conversation.id) message.reply_to = quoted->id;
    }
    if (is_customer) understand_number(tx, traits, message);
    if (!tx.insert_message_if_new(channel.id, message)) return;  // providers repeat themselves
    if (inbound.media) tx.insert_media(media_of(*inbound.media, channel.id, message.id, arrival));

    if (!inbound.referral.empty()) tx.save_referral(conversation.contact, inbound.referral);
    if (inbound.is_event) {  // changes nothing of who waits for whom
        tx.note_change("message", message.id.value());
        return;
    }
    const bool is_newest = message.position >= conversation.updated_at || !conversation.last_message;
    if (is_newest) {
        conversation.last_message = message.id;
        conversation.updated_at = message.position;
    }
    if (is_customer) {
        conversation.waiting = true;
        conversation.blocked_at.reset();
        if (inbound.opens_window) open_window(conversation, traits, inbound.provider_time, arrival);
    } else if (is_newest) {  // an answer that comes late answers nothing that was written since
        conversation.waiting = false;
    }
    tx.note_change("message", message.id.value());
    note_conversation(tx, conversation);
    apply_waiting(tx, channel, traits, message.provider_id, arrival);
}

// What has no key of its own is known by what it does, and to which message.
static MessageChange keyed(MessageChange change) {
    if (change.key.empty())
        change.key = change.target.value() + '/' + std::to_string(static_cast<int>(change.kind)) + '/' + change.text;
    return change;
}

static void record_change(Transaction& tx, const Channel& channel, const MessengerTraits& traits,
                          const MessageChange& change, Timestamp arrival) {
    if (change.opens_window) {
        Conversation conversation = tx.conversation_of(channel.id, change.from, arrival);
        open_window(conversation, traits, change.provider_time, arrival);
        note_conversation(tx, conversation);
    }
    auto message = message_named(tx, channel.id, change.target);
    if (message && tx.lock_conversation_of(message->id)) message = tx.message(message->id);
    if (!message) {
        tx.keep_waiting(channel.id, change.target.value(), write_waiting(change), arrival);
        return;
    }
    if (!tx.note_message_change(channel.id, keyed(change), change.provider_time.value_or(arrival))) return;
    switch (change.kind) {
        case MessageChange::Kind::edit:
            message->text = change.text;
            message->is_edited = true;
            break;
        case MessageChange::Kind::remove: message->is_deleted = true; break;
        case MessageChange::Kind::reaction: message->content = with_reaction(message->content, change.text); break;
    }
    tx.save_message(*message);
    tx.note_change("message", message->id.value());
}

// No provider promises an order: who wrote after they had left is back, and who left again stays away.
static bool is_outdated(Transaction& tx, const Conversation& conversation, const PersonNotice& notice) {
    if (!notice.provider_time) return false;
    const Timestamp latest = latest_of(*notice.provider_time);
    if (!notice.is_blocked) return conversation.blocked_at && latest < *conversation.blocked_at;
    constexpr int looked_at = 50;
    return std::ranges::any_of(tx.messages(conversation.id, std::nullopt, looked_at), [&](const Message& message) {
        return message.direction == Direction::inbound && message.position > latest;
    });
}

// Of somebody who never wrote there is nobody to show it of: their first message makes them known.
static void record_person_notice(Transaction& tx, ChannelId channel, const PersonNotice& notice, Timestamp arrival) {
    auto conversation = tx.known_conversation_of(channel, notice.from);
    if (!conversation || conversation->blocked_at.has_value() == notice.is_blocked) return;
    if (is_outdated(tx, *conversation, notice)) return;
    conversation->blocked_at = notice.is_blocked ? std::optional(notice.provider_time.value_or(arrival)) : std::nullopt;
    note_conversation(tx, *conversation);
}

void note_blocked(Transaction& tx, ConversationId id, Timestamp now) {
    auto conversation = tx.conversation(id, std::nullopt);
    if (!conversation || conversation->blocked_at) return;
    conversation->blocked_at = now;
    note_conversation(tx, *conversation);
}

// What an admin paused stays paused: the notice is read there when it is resumed.
void record_notice(Transaction& tx, ChannelId id, const ChannelNotice& notice, Timestamp now) {
    tx.lock_channel(id);
    auto channel = tx.channel(id);
    if (!channel) return;
    const bool is_broken = channel->state == ChannelState::broken;
    const auto before = std::pair{channel->state, channel->state_reason};
    ChannelState state = channel->state;
    switch (notice.kind) {
        case ChannelNotice::Kind::broken:
            if (state != ChannelState::paused) state = ChannelState::broken;
            break;
        case ChannelNotice::Kind::working:
            if (is_broken || channel->state == ChannelState::connecting) {
                state = ChannelState::connected;
                tx.hurry(id, now);
            }
            break;
        case ChannelNotice::Kind::warning:
            if (is_broken) return;  // why it is broken matters more
            break;
    }
    channel->become(state, notice.reason, now);
    if (before == std::pair{channel->state, channel->state_reason}) return;  // said again
    tx.save_channel(*channel);
    tx.note_change("channel", id.value());
}

void refresh_message(Transaction& tx, ChannelId channel, MessageId id) {
    auto message = tx.message(id);
    const std::vector<Delivery> deliveries = tx.deliveries(id);
    if (!message || deliveries.empty()) return;
    const Delivery shown = shown_delivery(deliveries);
    const bool has_error = shown.status == MessageStatus::failed || shown.status == MessageStatus::unknown;
    message->status = shown.status;
    message->status_times = shown.status_times;
    message->error_code = has_error ? shown.error_code : std::string();
    message->error_message = has_error ? shown.error_message : std::string();
    message->price = shown.price;
    message->attempt = std::ranges::max(deliveries, {}, &Delivery::attempt).attempt;
    if (!shown.provider_id.value().empty() && shown.provider_id != message->provider_id) {
        // An id that another message has already stays with that one.
        if (!tx.message_by_provider_id(channel, shown.provider_id)) message->provider_id = shown.provider_id;
    }
    tx.save_message(*message);
    tx.note_change("message", id.value());
}

// Whom we wrote to may have names that we did not know. A name of a known kind is not replaced: a report spells the
// number in the provider's way, which need not be the one that reaches the person.
static void learn_recipient(Transaction& tx, const Channel& channel, const StatusReport& report, MessageId id) {
    if (report.status != MessageStatus::sent || report.to.empty()) return;
    const auto message = tx.message(id);
    const auto person = message ? tx.identity_of(message->conversation) : std::nullopt;
    if (!person) return;
    const std::vector<Address> known = tx.addresses_of(*person);
    std::vector<Address> fresh = report.to;
    std::erase_if(
        fresh, [&](const Address& one) { return std::ranges::find(known, one.kind, &Address::kind) != known.end(); });
    if (!fresh.empty()) tx.learn_addresses(channel.id, *person, fresh);
}

void fail_waiting(Transaction& tx, ChannelId channel, Delivery delivery, const std::string& code,
                  const std::string& reason, Timestamp now) {
    delivery.status = MessageStatus::failed;
    delivery.status_times[static_cast<std::size_t>(MessageStatus::failed)] = now;
    delivery.error_code = code;
    delivery.error_message = reason;
    tx.save_delivery(channel, delivery);
    tx.remove_from_outbox(delivery.id);
}

void fail_parts_behind(Transaction& tx, ChannelId channel, const Delivery& failed, Timestamp now) {
    for (const Delivery& delivery : tx.deliveries(failed.message))
        if (delivery.status == MessageStatus::queued && delivery.part > failed.part)
            fail_waiting(tx, channel, delivery, failed.error_code, failed.error_message, now);
}

// The customer has this part: an attempt that still waits would show it to them twice.
static void drop_waiting_attempts(Transaction& tx, ChannelId channel, const Delivery& arrived, Timestamp now) {
    for (const Delivery& delivery : tx.deliveries(arrived.message))
        if (delivery.status == MessageStatus::queued && delivery.part == arrived.part)
            fail_waiting(tx, channel, delivery, "not_needed", "An earlier attempt arrived.", now);
}

void record_status(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const StatusReport& report,
                   Timestamp now) {
    auto delivery = tx.find_delivery(channel.id, report.reference, report.provider_id);
    if (delivery && tx.lock_conversation_of(delivery->message))
        delivery = tx.find_delivery(channel.id, report.reference, report.provider_id);
    if (!delivery) {
        if (report.provider_id.value().empty()) return;  // it names nothing that could still come
        tx.keep_waiting(channel.id, report.provider_id.value(), write_waiting(report), now);
        return;
    }
    auto& time = delivery->status_times[static_cast<std::size_t>(report.status)];
    if (!time) time = report.time == Timestamp{} ? now : report.time;
    delivery->status = advance(delivery->status, report.status);
    const bool is_named = delivery->provider_id.value().empty() && !report.provider_id.value().empty();
    if (is_named) delivery->provider_id = report.provider_id;
    if (delivery->status == MessageStatus::failed && report.status == MessageStatus::failed) {
        delivery->error_code = report.error_code;
        delivery->error_message = report.error_message;
    }
    if (!report.price.empty()) delivery->price = report.price;
    tx.save_delivery(channel.id, *delivery);
    // A report proves that it left: nothing of this attempt may leave again.
    tx.remove_from_outbox(delivery->id);
    if (delivery->status == MessageStatus::failed) fail_parts_behind(tx, channel.id, *delivery, now);
    if (delivery->status >= MessageStatus::delivered) drop_waiting_attempts(tx, channel.id, *delivery, now);
    refresh_message(tx, channel.id, delivery->message);
    learn_recipient(tx, channel, report, delivery->message);
    if (report.closes_window) close_window(tx, traits, delivery->message, report.time, now);
    if (is_named) apply_waiting(tx, channel, traits, report.provider_id, now);
}

// One report for each delivery of the message that the mark covers. The provider's times are of its arrival there, so
// what had left us by then counts; a mark says nothing of what has no answer yet, which may still be refused. True when
// an earlier mark covered it.
static bool cover(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const Message& message,
                  const Watermark& mark, Timestamp arrival) {
    bool is_old = false;
    for (const Delivery& part : tx.deliveries(message.id)) {
        const auto left = part.status_times[static_cast<std::size_t>(MessageStatus::sending)];
        const bool is_there = part.status >= MessageStatus::sent && part.status != MessageStatus::failed;
        if (!is_there || left.value_or(message.created_at) > mark.until) continue;
        is_old = is_old || part.status >= mark.status;
        if (part.status >= mark.status) continue;
        StatusReport report;
        report.provider_id = part.provider_id;
        report.reference = part.id.value().text();
        report.status = mark.status;
        report.time = mark.until;
        record_status(tx, channel, traits, report, arrival);
    }
    return is_old;
}

// Back to where an earlier mark has been, for some way: a message may have become ours to mark since.
static void record_watermark(Transaction& tx, const Channel& channel, const MessengerTraits& traits,
                             const Watermark& mark, Timestamp arrival) {
    const auto conversation = tx.known_conversation_of(channel.id, mark.from);
    if (!conversation) return;
    constexpr std::size_t most_at_once = 50;
    constexpr int most_pages = 20;
    std::optional<std::pair<Timestamp, MessageId>> before;
    for (int i = 0; i < most_pages; ++i) {
        const std::vector<Message> page = tx.messages(conversation->id, before, static_cast<int>(most_at_once));
        bool is_old = page.size() < most_at_once;
        for (const Message& message : page) {
            before = {message.position, message.id};
            const bool is_ours = message.direction == Direction::outbound && message.attempt > 0;
            if (is_ours && cover(tx, channel, traits, message, mark, arrival)) is_old = true;
        }
        if (is_old) return;
    }
}

void close_window(Transaction& tx, const MessengerTraits& traits, MessageId refused, Timestamp said, Timestamp now) {
    const auto message = tx.message(refused);
    auto conversation = message ? tx.conversation(message->conversation, std::nullopt) : std::nullopt;
    if (!conversation) return;
    conversation->window_closes_at = window_refused(traits, conversation->window_closes_at, said, now);
    note_conversation(tx, *conversation);
}

void apply_waiting(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const ProviderMessageId& id,
                   Timestamp now) {
    if (id.value().empty()) return;
    for (const std::string& kept : tx.take_waiting(channel.id, id.value())) {
        if (const auto report = read_waiting_status(kept))
            record_status(tx, channel, traits, *report, now);
        else if (const auto change = read_waiting_change(kept))
            record_change(tx, channel, traits, *change, now);
    }
}

void record_event(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const ProviderEvent& event,
                  Timestamp arrival) {
    if (const auto* inbound = std::get_if<InboundMessage>(&event.what))
        record_message(tx, channel, traits, *inbound, arrival);
    else if (const auto* change = std::get_if<MessageChange>(&event.what))
        record_change(tx, channel, traits, *change, arrival);
    else if (const auto* report = std::get_if<StatusReport>(&event.what))
        record_status(tx, channel, traits, *report, arrival);
    else if (const auto* mark = std::get_if<Watermark>(&event.what))
        record_watermark(tx, channel, traits, *mark, arrival);
    else if (const auto* addresses = std::get_if<AddressChange>(&event.what))
        tx.replace_addresses(channel.id, *addresses);
    else if (const auto* person = std::get_if<PersonNotice>(&event.what))
        record_person_notice(tx, channel.id, *person, arrival);
    else if (const auto* notice = std::get_if<ChannelNotice>(&event.what))
        record_notice(tx, channel.id, *notice, arrival);
}

}  // namespace okno
