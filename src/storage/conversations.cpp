#include "storage/conversation_rows.hpp"
#include "storage/sql_transaction.hpp"

#include <algorithm>
#include <set>

namespace okno::storage {

static Blob key_of(const Address& address) { return {short_hash(address.key)}; }

static IdentityId read_identity(const Row& row) { return IdentityId{row.uuid(0)}; }

Conversation read_own(const Row& row) {
    Conversation out;
    out.id = ConversationId{row.uuid(0)};
    out.channel = ChannelId{row.uuid(1)};
    out.identity = IdentityId{row.uuid(2)};
    out.contact = ContactId{row.uuid(3)};
    out.contact_name = row.text(4);
    out.window_closes_at = row.time_if(5);
    out.waiting = row.integer(6) != 0;
    if (const auto last = row.uuid_if(7)) out.last_message = MessageId{*last};
    out.updated_at = row.time(8);
    out.blocked_at = row.time_if(9);
    return out;
}

std::optional<IdentityId> SqlTransaction::identity_with(ChannelId channel, const Address& address) {
    if (ahead_) {
        const auto known = ahead_->addresses.find({channel, address.kind, short_hash(address.key)});
        if (known != ahead_->addresses.end() && known->second) return known->second;
    }
    return sql_.first(
        "SELECT identity_id FROM addresses WHERE workspace_id=$1 AND channel_id=$2 AND kind=$3 AND hash=$4",
        read_identity, workspace_, channel, address.kind, key_of(address));
}

SqlTransaction::Known SqlTransaction::find_person(ChannelId channel, const Person& person) {
    std::set<IdentityId> found;  // in order of age: ids are ordered by time
    Known out;
    for (const Address& address : person.addresses) {
        const auto known = identity_with(channel, address);
        if (known)
            found.insert(*known);
        else
            out.has_new_addresses = true;
    }
    if (found.empty()) return out;
    out.identity = *found.begin();
    for (const IdentityId& other : found)
        if (other != *out.identity) join_identities(*out.identity, other);
    return out;
}

IdentityId SqlTransaction::make_identity(ChannelId channel, const Person& person, Timestamp now) {
    const auto contact = make_id<ContactId>();
    const auto identity = make_id<IdentityId>();
    sql_.exec("INSERT INTO contacts (workspace_id, id, name) VALUES ($1, $2, $3)", workspace_, contact, person.name);
    sql_.exec("INSERT INTO identities (workspace_id, id, contact_id, channel_id) VALUES ($1, $2, $3, $4)", workspace_,
              identity, contact, channel);
    sql_.exec(
        "INSERT INTO conversations (workspace_id, id, channel_id, identity_id, contact_id, window_closes_at,"
        " waiting, last_message, updated_at, version) VALUES ($1, $2, $3, $4, $5, NULL, 0, NULL, $6, 0)",
        workspace_, make_id<ConversationId>(), channel, identity, contact, now);
    return identity;
}

// The older identity keeps its conversation; what belonged to the other follows.
void SqlTransaction::join_identities(IdentityId kept, IdentityId other) {
    ahead_.reset();
    const auto conversation_of_identity = [&](IdentityId identity) {
        return sql_.first(
            "SELECT id FROM conversations WHERE workspace_id=$1 AND identity_id=$2",
            [](const Row& row) { return ConversationId{row.uuid(0)}; }, workspace_, identity);
    };
    const auto to = conversation_of_identity(kept);
    const auto from = conversation_of_identity(other);
    if (to && from) join_conversations(*to, *from);
    sql_.exec("UPDATE addresses SET identity_id=$2 WHERE workspace_id=$1 AND identity_id=$3", workspace_, kept, other);
    join_contacts(kept, other);
    sql_.exec("DELETE FROM identities WHERE workspace_id=$1 AND id=$2", workspace_, other);
}

void SqlTransaction::join_conversations(ConversationId kept, ConversationId other) {
    lock_conversation(std::min(kept, other));
    lock_conversation(std::max(kept, other));
    auto into = conversation(kept, std::nullopt);
    const auto gone = conversation(other, std::nullopt);
    if (!into || !gone) return;
    join_readings(kept, other);
    // A client id names one message of a conversation: what the kept one has already stays with it.
    sql_.exec(
        "UPDATE messages SET client_id='' WHERE workspace_id=$1 AND conversation_id=$3 AND client_id IN"
        " (SELECT m.client_id FROM messages m WHERE m.workspace_id=$1 AND m.conversation_id=$2 AND m.client_id<>'')",
        workspace_, kept, other);
    for (const Uuid& moved : sql_.rows(
             "UPDATE messages SET conversation_id=$2 WHERE workspace_id=$1 AND conversation_id=$3 RETURNING id",
             [](const Row& row) { return row.uuid(0); }, workspace_, kept, other))
        note_change("message", moved);
    sql_.exec("UPDATE outbox SET conversation_id=$2 WHERE workspace_id=$1 AND conversation_id=$3", workspace_, kept,
              other);
    into->waiting = into->waiting || gone->waiting;
    if (!into->window_closes_at || gone->window_closes_at > into->window_closes_at)
        into->window_closes_at = gone->window_closes_at;
    if (gone->last_message && (!into->last_message || gone->updated_at > into->updated_at)) {
        into->updated_at = gone->updated_at;
        into->last_message = gone->last_message;
    }
    if (!gone->blocked_at) into->blocked_at.reset();  // there is a way to reach the person
    save_conversation(*into);
    note_change("conversation", kept.value());
    sql_.exec("DELETE FROM readings WHERE workspace_id=$1 AND conversation_id=$2", workspace_, other);
    sql_.exec(
        "INSERT INTO drafts (workspace_id, user_id, conversation_id, body, note, saved_at)"
        " SELECT workspace_id, user_id, $2, body, note, saved_at FROM drafts"
        " WHERE workspace_id=$1 AND conversation_id=$3 ON CONFLICT DO NOTHING",
        workspace_, kept, other);
    sql_.exec("DELETE FROM drafts WHERE workspace_id=$1 AND conversation_id=$2", workspace_, other);
    sql_.exec("DELETE FROM conversations WHERE workspace_id=$1 AND id=$2", workspace_, other);
    note_change("conversation", other.value());
}

// What a user has not read in either of the two stays unread; before the messages move.
void SqlTransaction::join_readings(ConversationId kept, ConversationId other) {
    const auto readers = sql_.rows(
        "SELECT user_id, max(read_to) FROM readings WHERE workspace_id=$1 AND conversation_id IN ($2, $3)"
        " GROUP BY user_id",
        [](const Row& row) { return std::pair{UserId{row.uuid(0)}, row.time(1)}; }, workspace_, kept, other);
    for (const auto& [reader, read_to] : readers) {
        const auto unread = sql_.first(
            "SELECT min(m.created_at) FROM messages m WHERE m.workspace_id=$1 AND m.conversation_id IN ($2, $3) AND"
            " m.direction=0 AND m.created_at > coalesce((SELECT r.read_to FROM readings r WHERE r.workspace_id=$1 AND"
            " r.user_id=$4 AND r.conversation_id=m.conversation_id), 0)",
            [](const Row& row) { return row.time_if(0); }, workspace_, kept, other, reader);
        const Timestamp joined = unread && *unread ? std::min(read_to, **unread - 1ms) : read_to;
        sql_.exec(
            "INSERT INTO readings (workspace_id, user_id, conversation_id, read_to) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (workspace_id, user_id, conversation_id) DO UPDATE SET read_to = excluded.read_to",
            workspace_, reader, kept, joined);
    }
}

// The older contact keeps its name, and takes the other's when it has none.
void SqlTransaction::join_contacts(IdentityId kept, IdentityId other) {
    const auto contact_of = [&](IdentityId identity) {
        return sql_.first(
            "SELECT contact_id FROM identities WHERE workspace_id=$1 AND id=$2",
            [](const Row& row) { return row.uuid(0); }, workspace_, identity);
    };
    const auto to = contact_of(kept);
    const auto from = contact_of(other);
    if (!to || !from || *to == *from) return;
    sql_.exec(
        "UPDATE contacts SET name=(SELECT c.name FROM contacts c WHERE c.workspace_id=$1 AND c.id=$3)"
        " WHERE workspace_id=$1 AND id=$2 AND name=''",
        workspace_, *to, *from);
    sql_.exec("DELETE FROM contacts WHERE workspace_id=$1 AND id=$2", workspace_, *from);
}

void SqlTransaction::attach(ChannelId channel, IdentityId identity, const Person& person) {
    std::int64_t rank = 0;
    if (ahead_) ahead_->spelled.erase(identity);
    for (const Address& address : person.addresses) {
        sql_.exec(
            "INSERT INTO addresses (workspace_id, channel_id, kind, hash, value, rank, identity_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            workspace_, channel, address.kind, key_of(address), address.value, rank++, identity);
        if (ahead_) ahead_->addresses[{channel, address.kind, short_hash(address.key)}] = identity;
    }
}

const std::string own_columns =
    "conversations.id, conversations.channel_id, conversations.identity_id, conversations.contact_id,"
    " (SELECT k.name FROM contacts k WHERE k.workspace_id=conversations.workspace_id AND "
    "k.id=conversations.contact_id),"
    " conversations.window_closes_at, conversations.waiting, conversations.last_message, conversations.updated_at,"
    " conversations.blocked_at";

Conversation SqlTransaction::lock_conversation_of(IdentityId identity) {
    static const std::string read =
        "SELECT " + own_columns + " FROM conversations WHERE workspace_id=$1 AND identity_id=$2";
    static const std::string lock = "SELECT " + own_columns +
                                    " FROM conversations WHERE workspace_id=$1 AND identity_id=$2"
                                    " FOR UPDATE OF conversations";
    if (ahead_)
        if (const auto known = ahead_->conversations.find(identity); known != ahead_->conversations.end())
            return known->second;
    auto conversation = sql_.first(sql_.needs_locks() ? lock : read, read_own, workspace_, identity);
    if (!conversation) throw SqlConflict("the person was joined to another or erased meanwhile");
    is_locked_now(conversation->id.value());
    if (ahead_) ahead_->conversations[identity] = *conversation;
    return std::move(*conversation);
}

Conversation SqlTransaction::conversation_of(ChannelId channel, const Person& person, Timestamp now) {
    Known known = find_person(channel, person);
    // The channel's lock keeps another writer from making the same person at the same moment.
    if (known.has_new_addresses && lock_channel(channel)) known = find_person(channel, person);
    const IdentityId identity = known.identity ? *known.identity : make_identity(channel, person, now);
    if (known.has_new_addresses) attach(channel, identity, person);
    Conversation conversation = lock_conversation_of(identity);
    if (conversation.contact_name.empty() && !person.name.empty()) {
        conversation.contact_name = person.name;
        sql_.exec("UPDATE contacts SET name=$3 WHERE workspace_id=$1 AND id=$2", workspace_, conversation.contact,
                  person.name);
        if (ahead_) ahead_->conversations[identity] = conversation;
    }
    return conversation;
}

std::optional<Conversation> SqlTransaction::known_conversation_of(ChannelId channel, const Person& person) {
    const Known known = find_person(channel, person);
    if (!known.identity) return std::nullopt;
    return lock_conversation_of(*known.identity);
}

void SqlTransaction::replace_addresses(ChannelId channel, const AddressChange& change) {
    ahead_.reset();
    const auto identity = find_person(channel, Person{change.before, {}}).identity;
    if (!identity) return;
    for (const Address& address : change.before)
        if (std::ranges::find(change.after, address.kind, &Address::kind) != change.after.end())
            sql_.exec("DELETE FROM addresses WHERE workspace_id=$1 AND channel_id=$2 AND kind=$3 AND hash=$4",
                      workspace_, channel, address.kind, key_of(address));
    // The new name may already be somebody: then the two are one person.
    if (const auto other = find_person(channel, Person{change.after, {}}).identity; other && *other != *identity) {
        const auto [kept, gone] = std::minmax(*identity, *other);
        join_identities(kept, gone);
        attach(channel, kept, Person{change.after, {}});
        note_conversation_of(kept);
        return;
    }
    attach(channel, *identity, Person{change.after, {}});
    note_conversation_of(*identity);
}

// Known without a question.
bool SqlTransaction::are_nobodys(ChannelId channel, const std::vector<Address>& addresses) const {
    return ahead_ && std::ranges::all_of(addresses, [&](const Address& address) {
               const auto known = ahead_->addresses.find({channel, address.kind, short_hash(address.key)});
               return known != ahead_->addresses.end() && !known->second;
           });
}

// The person's; what it is spelled like now.
void SqlTransaction::put_address(ChannelId channel, IdentityId identity, const Address& address, std::int64_t rank) {
    static const std::string insert =
        "INSERT INTO addresses (workspace_id, channel_id, kind, hash, value, rank, identity_id)";
    static const std::string or_spell =
        " ON CONFLICT (workspace_id, channel_id, kind, hash) DO UPDATE SET value = excluded.value";
    static const std::string one = insert + " VALUES ($1, $2, $3, $4, $5, $6, $7)" + or_spell;
    static const std::string many =
        insert +
        " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::int8[], $7::uuid[])" +
        or_spell;
    const Blob hash = key_of(address);
    const std::vector<SqlValue> values{sql(workspace_),    sql(channel), sql(address.kind), hash,
                                       sql(address.value), sql(rank),    sql(identity)};
    const std::string name = short_hash(channel.value().text() + address.kind + hash.bytes);
    Uuid key;
    std::ranges::copy(name, key.bytes.begin());
    if (!ahead_ || !sql_.put_aside(many, key, values)) sql_.run(one, values, {});
}

void SqlTransaction::learn_addresses(ChannelId channel, IdentityId identity, const std::vector<Address>& addresses) {
    const std::vector<Address> known = addresses_of(identity);
    const bool is_news = std::ranges::any_of(addresses, [&](const Address& one) {
        return std::ranges::none_of(
            known, [&](const Address& other) { return other.kind == one.kind && other.value == one.value; });
    });
    if (!is_news) return;
    IdentityId kept = identity;
    if (!are_nobodys(channel, addresses))
        if (const auto other = find_person(channel, Person{addresses, {}}).identity; other && *other != identity) {
            kept = std::min(identity, *other);
            join_identities(kept, std::max(identity, *other));
        }
    std::int64_t rank = 0;
    for (const Address& address : addresses) {
        put_address(channel, kept, address, rank++);
        if (ahead_) ahead_->addresses[{channel, address.kind, short_hash(address.key)}] = kept;
    }
    if (ahead_) ahead_->spelled.erase(kept);
    note_conversation_of(kept);
}

void SqlTransaction::note_conversation_of(IdentityId identity) {
    if (ahead_)
        if (const auto known = ahead_->conversations.find(identity); known != ahead_->conversations.end())
            return note_change("conversation", known->second.id.value());
    const auto id = sql_.first(
        "SELECT id FROM conversations WHERE workspace_id=$1 AND identity_id=$2",
        [](const Row& row) { return row.uuid(0); }, workspace_, identity);
    if (id) note_change("conversation", *id);
}

std::vector<Address> SqlTransaction::addresses_of(IdentityId identity) {
    if (ahead_)
        if (const auto known = ahead_->spelled.find(identity); known != ahead_->spelled.end()) return known->second;
    return sql_.rows(
        "SELECT kind, value FROM addresses WHERE workspace_id=$1 AND identity_id=$2 ORDER BY rank, kind, value",
        [](const Row& row) { return Address{row.text(0), row.text(1), row.text(1)}; }, workspace_, identity);
}

std::optional<IdentityId> SqlTransaction::identity_of(ConversationId id) {
    if (ahead_)
        if (const auto known = ahead_->people.find(id); known != ahead_->people.end()) return known->second;
    return sql_.first("SELECT identity_id FROM conversations WHERE workspace_id=$1 AND id=$2", read_identity,
                      workspace_, id);
}

void SqlTransaction::save_conversation(const Conversation& conversation) {
    const SqlValue closes = conversation.window_closes_at ? sql(*conversation.window_closes_at) : SqlValue{};
    std::vector<SqlValue> values{sql(workspace_),
                                 sql(conversation.id),
                                 closes,
                                 sql(conversation.waiting),
                                 sql(conversation.last_message),
                                 sql(conversation.updated_at),
                                 conversation.blocked_at ? sql(*conversation.blocked_at) : SqlValue{}};
    if (ahead_)
        if (const auto known = ahead_->conversations.find(conversation.identity); known != ahead_->conversations.end())
            known->second = conversation;
    const bool is_aside = sql_.put_aside(
        "UPDATE conversations c SET version = c.version + 1, window_closes_at=v.closes, waiting=v.waiting,"
        " last_message=v.last, updated_at=v.updated, blocked_at=v.blocked FROM unnest($1::uuid[], $2::uuid[],"
        " $3::int8[], $4::int8[], $5::uuid[], $6::int8[], $7::int8[]) v(workspace, id, closes, waiting, last, updated,"
        " blocked)"
        " WHERE c.workspace_id=v.workspace AND c.id=v.id",
        conversation.id.value(), values);
    if (is_aside) return;
    sql_.run(
        "UPDATE conversations SET version = version + 1, window_closes_at=$3, waiting=$4, last_message=$5,"
        " updated_at=$6, blocked_at=$7 WHERE workspace_id=$1 AND id=$2",
        values, {});
}

void SqlTransaction::save_referral(ContactId contact, const std::string& referral) {
    sql_.exec("UPDATE contacts SET referral=$3 WHERE workspace_id=$1 AND id=$2", workspace_, contact, referral);
}

void SqlTransaction::note_name_asked(ContactId contact, Timestamp now) {
    const std::vector<SqlValue> values{sql(workspace_), sql(contact), sql(now)};
    const bool is_aside = sql_.put_aside(
        "UPDATE contacts k SET name_asked_at=v.asked FROM unnest($1::uuid[], $2::uuid[], $3::int8[]) v(workspace, id,"
        " asked) WHERE k.workspace_id=v.workspace AND k.id=v.id",
        contact.value(), values);
    if (!is_aside) sql_.run("UPDATE contacts SET name_asked_at=$3 WHERE workspace_id=$1 AND id=$2", values, {});
}

void SqlTransaction::name_contact(ContactId contact, const std::string& name) {
    const bool is_named = sql_.exec("UPDATE contacts SET name=$3 WHERE workspace_id=$1 AND id=$2 AND name=''",
                                    workspace_, contact, name) > 0;
    if (!is_named) return;
    for (const Uuid& conversation : sql_.rows(
             "SELECT id FROM conversations WHERE workspace_id=$1 AND contact_id=$2",
             [](const Row& row) { return row.uuid(0); }, workspace_, contact))
        note_change("conversation", conversation);
}

void SqlTransaction::mark_read(ConversationId id, UserId reader) {
    sql_.exec(
        "INSERT INTO readings (workspace_id, user_id, conversation_id, read_to) SELECT $1, $2, $3,"
        " coalesce(max(created_at), 0) FROM messages WHERE workspace_id=$1 AND conversation_id=$3 AND direction=0"
        " ON CONFLICT (workspace_id, user_id, conversation_id) DO UPDATE SET read_to = excluded.read_to",
        workspace_, reader, id);
}

void SqlTransaction::save_draft(ConversationId id, UserId author, const Draft& draft, Timestamp now) {
    if (draft.is_empty()) {
        sql_.exec("DELETE FROM drafts WHERE workspace_id=$1 AND user_id=$2 AND conversation_id=$3", workspace_, author,
                  id);
        return;
    }
    sql_.exec(
        "INSERT INTO drafts (workspace_id, user_id, conversation_id, body, note, saved_at) VALUES ($1,$2,$3,$4,$5,$6)"
        " ON CONFLICT (workspace_id, user_id, conversation_id)"
        " DO UPDATE SET body = excluded.body, note = excluded.note, saved_at = excluded.saved_at",
        workspace_, author, id, draft.text, draft.note, now);
}

}  // namespace okno::storage
