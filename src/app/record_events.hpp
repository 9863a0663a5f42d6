// Applies what providers told us to conversations: the second half of the way in.
//
// Every function is idempotent: providers repeat themselves, reorder, and speak of messages we do not have yet.
#pragma once

#include "app/ports/storage.hpp"
#include "domain/reply_window.hpp"

namespace okno {

// `arrival` is when the webhook reached us, also when it is replayed later.
void record_event(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const ProviderEvent& event,
                  Timestamp arrival);

// Applies what waited for this message; called by whoever gave it its provider id.
void apply_waiting(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const ProviderMessageId& id,
                   Timestamp now);

// Applies a report to a delivery and to what its message shows.
void record_status(Transaction& tx, const Channel& channel, const MessengerTraits& traits, const StatusReport& report,
                   Timestamp now);

// The provider refused this message because the customer's window is closed; it said so at `said`.
void close_window(Transaction& tx, const MessengerTraits& traits, MessageId refused, Timestamp said, Timestamp now);

// The person takes nothing from us any more; until they turn to us again.
void note_blocked(Transaction& tx, ConversationId id, Timestamp now);

// Fails what waits and has not begun to leave; it leaves no more.
void fail_waiting(Transaction& tx, ChannelId channel, Delivery delivery, const std::string& code,
                  const std::string& reason, Timestamp now);

// Fails the parts that wait behind a failed one, for its reason: they would be a text without its beginning.
void fail_parts_behind(Transaction& tx, ChannelId channel, const Delivery& failed, Timestamp now);

// Applies the provider's word about the channel itself.
void record_notice(Transaction& tx, ChannelId id, const ChannelNotice& notice, Timestamp now);

// Writes what the message shows after one of its deliveries changed, and tells the screens.
void refresh_message(Transaction& tx, ChannelId channel, MessageId id);

}  // namespace okno
