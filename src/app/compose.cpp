#include "app/compose.hpp"

#include "app/check_policy.hpp"
#include "app/record_events.hpp"
#include "app/waiting_events.hpp"

#include <algorithm>

namespace okno {

static std::unexpected<Error> no_message() {
    return fail(ErrorKind::not_found, "not_found", "There is no such message.");
}

static std::optional<Error> refusal_of_rules(Transaction& tx, const Messenger& messenger,
                                             const Conversation& conversation, const PlannedMessage& planned,
                                             Timestamp now) {
    const auto channel = tx.channel(conversation.channel);
    if (!channel)
        return Error{ErrorKind::conflict, "channel_gone", "The channel of this conversation was disconnected."};
    if (auto error = refused_by_policy(tx, messenger, *channel, conversation.id, planned)) return error;
    return check_hours(channel->policy, now);
}

static std::optional<Error> refusal(const Messenger& messenger, const Conversation& conversation,
                                    const std::string& type, AuthorKind author, Timestamp now) {
    if (conversation.blocked_at)
        return Error{ErrorKind::conflict, "person_blocked",
                     "The person takes no messages from this channel any more. Wait for them to write, or reach them "
                     "another way."};
    if (type == "template" && messenger.traits().has_templates) return std::nullopt;
    switch (check_reply_window(messenger.traits(), conversation.window_closes_at, author, now)) {
        case ReplyVerdict::free_text: return std::nullopt;
        case ReplyVerdict::template_only:
            return Error{ErrorKind::conflict, "window_closed",
                         "The customer's reply window is closed. Send an approved template, or wait for them to write.",
                         "type"};
        case ReplyVerdict::not_allowed:
            return Error{ErrorKind::conflict, "not_allowed",
                         "This messenger lets a business write only after the customer did. Wait for them to write.",
                         "type"};
    }
    return std::nullopt;
}

static bool takes(const MediaLimit& limit, const Media& media) {
    if (limit.kind != media.kind || limit.mimes.empty()) return limit.kind == media.kind;
    return (" " + std::string(limit.mimes) + " ").find(" " + media.mime + " ") != std::string::npos;
}

// The upload, checked against what the messenger takes.
static Result<Media> checked_upload(Transaction& tx, const Messenger& messenger, MediaId id, const std::string& type) {
    auto media = tx.media(id);
    if (!media)
        return fail(ErrorKind::invalid, "no_upload", "There is no such upload: upload the file again.", "upload_id");
    if (media->message)
        return fail(ErrorKind::conflict, "already_sent", "This upload was sent before: upload the file again.",
                    "upload_id");
    if (type == "document") media->kind = type;  // any file may leave as a plain one
    const auto& limits = messenger.traits().media;
    const auto limit = std::ranges::find_if(limits, [&](const MediaLimit& one) { return takes(one, *media); });
    if (limit == limits.end())
        return fail(ErrorKind::invalid, "file_not_supported",
                    "This messenger does not take files of the type " + media->mime + " as " + media->kind +
                        ": send it as a document, or convert it.",
                    "upload_id");
    if (media->size > limit->most_bytes)
        return fail(ErrorKind::invalid, "file_too_large",
                    "The file has " + std::to_string(media->size) + " bytes, this messenger takes at most " +
                        std::to_string(limit->most_bytes) + " of this kind.",
                    "upload_id");
    return *media;
}

// A colleague's message that the author had not seen when they wrote theirs.
static std::optional<Message> colleague_answer(Transaction& tx, const NewMessage& wanted) {
    const auto seen = wanted.seen ? tx.message(*wanted.seen) : std::nullopt;
    if (!seen || seen->conversation != wanted.conversation) return std::nullopt;
    for (const Message& message : tx.messages(wanted.conversation, std::nullopt, 50)) {
        if (std::pair{message.position, message.id} <= std::pair{seen->position, seen->id}) break;
        if (message.direction == Direction::outbound && message.author.kind == AuthorKind::person &&
            message.author.user != wanted.author.user)
            return message;
    }
    return std::nullopt;
}

static Message new_message(const NewMessage& wanted, const Conversation& conversation, Direction direction,
                           Timestamp now) {
    Message message;
    message.id = make_id<MessageId>();
    message.conversation = wanted.conversation;
    message.client_id = wanted.client_id;
    message.direction = direction;
    message.type = wanted.type;
    message.text = wanted.text;
    message.content = wanted.content;
    message.reply_to = wanted.reply_to;
    message.purpose = wanted.purpose;
    message.is_broadcast = wanted.is_broadcast;
    message.author = wanted.author;
    message.created_at = now;
    message.position = place_in_conversation(std::nullopt, now, conversation.updated_at);
    return message;
}

// The message the client id already made; an error when its body was another.
static std::optional<Result<Composed>> made_before(Transaction& tx, const NewMessage& wanted, Direction direction) {
    const auto before = tx.message_by_client_id(wanted.conversation, wanted.client_id);
    if (!before) return std::nullopt;
    // The text of a template is made of its content, and its words may have changed since; a reaction of the customer
    // lies in the content of what they reacted to; what has left may have been edited.
    const bool is_same = before->direction == direction && before->type == wanted.type &&
                         (wanted.type == "template" || before->is_edited || before->text == wanted.text) &&
                         with_reaction(before->content, "") == with_reaction(wanted.content, "") &&
                         before->reply_to == wanted.reply_to && before->purpose == wanted.purpose &&
                         before->is_broadcast == wanted.is_broadcast;
    if (is_same) return Result<Composed>(Composed{*before, false});
    return Result<Composed>(fail(ErrorKind::conflict, "client_id_reused",
                                 "This client_id was used for another message: make a new one.", "client_id"));
}

static void queue_parts(Transaction& tx, const Conversation& conversation, const Message& message, int attempt,
                        const std::vector<std::string>& parts, const std::vector<int>& wanted, Timestamp now) {
    // Last in its lane, also when the clock went back.
    const Timestamp queued_at = place_in_conversation(std::nullopt, now, conversation.updated_at);
    for (const int part : wanted) {
        Delivery delivery;
        delivery.id = make_id<DeliveryId>();
        delivery.message = message.id;
        delivery.part = part;
        delivery.attempt = attempt;
        delivery.status_times[static_cast<std::size_t>(MessageStatus::queued)] = now;
        tx.insert_delivery(conversation.channel, delivery);
        OutboxRow row;
        row.channel = conversation.channel;
        row.conversation = conversation.id;
        row.delivery = delivery.id;
        row.message = message.id;
        row.part = part;
        row.text = parts[static_cast<std::size_t>(part)];
        row.queued_at = queued_at;
        tx.enqueue(row);
    }
}

static void answered(Transaction& tx, Conversation conversation, const Message& message) {
    conversation.waiting = false;
    conversation.last_message = message.id;
    conversation.updated_at = message.position;
    tx.save_conversation(conversation);
    tx.note_change("conversation", conversation.id.value());
}

static Result<Conversation> checked_conversation(Transaction& tx, const NewMessage& wanted) {
    tx.lock_conversation(wanted.conversation);
    const auto conversation = tx.conversation(wanted.conversation, std::nullopt);
    if (!conversation) return fail(ErrorKind::not_found, "not_found", "There is no such conversation.");
    if (wanted.client_id.empty())
        return fail(ErrorKind::invalid, "missing_field", "`client_id` is missing: make a new one for each message.",
                    "client_id");
    if (wanted.type == "text" && wanted.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorKind::invalid, "empty_text", "The text is empty: write something.", "text");
    return *conversation;
}

Result<Composed> compose(Transaction& tx, const Messenger& messenger, const NewMessage& wanted, Timestamp now) {
    const Result<Conversation> conversation = checked_conversation(tx, wanted);
    if (!conversation) return std::unexpected(conversation.error());
    if (auto before = made_before(tx, wanted, Direction::outbound)) return *before;
    if (const auto fits = messenger.check_limits(wanted.type, wanted.text, wanted.content); !fits)
        return std::unexpected(fits.error());
    if (auto error = refusal_of_rules(tx, messenger, *conversation, {wanted.purpose, wanted.is_broadcast}, now))
        return std::unexpected(*error);
    if (auto error = refusal(messenger, *conversation, wanted.type, wanted.author.kind, now))
        return std::unexpected(*error);
    if (const auto theirs = colleague_answer(tx, wanted))
        return fail(ErrorKind::conflict, "colleague_answered",
                    "A colleague answered while you were writing. Read their answer, then send yours or drop it.",
                    theirs->id.value().text());

    std::optional<Media> file;
    if (wanted.media) {
        const Result<Media> upload = checked_upload(tx, messenger, *wanted.media, wanted.type);
        if (!upload) return std::unexpected(upload.error());
        file = *upload;
    }
    Message message = new_message(wanted, *conversation, Direction::outbound, now);
    message.status = MessageStatus::queued;
    message.status_times[static_cast<std::size_t>(MessageStatus::queued)] = now;
    message.attempt = 1;
    tx.insert_message_if_new(conversation->channel, message);
    if (file) {
        file->message = message.id;
        tx.save_media(*file);
    }
    const std::vector<std::string> parts = file ? messenger.parts_beside(*file, message.type, message.text)
                                                : messenger.parts_of(message.type, message.text);
    std::vector<int> all;
    for (std::size_t i = 0; i < parts.size(); ++i)
        all.push_back(static_cast<int>(i));
    queue_parts(tx, *conversation, message, 1, parts, all, now);
    tx.note_change("message", message.id.value());
    answered(tx, *conversation, message);
    return Composed{message, true};
}

Result<void> check_start(Transaction& tx, const Messenger& messenger, const Channel& channel, const Address& person,
                         const NewMessage& wanted, Timestamp now) {
    const auto known = tx.known_conversation_of(channel.id, {{person}, {}});
    const auto id = known ? std::optional(known->id) : std::nullopt;
    if (auto error = refused_by_policy(tx, messenger, channel, id, {wanted.purpose, wanted.is_broadcast}))
        return std::unexpected(*error);
    if (auto error = check_hours(channel.policy, now)) return std::unexpected(*error);
    return {};
}

Result<Composed> start_conversation(Transaction& tx, const Messenger& messenger, const Channel& channel,
                                    const Address& person, NewMessage wanted, Timestamp now) {
    if (const auto may_start = check_start(tx, messenger, channel, person, wanted, now); !may_start)
        return std::unexpected(may_start.error());
    wanted.conversation = tx.conversation_of(channel.id, {{person}, {}}, now).id;
    return compose(tx, messenger, wanted, now);
}

Result<Composed> write_note(Transaction& tx, const NewMessage& wanted, Timestamp now) {
    const Result<Conversation> conversation = checked_conversation(tx, wanted);
    if (!conversation) return std::unexpected(conversation.error());
    if (auto before = made_before(tx, wanted, Direction::note)) return *before;
    const Message note = new_message(wanted, *conversation, Direction::note, now);
    tx.insert_message_if_new(conversation->channel, note);
    tx.note_change("message", note.id.value());
    return Composed{note, true};
}

static bool may_be_sent_again(MessageStatus status) {
    return status == MessageStatus::failed || status == MessageStatus::unknown;
}

static std::vector<std::string> parts_again(Transaction& tx, const Messenger& messenger, const Message& message) {
    const std::vector<Media> files = message.type == "text" ? std::vector<Media>{} : tx.media_of(message.id);
    return files.empty() ? messenger.parts_of(message.type, message.text)
                         : messenger.parts_beside(files.front(), message.type, message.text);
}

Result<Message> retry(Transaction& tx, const Messenger& messenger, MessageId id, int attempt, bool confirm_unknown,
                      Timestamp now) {
    tx.lock_conversation_of(id);
    const auto message = tx.message(id);
    const auto conversation = message ? tx.conversation(message->conversation, std::nullopt) : std::nullopt;
    if (!conversation || message->direction != Direction::outbound) return no_message();
    if (attempt != message->attempt)
        return fail(ErrorKind::conflict, "not_last_attempt",
                    "It was tried again meanwhile: this is no longer its last attempt.", "attempt");
    if (!message->status || !may_be_sent_again(*message->status))
        return fail(ErrorKind::conflict, "not_retryable", "Only a failed or an unknown message can be sent again.");
    if (*message->status == MessageStatus::unknown && !confirm_unknown)
        return fail(ErrorKind::conflict, "confirm_unknown",
                    "It may have arrived: sending it again can show it twice. Confirm that you want this.",
                    "confirm_unknown");
    if (auto error = refusal_of_rules(tx, messenger, *conversation, {message->purpose, message->is_broadcast}, now))
        return std::unexpected(*error);
    if (auto error = refusal(messenger, *conversation, message->type, message->author.kind, now))
        return std::unexpected(*error);
    std::vector<int> again;
    for (const Delivery& part : shown_parts(tx.deliveries(id)))
        if (may_be_sent_again(part.status)) again.push_back(part.part);
    queue_parts(tx, *conversation, *message, attempt + 1, parts_again(tx, messenger, *message), again, now);
    refresh_message(tx, conversation->channel, id);
    return *tx.message(id);
}

Result<Message> settle(Transaction& tx, MessageId id, bool was_sent, Timestamp now) {
    tx.lock_conversation_of(id);
    const auto message = tx.message(id);
    const auto conversation = message ? tx.conversation(message->conversation, std::nullopt) : std::nullopt;
    if (!conversation) return no_message();
    if (message->status != MessageStatus::unknown)
        return fail(ErrorKind::conflict, "not_unknown", "Only a message whose fate is unknown can be decided upon.");
    const MessageStatus decided = was_sent ? MessageStatus::sent : MessageStatus::failed;
    for (Delivery part : shown_parts(tx.deliveries(id))) {
        if (part.status != MessageStatus::unknown) continue;
        part.status = decided;
        part.status_times[static_cast<std::size_t>(decided)] = now;
        part.error_code = was_sent ? "" : "not_sent";
        part.error_message = was_sent ? "" : "A colleague said that it did not arrive.";
        tx.save_delivery(conversation->channel, part);
    }
    refresh_message(tx, conversation->channel, id);
    return *tx.message(id);
}

Result<Message> take_back(Transaction& tx, MessageId id, Timestamp now) {
    tx.lock_conversation_of(id);
    const auto message = tx.message(id);
    const auto conversation = message ? tx.conversation(message->conversation, std::nullopt) : std::nullopt;
    if (!conversation) return no_message();
    const std::vector<Delivery> deliveries = tx.deliveries(id);
    const bool is_waiting = !deliveries.empty() && std::ranges::all_of(deliveries, [&](const Delivery& delivery) {
        return delivery.attempt < message->attempt || delivery.status == MessageStatus::queued;
    });
    if (!is_waiting)
        return fail(ErrorKind::conflict, "already_leaving", "It has already begun to leave and cannot be taken back.");
    for (const Delivery& delivery : deliveries)
        if (delivery.attempt == message->attempt)
            fail_waiting(tx, conversation->channel, delivery, "taken_back", "It was taken back before it left.", now);
    refresh_message(tx, conversation->channel, id);
    return *tx.message(id);
}

}  // namespace okno
