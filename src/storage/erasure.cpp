// Taking a person out: the written list of places where one may be found by id, and what the ledger asks.
#include "storage/erasure.hpp"

#include "storage/sql_session.hpp"

namespace okno::storage {

// $1 is the workspace, $2 the contact.
static const std::string conversations_of =
    "(SELECT c.id FROM conversations c WHERE c.workspace_id=$1 AND c.contact_id=$2)";
static const std::string messages_of =
    "(SELECT m.id FROM messages m WHERE m.workspace_id=$1 AND m.conversation_id IN " + conversations_of + ")";
static const std::string identities_of = "(SELECT i.id FROM identities i WHERE i.workspace_id=$1 AND i.contact_id=$2)";

// Channel and hash under which providers know what was said.
static std::string named_in(const std::string& table, const std::string& key) {
    return "(SELECT t.channel_id, t.provider_hash FROM " + table + " t WHERE t.workspace_id=$1 AND t." + key + " IN " +
           (key == "conversation_id" ? conversations_of : messages_of) + " AND t.provider_hash IS NOT NULL)";
}

const std::vector<ErasurePlace>& erasure_places() {
    // What hangs on a row goes before it.
    static const std::vector<ErasurePlace> places{
        {"message_changes", "(channel_id, target_hash) IN " + named_in("messages", "conversation_id")},
        {"message_changes", "(channel_id, target_hash) IN " + named_in("deliveries", "message_id")},
        {"waiting_events", "(channel_id, target_hash) IN " + named_in("messages", "conversation_id")},
        {"waiting_events", "(channel_id, target_hash) IN " + named_in("deliveries", "message_id")},
        {"outbox", "conversation_id IN " + conversations_of},
        {"deliveries", "message_id IN " + messages_of},
        {"media", "message_id IN " + messages_of},
        {"drafts", "conversation_id IN " + conversations_of},
        {"readings", "conversation_id IN " + conversations_of},
        {"messages", "conversation_id IN " + conversations_of},
        {"conversations", "contact_id=$2"},
        {"addresses", "identity_id IN " + identities_of},
        {"identities", "contact_id=$2"},
        {"contacts", "id=$2"},
    };
    return places;
}

std::optional<Erased> SqlTransaction::erase_contact(ContactId id) {
    const auto read_id = [](const Row& row) { return row.uuid(0); };
    if (!sql_.first("SELECT id FROM contacts WHERE workspace_id=$1 AND id=$2", read_id, workspace_, id))
        return std::nullopt;
    Erased out;
    // The lock on an engine with several writers: what comes for them meanwhile finds them gone.
    std::vector<ConversationId> conversations;
    for (const Uuid& conversation : sql_.rows(
             "UPDATE conversations SET version = version + 1 WHERE workspace_id=$1 AND contact_id=$2 RETURNING id",
             read_id, workspace_, id))
        conversations.emplace_back(conversation);
    out.files = sql_.rows(
        "SELECT DISTINCT sha256 FROM media WHERE workspace_id=$1 AND sha256<>'' AND message_id IN " + messages_of,
        [](const Row& row) { return row.text(0); }, workspace_, id);
    for (const ErasurePlace& place : erasure_places()) {
        const auto gone =
            sql_.exec("DELETE FROM " + place.table + " WHERE workspace_id=$1 AND " + place.rows, workspace_, id);
        if (place.table == "messages") out.messages = static_cast<int>(gone);
    }
    blank_replies_about(conversations);
    out.conversations = static_cast<int>(conversations.size());
    for (const ConversationId& conversation : conversations)
        note_change("conversation", conversation.value());
    return out;
}

std::vector<ContactId> SqlTransaction::contacts_with_address(const std::string& key) {
    return sql_.rows(
        "SELECT DISTINCT i.contact_id FROM addresses a JOIN identities i ON i.workspace_id=a.workspace_id AND"
        " i.id=a.identity_id WHERE a.workspace_id=$1 AND a.hash=$2 ORDER BY i.contact_id",
        [](const Row& row) { return ContactId{row.uuid(0)}; }, workspace_, Blob{short_hash(key)});
}

static const std::string stored_addresses =
    "SELECT a.channel_id, a.kind, a.value, a.hash, i.contact_id FROM addresses a JOIN identities i ON"
    " i.workspace_id=a.workspace_id AND i.id=a.identity_id WHERE a.workspace_id=$1";

static StoredAddress read_address(const Row& row) {
    return {ChannelId{row.uuid(0)}, row.text(1), row.text(2), row.bytes(3)};
}

std::vector<StoredAddress> SqlTransaction::addresses_of_contact(ContactId id) {
    return sql_.rows(stored_addresses + " AND i.contact_id=$2", read_address, workspace_, id);
}

void SqlTransaction::each_address(const std::function<void(ContactId, const StoredAddress&)>& tell) {
    sql_.run(stored_addresses, {sql(workspace_)},
             [&](const Row& row) { tell(ContactId{row.uuid(4)}, read_address(row)); });
}

void SqlTransaction::restart_changes(std::int64_t step) {
    sql_.exec("DELETE FROM changes WHERE workspace_id=$1", workspace_);
    sql_.exec("UPDATE workspaces SET change_seq = change_seq + $2 WHERE id=$1", workspace_, step);
}

bool SqlSession::is_file_needed(const std::string& sha256) {
    return sql_.first(
                   "SELECT 1 FROM media WHERE sha256=$1 LIMIT 1", [](const Row&) { return true; }, sha256)
        .has_value();
}

}  // namespace okno::storage
