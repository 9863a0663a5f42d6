#include "app/done.hpp"

#include <algorithm>

namespace okno {

static constexpr int notes_looked_through = 50;

static bool set_waiting(Transaction& tx, Conversation conversation, bool is_waiting) {
    if (conversation.waiting != is_waiting) {
        conversation.waiting = is_waiting;
        tx.save_conversation(conversation);
        tx.note_change("conversation", conversation.id.value());
    }
    return true;
}

bool mark_done(Transaction& tx, ConversationId id) {
    tx.lock_conversation(id);
    const auto conversation = tx.conversation(id, std::nullopt);
    return conversation && set_waiting(tx, *conversation, false);
}

bool undo_done(Transaction& tx, ConversationId id) {
    tx.lock_conversation(id);
    const auto conversation = tx.conversation(id, std::nullopt);
    if (!conversation) return false;
    const auto newest = tx.messages(id, std::nullopt, notes_looked_through);
    const auto last_word = std::ranges::find_if(newest, [](const Message& message) {
        return message.direction == Direction::inbound || message.direction == Direction::outbound;
    });
    const bool is_customers = last_word != newest.end() && last_word->direction == Direction::inbound;
    return !is_customers || set_waiting(tx, *conversation, true);
}

}  // namespace okno
