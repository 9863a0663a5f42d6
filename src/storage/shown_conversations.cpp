// Conversations as lists and pages show them to somebody.
#include "storage/conversation_rows.hpp"
#include "storage/sql_transaction.hpp"

#include <algorithm>

namespace okno::storage {

// What lists show of a conversation.
static const std::string shown_columns =
    "SELECT c.id, c.channel_id, c.identity_id, c.contact_id, k.name, c.window_closes_at, c.waiting, c.last_message,"
    " c.updated_at, c.blocked_at, k.referral, ";
static const std::string their_contacts = " c JOIN contacts k ON k.workspace_id=c.workspace_id AND k.id=c.contact_id";
static std::string read_to(const std::string& reader) {
    return "coalesce((SELECT r.read_to FROM readings r WHERE r.workspace_id=c.workspace_id AND r.user_id=" + reader +
           " AND r.conversation_id=c.id), 0)";
}
// Of `conversations`, a table or a query; as SQL: for whom what is unread is counted.
static std::string shown_to(const std::string& reader, const std::string& conversations) {
    return shown_columns +
           "(SELECT count(*) FROM messages m WHERE m.workspace_id=c.workspace_id AND m.conversation_id=c.id"
           " AND m.direction=0 AND m.created_at > " +
           read_to(reader) +
           ") AS unread, coalesce(d.body, '') AS draft_text, coalesce(d.note, '') AS"
           " draft_note FROM " +
           conversations + their_contacts +
           " LEFT JOIN drafts d ON d.workspace_id=c.workspace_id AND d.user_id=" + reader +
           " AND d.conversation_id=c.id";
}
static const std::string of_somebody = shown_to("$2", "conversations") + " WHERE c.workspace_id=$1 AND c.id=$3";
static const std::string of_nobody = shown_columns +
                                     "0 AS unread, '' AS draft_text, '' AS draft_note FROM conversations" +
                                     their_contacts + " WHERE c.workspace_id=$1 AND c.id=$3";
// Two places in two indexes, where counting would read every message.
static const std::string has_unread =
    "(SELECT max(m.created_at) FROM messages m WHERE m.workspace_id=c.workspace_id AND m.conversation_id=c.id AND"
    " m.direction=0) > " +
    read_to("$2");

static Conversation read_conversation(const Row& row) {
    Conversation out = read_own(row);
    out.referral = row.text(10);
    out.unread = static_cast<int>(row.integer(11));
    out.draft = {row.text(12), row.text(13)};
    return out;
}

static void fill_addresses(Conversation& conversation, const std::vector<Address>& addresses) {
    if (!addresses.empty()) conversation.external_id = addresses.front().value;
    const auto phone = std::ranges::find(addresses, "phone", &Address::kind);
    if (phone != addresses.end()) conversation.phone = phone->value;
}

std::optional<Conversation> SqlTransaction::conversation(ConversationId id, std::optional<UserId> reader) {
    if (!reader && ahead_)
        if (const auto person = ahead_->people.find(id); person != ahead_->people.end()) {
            Conversation known = ahead_->conversations.at(person->second);
            fill_addresses(known, addresses_of(known.identity));
            return known;
        }
    if (reader && ahead_)
        if (const auto known = ahead_->shown.find({id, *reader}); known != ahead_->shown.end()) return known->second;
    auto found = sql_.first(reader ? of_somebody : of_nobody, read_conversation, workspace_, reader, id);
    if (found) fill_addresses(*found, addresses_of(found->identity));
    return found;
}

std::vector<Conversation> SqlTransaction::conversations(const ConversationQuery& query, UserId reader) {
    // First which, then what of them is shown: a filter that few pass walks past many.
    static const std::string in_order = " ORDER BY c.updated_at DESC, c.id DESC";
    std::string which = "SELECT c.* FROM conversations c WHERE c.workspace_id=$1";
    if (query.view == ConversationQuery::View::waiting) which += " AND c.waiting=1";
    if (query.channel) which += " AND c.channel_id=$3";
    if (query.before) which += " AND (c.updated_at, c.id) < ($4, $5)";
    if (query.view == ConversationQuery::View::unread) which += " AND " + has_unread;
    const std::string statement = shown_to("$2", "(" + which + in_order + " LIMIT $6)") + in_order;
    const auto time = query.before ? std::optional(query.before->first) : std::nullopt;
    const auto id = query.before ? std::optional(query.before->second) : std::nullopt;
    const SqlValue time_value = time ? sql(*time) : SqlValue{};
    std::vector<Conversation> out;
    sql_.run(statement, {sql(workspace_), sql(reader), sql(query.channel), time_value, sql(id), sql(query.limit)},
             [&](const Row& row) { out.push_back(read_conversation(row)); });
    read_beside(out, {});
    return out;
}

void SqlTransaction::read_beside(std::vector<Conversation>& conversations, std::set<MessageId> messages) {
    if (sql_.engine() == Engine::postgres) {
        if (!ahead_) ahead_.emplace();
        std::set<IdentityId> people;
        for (const Conversation& conversation : conversations) {
            people.insert(conversation.identity);
            if (conversation.last_message) messages.insert(*conversation.last_message);
        }
        read_addresses_ahead(people);
        read_seen_messages_ahead(messages);
    }
    for (Conversation& conversation : conversations)
        fill_addresses(conversation, addresses_of(conversation.identity));
}

void SqlTransaction::look_ahead_for(UserId reader, const std::set<MessageId>& messages,
                                    const std::set<ConversationId>& conversations) {
    if (sql_.engine() == Engine::sqlite) return;
    static const std::string statement =
        shown_to("($2::uuid[])[1]", "conversations") + " WHERE c.workspace_id=($1::uuid[])[1] AND c.id=ANY($3::uuid[])";
    Columns wanted(3);
    for (const ConversationId& id : conversations)
        add_row(wanted, {sql(workspace_), sql(reader), sql(id)});
    std::vector<Conversation> found;
    if (!conversations.empty())
        sql_.run_batch(statement, wanted, [&](const Row& row) { found.push_back(read_conversation(row)); });
    read_beside(found, messages);
    for (Conversation& conversation : found)
        ahead_->shown[{conversation.id, reader}] = std::move(conversation);
}

}  // namespace okno::storage
