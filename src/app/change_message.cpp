#include "app/change_message.hpp"

#include <algorithm>
#include <array>

namespace okno {

static std::optional<std::chrono::milliseconds> time_for(const MessengerTraits& traits, ChangeKind kind) {
    return kind == ChangeKind::edit ? traits.edit_within : traits.delete_within;
}

static bool has_arrived(const Delivery& delivery) {
    const bool is_taken = delivery.status >= MessageStatus::sent && delivery.status != MessageStatus::failed;
    return is_taken && !delivery.provider_id.value().empty();
}

static bool is_leaving(const Delivery& delivery) {
    return delivery.status == MessageStatus::queued || delivery.status == MessageStatus::sending;
}

static bool has_words(const std::string& type) {
    constexpr std::array<std::string_view, 5> types{"text", "image", "video", "audio", "document"};
    return std::ranges::find(types, type) != types.end();
}

std::vector<ProviderMessageId> names_at_provider(const std::vector<Delivery>& deliveries) {
    std::vector<ProviderMessageId> out;
    for (const Delivery& delivery : deliveries)
        if (has_arrived(delivery)) out.push_back(delivery.provider_id);
    return out;
}

// The first part counts: the messenger refuses the whole once it refuses that.
static Timestamp left_at(const std::vector<Delivery>& deliveries, Timestamp otherwise) {
    Timestamp out = otherwise;
    for (const Delivery& delivery : deliveries)
        if (const auto sent = delivery.status_times[static_cast<std::size_t>(MessageStatus::sent)];
            has_arrived(delivery) && sent)
            out = std::min(out, *sent);
    return out;
}

static std::string hours_of(std::chrono::milliseconds time) {
    const auto hours = std::chrono::floor<std::chrono::hours>(time);
    if (hours.count() > 0) return std::to_string(hours.count()) + " hours";
    return std::to_string(std::chrono::floor<std::chrono::minutes>(time).count()) + " minutes";
}

static std::optional<Error> refused_by_time(const MessengerTraits& traits, ChangeKind kind,
                                            const std::vector<Delivery>& deliveries, Timestamp now) {
    const auto within = time_for(traits, kind);
    if (within && *within == std::chrono::milliseconds{0})
        return Error{ErrorKind::conflict, "not_changeable",
                     "This messenger does not let a message be changed so once it has left."};
    if (is_in_time(within, left_at(deliveries, now), now)) return std::nullopt;
    return Error{ErrorKind::conflict, "too_late",
                 "The messenger allows this for " + hours_of(*within) + " after the message was sent."};
}

static std::optional<Error> refused_by_state(const Message& message, ChangeKind kind,
                                             const std::vector<Delivery>& deliveries) {
    if (message.direction != Direction::outbound || deliveries.empty())
        return Error{ErrorKind::conflict, "not_ours", "Only a message that was sent from here can be changed."};
    if (std::ranges::any_of(deliveries, is_leaving))
        return Error{ErrorKind::conflict, "still_leaving", "It has not left yet: wait until it is sent."};
    if (names_at_provider(deliveries).empty())
        return Error{ErrorKind::conflict, "not_arrived", "The customer does not have it, as far as is known."};
    if (kind == ChangeKind::remove) return std::nullopt;
    if (message.is_deleted) return Error{ErrorKind::conflict, "not_arrived", "It was deleted for the customer too."};
    if (!has_words(message.type))
        return Error{ErrorKind::conflict, "not_changeable",
                     "Only a text, or the words beside a file, can be edited: delete it and send another."};
    if (std::ranges::any_of(deliveries, [](const Delivery& delivery) { return delivery.part > 0; }))
        return Error{ErrorKind::conflict, "in_parts",
                     "It left in several parts, so it cannot be edited: delete it and send another."};
    return std::nullopt;
}

static std::optional<Error> refused_by_text(const Messenger& messenger, const Message& message,
                                            const std::string& text) {
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        return Error{ErrorKind::invalid, "empty_text", "The text is empty: write something, or delete the message.",
                     "text"};
    if (const auto fits = messenger.check_limits(message.type, text, message.content); !fits) return fits.error();
    if (messenger.parts_of(message.type, text).size() > 1)
        return Error{ErrorKind::invalid, "text_too_long",
                     "It is too long for one message of this messenger: shorten it.", "text"};
    return std::nullopt;
}

static bool is_so_already(const Message& message, ChangeKind kind, const std::string& text) {
    return kind == ChangeKind::remove ? message.is_deleted : message.text == text;
}

static void save(Transaction& tx, const Message& message) {
    tx.save_message(message);
    tx.note_change("message", message.id.value());
}

static OutboxRow row_for(const Conversation& conversation, const Message& message, ChangeKind kind,
                         const std::string& text, Timestamp now) {
    OutboxRow row;
    row.channel = conversation.channel;
    row.conversation = conversation.id;
    row.delivery = make_id<DeliveryId>();
    row.message = message.id;
    row.text = text;
    row.change = kind;
    // Last in its lane, also when the clock went back.
    row.queued_at = place_in_conversation(std::nullopt, now, conversation.updated_at);
    return row;
}

Result<Message> want_change(Transaction& tx, const Messenger& messenger, MessageId id, ChangeKind kind,
                            const std::string& text, const Author& author, Timestamp now) {
    tx.lock_conversation_of(id);
    auto message = tx.message(id);
    const auto conversation = message ? tx.conversation(message->conversation, std::nullopt) : std::nullopt;
    if (!conversation) return fail(ErrorKind::not_found, "not_found", "There is no such message.");
    const auto channel = tx.channel(conversation->channel);
    if (channel && !messenger.changes_sent(*channel))
        return fail(ErrorKind::conflict, "not_changeable",
                    "What was sent through this channel cannot be changed: write another message.");
    const std::vector<Delivery> deliveries = tx.deliveries(id);
    if (auto error = refused_by_state(*message, kind, deliveries)) return std::unexpected(*error);
    const std::vector<OutboxRow> before = tx.changes_of(*message);
    if (kind == ChangeKind::edit)
        if (auto error = refused_by_text(messenger, *message, text)) return std::unexpected(*error);
    if (!before.empty()) {
        if (before.back().change == kind && before.back().text == text) return *message;
        if (before.back().change == ChangeKind::remove)
            return fail(ErrorKind::conflict, "being_deleted", "It is being deleted for the customer too.");
    }
    if (before.empty() && is_so_already(*message, kind, text)) {
        if (!message->wanted_change) return *message;
        message->wanted_change.reset();
        save(tx, *message);
        return *message;
    }
    if (auto error = refused_by_time(messenger.traits(), kind, deliveries, now)) return std::unexpected(*error);
    for (const OutboxRow& row : before)
        if (!row.is_sending) tx.remove_from_outbox(row.delivery);
    tx.enqueue(row_for(*conversation, *message, kind, text, now));
    message->wanted_change = WantedChange{kind, text, author.name, {}, {}};
    save(tx, *message);
    return *message;
}

Result<Message> forget_change(Transaction& tx, MessageId id) {
    tx.lock_conversation_of(id);
    auto message = tx.message(id);
    if (!message) return fail(ErrorKind::not_found, "not_found", "There is no such message.");
    if (!message->wanted_change) return *message;
    const std::vector<OutboxRow> rows = tx.changes_of(*message);
    // After the first try the provider may have made it, or a part of it.
    if (std::ranges::any_of(rows, [](const OutboxRow& row) { return row.is_sending || row.tries > 0; }))
        return fail(ErrorKind::conflict, "already_leaving", "It is on its way already and cannot be taken back.");
    for (const OutboxRow& row : rows)
        tx.remove_from_outbox(row.delivery);
    message->wanted_change.reset();
    save(tx, *message);
    return *message;
}

std::optional<Error> change_refused(Transaction& tx, const OutboxRow& row, const Messenger& messenger, Timestamp now) {
    constexpr auto expires_after = std::chrono::hours{24};
    if (auto error = refused_by_time(messenger.traits(), *row.change, tx.deliveries(row.message), now)) return error;
    if (now - row.queued_at >= expires_after)
        return Error{ErrorKind::conflict, "expired", "It waited for 24 hours and could not leave."};
    return std::nullopt;
}

// The change that the message shows, if it is this row's: a newer one may have taken its place meanwhile.
static bool is_shown(const Message& message, const OutboxRow& row) {
    return message.wanted_change && message.wanted_change->kind == row.change &&
           message.wanted_change->text == row.text;
}

// The provider tells of our own edit too: a telling that comes late takes nothing back.
static void outdate_echoes(Transaction& tx, const OutboxRow& row, Timestamp now) {
    MessageChange known;
    known.kind = MessageChange::Kind::edit;
    for (const ProviderMessageId& name : names_at_provider(tx.deliveries(row.message))) {
        known.target = name;
        known.key = row.delivery.value().text() + '/' + name.value();
        tx.note_message_change(row.channel, known, now);
    }
}

void note_changed(Transaction& tx, const OutboxRow& row, Timestamp now) {
    tx.remove_from_outbox(row.delivery);
    auto message = tx.message(row.message);
    if (!message) return;
    if (*row.change == ChangeKind::edit) {
        message->text = row.text;
        message->is_edited = true;
    } else {
        message->is_deleted = true;
    }
    if (is_shown(*message, row)) message->wanted_change.reset();
    save(tx, *message);
    if (*row.change == ChangeKind::edit) outdate_echoes(tx, row, now);
}

void fail_change(Transaction& tx, const OutboxRow& row, const std::string& code, const std::string& reason) {
    tx.remove_from_outbox(row.delivery);
    auto message = tx.message(row.message);
    if (!message || !is_shown(*message, row)) return;
    message->wanted_change->error_code = code;
    message->wanted_change->error_message = reason;
    save(tx, *message);
}

}  // namespace okno
