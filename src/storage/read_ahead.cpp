#include "storage/read_ahead.hpp"

#include "storage/conversation_rows.hpp"
#include "storage/message_rows.hpp"
#include "storage/sql_transaction.hpp"

#include <algorithm>

namespace okno::storage {

Delivery* ReadAhead::delivery(ChannelId channel, DeliveryId id) {
    const auto known = by_delivery.find({channel, id});
    Sent* found = known == by_delivery.end() ? nullptr : sent_with(known->second);
    if (found == nullptr) return nullptr;
    const auto one = std::ranges::find(found->deliveries, id, &Delivery::id);
    return one == found->deliveries.end() ? nullptr : &*one;
}

void SqlTransaction::read_ahead(const std::map<ChannelId, Foreseen>& foreseen) {
    if (sql_.engine() == Engine::sqlite) return;
    if (!ahead_) ahead_.emplace();
    const std::set<IdentityId> people = read_people_ahead(foreseen);
    std::set<MessageId> messages = read_reports_ahead(foreseen);
    std::set<MessageId> leaving;
    for (const auto& [channel, what] : foreseen) {
        messages.insert(what.ours.begin(), what.ours.end());
        leaving.insert(what.leaving.begin(), what.leaving.end());
    }
    messages.insert(leaving.begin(), leaving.end());
    read_conversations_ahead(conversations_ahead(people, messages), true);
    // Only of conversations that are locked: of those that became another's meanwhile nothing is known here.
    read_messages_ahead(messages, [&](Message message) {
        if (ahead_->people.contains(message.conversation)) ahead_->sent[message.id].message = std::move(message);
    });
    read_deliveries_ahead(messages);
    read_media_ahead(leaving);
    read_names_ahead(foreseen);
}

void SqlTransaction::look_ahead(const std::set<MessageId>& messages, const std::set<ConversationId>& conversations) {
    if (sql_.engine() == Engine::sqlite) return;
    if (!ahead_) ahead_.emplace();
    std::set<ConversationId> all = conversations_ahead({}, messages);
    all.insert(conversations.begin(), conversations.end());
    read_conversations_ahead(all, false);
    read_messages_ahead(messages, [&](Message message) { ahead_->seen[message.id] = std::move(message); });
}

std::set<IdentityId> SqlTransaction::read_people_ahead(const std::map<ChannelId, Foreseen>& foreseen) {
    Columns wanted(4);
    const auto want = [&](ChannelId channel, const std::vector<Address>& addresses) {
        for (const Address& address : addresses) {
            const ReadAhead::AddressKey key{channel, address.kind, short_hash(address.key)};
            if (!ahead_->addresses.try_emplace(key, std::nullopt).second) continue;
            add_row(wanted, {sql(workspace_), sql(channel), sql(address.kind), Blob{std::get<2>(key)}});
        }
    };
    for (const auto& [channel, what] : foreseen) {
        for (const InboundMessage* message : what.messages)
            want(channel, message->from.addresses);
        for (const StatusReport* report : what.reports)
            want(channel, report->to);
        want(channel, what.told);
    }
    std::set<IdentityId> people;
    if (wanted.front().empty()) return people;
    sql_.run_batch(
        "SELECT a.channel_id, a.kind, a.hash, a.identity_id FROM unnest($1::uuid[], $2::uuid[], $3::text[],"
        " $4::bytea[]) w(workspace, channel, kind, hash) JOIN addresses a ON a.workspace_id=w.workspace AND"
        " a.channel_id=w.channel AND a.kind=w.kind AND a.hash=w.hash",
        wanted, [&](const Row& row) {
            const IdentityId identity{row.uuid(3)};
            ahead_->addresses[{ChannelId{row.uuid(0)}, row.text(1), row.bytes(2)}] = identity;
            people.insert(identity);
        });
    return people;
}

// By our own reference; by the provider's name where it gives none back.
std::set<MessageId> SqlTransaction::read_reports_ahead(const std::map<ChannelId, Foreseen>& foreseen) {
    std::set<MessageId> messages;
    Columns referred(3);
    Columns named(3);
    for (const auto& [channel, what] : foreseen)
        for (const StatusReport* report : what.reports) {
            if (const auto ours = parse_uuid(report->reference))
                add_row(referred, {sql(workspace_), sql(channel), sql(*ours)});
            else if (!report->provider_id.value().empty())
                add_row(named, {sql(workspace_), sql(channel), Blob{short_hash(report->provider_id.value())}});
        }
    const auto note = [&](const Row& row) { messages.insert(MessageId{row.uuid(0)}); };
    if (!referred.front().empty())
        sql_.run_batch(
            "SELECT d.message_id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) w(workspace, channel, id) JOIN"
            " deliveries d ON d.workspace_id=w.workspace AND d.id=w.id AND d.channel_id=w.channel",
            referred, note);
    if (!named.front().empty())
        sql_.run_batch(
            "SELECT d.message_id FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) w(workspace, channel, hash) JOIN"
            " deliveries d ON d.workspace_id=w.workspace AND d.channel_id=w.channel AND d.provider_hash=w.hash",
            named, note);
    return messages;
}

std::set<ConversationId> SqlTransaction::conversations_ahead(const std::set<IdentityId>& people,
                                                             const std::set<MessageId>& messages) {
    std::set<ConversationId> out;
    const auto note = [&](const Row& row) { out.insert(ConversationId{row.uuid(0)}); };
    if (!people.empty())
        sql_.run_batch(
            "SELECT c.id FROM unnest($1::uuid[], $2::uuid[]) w(workspace, identity) JOIN conversations c ON"
            " c.workspace_id=w.workspace AND c.identity_id=w.identity",
            rows_of(workspace_, people), note);
    if (!messages.empty())
        sql_.run_batch(
            "SELECT DISTINCT m.conversation_id FROM unnest($1::uuid[], $2::uuid[]) w(workspace, id) JOIN messages m ON"
            " m.workspace_id=w.workspace AND m.id=w.id",
            rows_of(workspace_, messages), note);
    return out;
}

// In the order of their ids, whoever locks several.
void SqlTransaction::read_conversations_ahead(const std::set<ConversationId>& conversations, bool is_locking) {
    if (conversations.empty()) return;
    static const std::string read =
        "SELECT " + own_columns +
        " FROM conversations WHERE conversations.workspace_id=($1::uuid[])[1] AND conversations.id=ANY($2::uuid[])"
        " ORDER BY conversations.id";
    static const std::string lock =
        "SELECT " + own_columns +
        " FROM conversations WHERE conversations.workspace_id=($1::uuid[])[1] AND conversations.id=ANY($2::uuid[])"
        " ORDER BY conversations.id FOR UPDATE OF conversations";
    std::set<IdentityId> people;
    sql_.run_batch(is_locking ? lock : read, rows_of(workspace_, conversations), [&](const Row& row) {
        Conversation conversation = read_own(row);
        if (is_locking) is_locked_now(conversation.id.value());
        people.insert(conversation.identity);
        ahead_->people[conversation.id] = conversation.identity;
        ahead_->conversations[conversation.identity] = std::move(conversation);
    });
    read_addresses_ahead(people);
}

void SqlTransaction::read_addresses_ahead(const std::set<IdentityId>& people) {
    if (people.empty()) return;
    for (const IdentityId& person : people)
        ahead_->spelled[person].clear();
    sql_.run_batch(
        "SELECT a.identity_id, a.kind, a.value FROM unnest($1::uuid[], $2::uuid[]) w(workspace, identity) JOIN"
        " addresses a ON a.workspace_id=w.workspace AND a.identity_id=w.identity ORDER BY a.identity_id, a.rank,"
        " a.kind, a.value",
        rows_of(workspace_, people), [&](const Row& row) {
            ahead_->spelled[IdentityId{row.uuid(0)}].push_back({row.text(1), row.text(2), row.text(2)});
        });
}

void SqlTransaction::read_messages_ahead(const std::set<MessageId>& messages,
                                         const std::function<void(Message)>& keep) {
    if (messages.empty()) return;
    static const std::string read_named =
        "SELECT " + message_columns +
        " FROM unnest($1::uuid[], $2::uuid[]) w(workspace, id) JOIN messages m ON m.workspace_id=w.workspace AND"
        " m.id=w.id";
    sql_.run_batch(read_named, rows_of(workspace_, messages), [&](const Row& row) { keep(read_message(row)); });
}

void SqlTransaction::read_seen_messages_ahead(const std::set<MessageId>& messages) {
    std::set<MessageId> wanted;
    for (const MessageId& id : messages)
        if (!ahead_->seen.contains(id)) wanted.insert(id);
    std::set<MessageId> with_files;
    read_messages_ahead(wanted, [&](Message message) {
        if (message.type != "text") with_files.insert(message.id);
        ahead_->seen[message.id] = std::move(message);
    });
    for (const MessageId& id : with_files)
        ahead_->seen_media[id].clear();
    read_files_of(with_files, [&](Media media) { ahead_->seen_media[*media.message].push_back(std::move(media)); });
}

void SqlTransaction::read_deliveries_ahead(const std::set<MessageId>& messages) {
    if (messages.empty()) return;
    for (const MessageId& id : messages)
        if (ReadAhead::Sent* sent = ahead_->sent_with(id)) sent->deliveries.clear();
    static const std::string read_deliveries =
        "SELECT " + delivery_columns +
        ", d.channel_id, d.provider_hash FROM unnest($1::uuid[], $2::uuid[]) w(workspace, message) JOIN deliveries d ON"
        " d.workspace_id=w.workspace AND d.message_id=w.message ORDER BY d.message_id, d.attempt, d.part";
    sql_.run_batch(read_deliveries, rows_of(workspace_, messages), [&](const Row& row) {
        Delivery delivery = read_delivery(row);
        ReadAhead::Sent* sent = ahead_->sent_with(delivery.message);
        if (sent == nullptr) return;
        const ChannelId channel{row.uuid(delivery_column_count)};
        ahead_->by_delivery[{channel, delivery.id}] = delivery.message;
        if (!row.is_null(delivery_column_count + 1))
            ahead_->by_name[{channel, row.bytes(delivery_column_count + 1)}] = delivery.id;
        sent->deliveries.push_back(std::move(delivery));
    });
}

void SqlTransaction::read_media_ahead(const std::set<MessageId>& messages) {
    for (const MessageId& id : messages)
        if (ReadAhead::Sent* sent = ahead_->sent_with(id)) sent->media.emplace();
    read_files_of(messages, [&](Media media) {
        ReadAhead::Sent* sent = ahead_->sent_with(*media.message);
        if (sent != nullptr) sent->media->push_back(std::move(media));
    });
}

// In the order of their ids.
void SqlTransaction::read_files_of(const std::set<MessageId>& messages, const std::function<void(Media)>& keep) {
    if (messages.empty()) return;
    static const std::string read =
        "SELECT " + media_columns +
        " FROM unnest($1::uuid[], $2::uuid[]) w(workspace, message) JOIN media f ON f.workspace_id=w.workspace AND"
        " f.message_id=w.message ORDER BY f.id";
    sql_.run_batch(read, rows_of(workspace_, messages), [&](const Row& row) {
        Media media = read_media(row);
        if (media.message) keep(std::move(media));
    });
}

void SqlTransaction::read_names_ahead(const std::map<ChannelId, Foreseen>& foreseen) {
    Columns wanted(3);
    const auto want = [&](ChannelId channel, const ProviderMessageId& id) {
        if (id.value().empty()) return;
        const std::string hash = short_hash(id.value());
        if (ahead_->asked.insert({channel, hash}).second) add_row(wanted, {sql(workspace_), sql(channel), Blob{hash}});
    };
    for (const auto& [channel, what] : foreseen) {
        for (const InboundMessage* message : what.messages)
            want(channel, message->provider_id);
        for (const StatusReport* report : what.reports)
            want(channel, report->provider_id);
        for (const ProviderMessageId& name : what.names)
            want(channel, name);
    }
    if (wanted.front().empty()) return;
    const auto read_into = [&](std::set<ReadAhead::NameKey>& names) {
        return [&names](const Row& row) { names.insert({ChannelId{row.uuid(0)}, row.bytes(1)}); };
    };
    static const std::string named =
        "SELECT w.channel, w.hash FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) w(workspace, channel, hash) JOIN ";
    sql_.run_batch(
        named + "messages m ON m.workspace_id=w.workspace AND m.channel_id=w.channel AND m.provider_hash=w.hash",
        wanted, read_into(ahead_->stored));
    sql_.run_batch(named +
                       "waiting_events e ON e.workspace_id=w.workspace AND e.channel_id=w.channel AND"
                       " e.target_hash=w.hash",
                   wanted, read_into(ahead_->waiting));
}

}  // namespace okno::storage
