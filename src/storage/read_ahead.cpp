#include "storage/read_ahead.hpp"

#include "storage/conversation_rows.hpp"
#include "storage/sql_transaction.hpp"

namespace okno::storage {

void SqlTransaction::read_ahead(ChannelId channel, const std::vector<const InboundMessage*>& messages) {
    if (sql_.engine() == Engine::sqlite || messages.empty()) return;
    if (!ahead_) ahead_.emplace();
    read_people_ahead(channel, messages);
    read_names_ahead(channel, messages);
}

void SqlTransaction::read_people_ahead(ChannelId channel, const std::vector<const InboundMessage*>& messages) {
    Columns wanted(4);
    for (const InboundMessage* message : messages) {
        for (const Address& address : message->from.addresses) {
            const ReadAhead::AddressKey key{channel, address.kind, short_hash(address.key)};
            if (!ahead_->addresses.try_emplace(key, std::nullopt).second) continue;
            add_row(wanted, {sql(workspace_), sql(channel), sql(address.kind), Blob{std::get<2>(key)}});
        }
    }
    if (wanted.front().empty()) return;
    std::set<IdentityId> identities;
    sql_.run_batch(
        "SELECT a.kind, a.hash, a.identity_id FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[])"
        " w(workspace, channel, kind, hash) JOIN addresses a ON a.workspace_id=w.workspace AND a.channel_id=w.channel"
        " AND a.kind=w.kind AND a.hash=w.hash",
        wanted, [&](const Row& row) {
            const IdentityId identity{row.uuid(2)};
            ahead_->addresses[{channel, row.text(0), row.bytes(1)}] = identity;
            if (!ahead_->conversations.contains(identity)) identities.insert(identity);
        });
    if (identities.empty()) return;
    Columns locked(2);
    for (const IdentityId& identity : identities)
        add_row(locked, {sql(workspace_), sql(identity)});
    static const std::string lock =
        "UPDATE conversations SET version = version + 1 FROM unnest($1::uuid[], $2::uuid[]) w(workspace, identity)"
        " WHERE conversations.workspace_id=w.workspace AND conversations.identity_id=w.identity RETURNING " +
        own_columns;
    sql_.run_batch(lock, locked, [&](const Row& row) {
        Conversation conversation = read_own(row);
        is_locked_now(conversation.id.value());
        ahead_->conversations[conversation.identity] = std::move(conversation);
    });
}

void SqlTransaction::read_names_ahead(ChannelId channel, const std::vector<const InboundMessage*>& messages) {
    Columns wanted(3);
    for (const InboundMessage* message : messages) {
        if (message->provider_id.value().empty()) continue;
        const std::string hash = short_hash(message->provider_id.value());
        if (ahead_->asked.insert({channel, hash}).second) add_row(wanted, {sql(workspace_), sql(channel), Blob{hash}});
    }
    if (wanted.front().empty()) return;
    const auto read_into = [&](std::set<ReadAhead::NameKey>& names) {
        return [&names, channel](const Row& row) { names.insert({channel, row.bytes(0)}); };
    };
    static const std::string named =
        "SELECT w.hash FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) w(workspace, channel, hash) JOIN ";
    sql_.run_batch(
        named + "messages m ON m.workspace_id=w.workspace AND m.channel_id=w.channel AND m.provider_hash=w.hash",
        wanted, read_into(ahead_->stored));
    sql_.run_batch(named +
                       "waiting_events e ON e.workspace_id=w.workspace AND e.channel_id=w.channel AND"
                       " e.target_hash=w.hash",
                   wanted, read_into(ahead_->waiting));
}

}  // namespace okno::storage
