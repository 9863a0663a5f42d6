// An operator changes what has left: its words, or that it is gone from the customer's chat too.
//
// The change waits in the outbox behind what the conversation has there, and leaves as messages do. Made twice it is
// the same change, so what got no answer, or was leaving when the process ended, is made again. Until the provider has
// done it the message stays what it is; what the provider refuses is told with the reason.
#pragma once

#include "app/ports/messenger.hpp"
#include "app/ports/storage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace okno {

// Takes the place of a change that has not begun to leave. Asked for again, or for what is so already, it changes
// nothing. Errors: `not_found`; `not_ours`; `not_changeable` by the messenger or for this kind of message;
// `not_arrived`; `still_leaving`; `in_parts`; `too_late`; `being_deleted`; `channel_gone`. Of the new text:
// `empty_text`, `text_too_long`, and those of Messenger::check_limits.
Result<Message> want_change(Transaction& tx, const Messenger& messenger, MessageId id, ChangeKind kind,
                            const std::string& text, const Author& author, Timestamp now);

// Takes a change back that has not begun to leave, and forgets one that failed. Error: `already_leaving`.
Result<Message> forget_change(Transaction& tx, MessageId id);

// The names under which the provider has the message, in the order of its parts.
std::vector<ProviderMessageId> names_at_provider(const std::vector<Delivery>& deliveries);

// Why the change of this row may not leave any more, decided at that moment; empty: it may.
std::optional<Error> change_refused(Transaction& tx, const OutboxRow& row, const Messenger& messenger, Timestamp now);

// It is done: the message becomes so.
void note_changed(Transaction& tx, const OutboxRow& row, Timestamp now);

// It could not be done: the message stays, and shows why.
void fail_change(Transaction& tx, const OutboxRow& row, const std::string& code, const std::string& reason);

}  // namespace okno
