// Locks on conversations and channels, for engines with several writers.
#include "storage/sql_transaction.hpp"

namespace okno::storage {

bool SqlTransaction::is_locked_now(const Uuid& object) {
    return sql_.engine() == Engine::sqlite || !locked_.insert(object).second;
}

bool SqlTransaction::lock_conversation(ConversationId id) {
    if (is_locked_now(id.value())) return false;
    sql_.exec("UPDATE conversations SET version = version + 1 WHERE workspace_id=$1 AND id=$2", workspace_, id);
    return true;
}

bool SqlTransaction::lock_conversation_of(MessageId id) {
    if (sql_.engine() == Engine::sqlite) return false;
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
    sql_.exec("UPDATE channels SET state = state WHERE workspace_id=$1 AND id=$2", workspace_, id);
    return true;
}

}  // namespace okno::storage
