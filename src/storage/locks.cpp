// Locks on conversations and channels, for engines with several writers.
#include "storage/sql_transaction.hpp"

namespace okno::storage {

bool SqlTransaction::is_locked_now(const Uuid& object) { return !sql_.needs_locks() || !locked_.insert(object).second; }

void SqlTransaction::lock_row(std::string_view statement, const Uuid& id) {
    sql_.first(statement, [](const Row&) { return true; }, workspace_, id);
}

bool SqlTransaction::lock_conversation(ConversationId id) {
    if (is_locked_now(id.value())) return false;
    lock_row("SELECT 1 FROM conversations WHERE workspace_id=$1 AND id=$2 FOR UPDATE", id.value());
    return true;
}

bool SqlTransaction::lock_conversation_of(MessageId id) {
    if (!sql_.needs_locks() || (ahead_ && ahead_->sent_with(id) != nullptr)) return false;
    const auto conversation_of_message = [&] {
        return sql_.first(
            "SELECT conversation_id FROM messages WHERE workspace_id=$1 AND id=$2",
            [](const Row& row) { return ConversationId{row.uuid(0)}; }, workspace_, id);
    };
    auto conversation = conversation_of_message();
    if (!conversation || !lock_conversation(*conversation)) return false;
    // While we waited, two conversations may have become one.
    for (auto now = conversation_of_message(); now && now != conversation; now = conversation_of_message()) {
        conversation = now;
        lock_conversation(*conversation);
    }
    return true;
}

bool SqlTransaction::lock_channel(ChannelId id) {
    if (is_locked_now(id.value())) return false;
    lock_row("SELECT 1 FROM channels WHERE workspace_id=$1 AND id=$2 FOR UPDATE", id.value());
    return true;
}

}  // namespace okno::storage
