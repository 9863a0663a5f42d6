// An operator writes, tries again, decides about an unknown message, or takes a queued one back.
//
// Each checks the rules, and stores the message together with its outbox rows: both or neither.
#pragma once

#include "app/ports/messenger.hpp"
#include "app/ports/storage.hpp"

#include <optional>
#include <string>

namespace okno {

struct NewMessage {
    ConversationId conversation;
    std::string client_id;  // required: the idempotency key
    std::string type = "text";
    std::string text;
    std::string content = "{}";
    Purpose purpose = Purpose::support;
    bool is_broadcast = false;     // one of many alike, sent to an audience
    std::optional<MediaId> media;  // an upload
    std::optional<MessageId> reply_to;
    // The newest message the author saw; empty: do not check whether a colleague answered since.
    std::optional<MessageId> seen;
    Author author;
};

struct Composed {
    Message message;
    bool is_new = true;  // false: the client id was used before with the same body
};

// Errors: `not_found`; `client_id_reused`; `window_closed` and `not_allowed` with what to do instead;
// `colleague_answered` whose `where` is the id of the colleague's message; `empty_text`.
// Of the channel's rules, with the way out: `broadcast_not_allowed`, `purpose_not_allowed`, `reply_only`,
// `outside_hours`; `channel_gone`.
// Of a file: `no_upload`, `already_sent`, `file_not_supported`, `file_too_large` with the limit.
Result<Composed> compose(Transaction& tx, const Messenger& messenger, const NewMessage& wanted, Timestamp now);

// Whether the channel's rules let this person be written to, before anything is made or asked for. Errors as above.
Result<void> check_start(Transaction& tx, const Messenger& messenger, const Channel& channel, const Address& person,
                         const NewMessage& wanted, Timestamp now);
// Likewise, of somebody who may never have written: their conversation is found or made. Nothing is made when it is
// refused by the rules.
Result<Composed> start_conversation(Transaction& tx, const Messenger& messenger, const Channel& channel,
                                    const Address& person, NewMessage wanted, Timestamp now);

// A note is seen by colleagues only; nothing leaves.
Result<Composed> write_note(Transaction& tx, const NewMessage& wanted, Timestamp now);

// Sends again what failed or is unknown, as attempt n+1, under the same rules as a new message. `attempt` is the one
// the author saw fail. Errors: `not_last_attempt`, `not_retryable`, `confirm_unknown` (it may arrive twice).
Result<Message> retry(Transaction& tx, const Messenger& messenger, MessageId id, int attempt, bool confirm_unknown,
                      Timestamp now);

// A person says whether an unknown message arrived. Error: `not_unknown`.
Result<Message> settle(Transaction& tx, MessageId id, bool was_sent, Timestamp now);

// Takes a message back that has not begun to leave. Error: `already_leaving`.
Result<Message> take_back(Transaction& tx, MessageId id, Timestamp now);

}  // namespace okno
