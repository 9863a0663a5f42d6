#include "storage/message_rows.hpp"
#include "storage/sql_transaction.hpp"
#include "storage/status_times.hpp"

#include <algorithm>

namespace okno::storage {

static SqlValue hash_of(const ProviderMessageId& id) {
    return id.value().empty() ? SqlValue{} : SqlValue{Blob{short_hash(id.value())}};
}

static SqlValue status_value(const std::optional<MessageStatus>& status) {
    return status ? sql(static_cast<int>(*status)) : SqlValue{};
}

const std::string message_columns =
    "m.id, m.conversation_id, m.client_id, m.direction, m.type, m.body, m.content, m.status, m.status_times,"
    " m.error_code, m.error_message, m.provider_id, m.reply_to, m.author_kind, m.author_id, m.author_name, m.attempt,"
    " m.is_edited, m.is_deleted, m.created_at, m.position, m.price, m.purpose, m.is_broadcast,"
    " m.wanted_change";
static const std::string some_messages = "SELECT " + message_columns + " FROM messages m WHERE m.workspace_id=$1";

Message read_message(const Row& row) {
    Message out;
    out.id = MessageId{row.uuid(0)};
    out.conversation = ConversationId{row.uuid(1)};
    out.client_id = row.text(2);
    out.direction = static_cast<Direction>(row.integer(3));
    out.type = row.text(4);
    out.text = row.text(5);
    out.content = row.text(6);
    if (!row.is_null(7)) out.status = static_cast<MessageStatus>(row.integer(7));
    out.status_times = read_status_times(row.text(8));
    out.error_code = row.text(9);
    out.error_message = row.text(10);
    out.provider_id = ProviderMessageId{row.text(11)};
    if (const auto quoted = row.uuid_if(12)) out.reply_to = MessageId{*quoted};
    out.author = {static_cast<AuthorKind>(row.integer(13)), UserId{row.uuid(14)}, row.text(15)};
    out.attempt = static_cast<int>(row.integer(16));
    out.is_edited = row.integer(17) != 0;
    out.is_deleted = row.integer(18) != 0;
    out.created_at = row.time(19);
    out.position = row.time(20);
    out.price = row.text(21);
    out.purpose = read_purpose(row.text(22)).value_or(Purpose::support);
    out.is_broadcast = row.integer(23) != 0;
    out.wanted_change = read_wanted_change(row.text(24));
    return out;
}

static const std::string inserted_columns =
    "INSERT INTO messages (workspace_id, id, conversation_id, channel_id, client_id, direction, type, body, content,"
    " status, status_times, error_code, error_message, provider_id, provider_hash, reply_to, author_kind, author_id,"
    " author_name, attempt, is_edited, is_deleted, created_at, position, purpose, is_broadcast)";

bool SqlTransaction::insert_message_if_new(ChannelId channel, const Message& message) {
    static const std::string one = inserted_columns +
                                   " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,"
                                   "$21,$22,$23,$24,$25,$26) ON CONFLICT DO NOTHING";
    // Another writer's message of the same name makes the batch fail, and then it is read anew.
    static const std::string many =
        inserted_columns +
        " SELECT * FROM unnest($1::uuid[],$2::uuid[],$3::uuid[],$4::uuid[],$5::text[],$6::int8[],$7::text[],"
        "$8::text[],$9::text[],$10::int8[],$11::text[],$12::text[],$13::text[],$14::text[],$15::bytea[],$16::uuid[],"
        "$17::int8[],$18::uuid[],$19::text[],$20::int8[],$21::int8[],$22::int8[],$23::int8[],$24::int8[],"
        "$25::text[],$26::int8[])";
    const std::vector<SqlValue> values{sql(workspace_),
                                       sql(message.id),
                                       sql(message.conversation),
                                       sql(channel),
                                       sql(message.client_id),
                                       sql(static_cast<int>(message.direction)),
                                       sql(message.type),
                                       sql(message.text),
                                       sql(message.content),
                                       status_value(message.status),
                                       sql(write_status_times(message.status_times)),
                                       sql(message.error_code),
                                       sql(message.error_message),
                                       sql(message.provider_id),
                                       hash_of(message.provider_id),
                                       sql(message.reply_to),
                                       sql(static_cast<int>(message.author.kind)),
                                       sql(message.author.user),
                                       sql(message.author.name),
                                       sql(message.attempt),
                                       sql(message.is_edited),
                                       sql(message.is_deleted),
                                       sql(message.created_at),
                                       sql(message.position),
                                       sql(name_of(message.purpose)),
                                       sql(message.is_broadcast)};
    if (ahead_) {
        const ReadAhead::NameKey name{channel, short_hash(message.provider_id.value())};
        if (ahead_->stored.contains(name)) return false;
        if (ahead_->is_new(name) && sql_.put_aside(many, message.id.value(), values)) {
            ahead_->stored.insert(name);
            return true;
        }
    }
    return sql_.run(one, values, {}) > 0;
}

std::optional<Message> SqlTransaction::message(MessageId id) {
    if (const ReadAhead::Sent* sent = ahead_ ? ahead_->sent_with(id) : nullptr) return sent->message;
    if (ahead_)
        if (const auto known = ahead_->seen.find(id); known != ahead_->seen.end()) return known->second;
    static const std::string statement = some_messages + " AND id=$2";
    return sql_.first(statement, read_message, workspace_, id);
}

std::optional<Message> SqlTransaction::message_by_provider_id(ChannelId channel, const ProviderMessageId& id) {
    if (id.value().empty()) return std::nullopt;
    static const std::string statement = some_messages + " AND channel_id=$2 AND provider_hash=$3";
    const Blob hash{short_hash(id.value())};
    if (ahead_ && ahead_->is_new({channel, hash.bytes})) return std::nullopt;
    return sql_.first(statement, read_message, workspace_, channel, hash);
}

std::optional<Message> SqlTransaction::message_by_client_id(ConversationId id, const std::string& client_id) {
    return sql_.first(some_messages + " AND conversation_id=$2 AND client_id=$3 AND client_id<>''", read_message,
                      workspace_, id, client_id);
}

std::vector<Message> SqlTransaction::messages(ConversationId id, std::optional<std::pair<Timestamp, MessageId>> before,
                                              int limit) {
    std::string statement = some_messages + " AND conversation_id=$2";
    if (before) statement += " AND (position, id) < ($3, $4)";
    statement += " ORDER BY position DESC, id DESC LIMIT $5";
    const SqlValue time = before ? sql(before->first) : SqlValue{};
    const SqlValue last = before ? sql(before->second) : SqlValue{};
    std::vector<Message> out;
    sql_.run(statement, {sql(workspace_), sql(id), time, last, sql(limit)},
             [&](const Row& row) { out.push_back(read_message(row)); });
    return out;
}

bool SqlTransaction::has_customer_written(ConversationId id) {
    return sql_
        .first(
            "SELECT 1 FROM messages WHERE workspace_id=$1 AND conversation_id=$2 AND direction=0 LIMIT 1",
            [](const Row&) { return true; }, workspace_, id)
        .has_value();
}

std::vector<Message> SqlTransaction::last_made_messages(std::optional<MessageId> before, int limit) {
    std::string statement = some_messages;
    if (before) statement += " AND id < $2";
    statement += " ORDER BY id DESC LIMIT $3";
    return sql_.rows(statement, read_message, workspace_, before, limit);
}

void SqlTransaction::save_message(const Message& message) {
    if (ReadAhead::Sent* sent = ahead_ ? ahead_->sent_with(message.id) : nullptr) sent->message = message;
    if (ahead_ && !message.provider_id.value().empty()) ahead_->given.insert(short_hash(message.provider_id.value()));
    const std::vector<SqlValue> values{sql(workspace_),
                                       sql(message.id),
                                       sql(message.text),
                                       sql(message.content),
                                       status_value(message.status),
                                       sql(write_status_times(message.status_times)),
                                       sql(message.error_code),
                                       sql(message.error_message),
                                       sql(message.provider_id),
                                       hash_of(message.provider_id),
                                       sql(message.attempt),
                                       sql(message.is_edited),
                                       sql(message.is_deleted),
                                       sql(message.price),
                                       sql(write_wanted_change(message.wanted_change))};
    const bool is_aside =
        ahead_ &&
        sql_.put_aside(
            "UPDATE messages m SET body=v.body, content=v.content, status=v.status, status_times=v.times,"
            " error_code=v.code, error_message=v.words, provider_id=v.name, provider_hash=v.hash, attempt=v.attempt,"
            " is_edited=v.edited, is_deleted=v.deleted, price=v.price, wanted_change=v.change FROM"
            " unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int8[], $6::text[], $7::text[], $8::text[], "
            "$9::text[], $10::bytea[], $11::int8[],"
            " $12::int8[], $13::int8[], $14::text[], $15::text[]) v(workspace, id, body, content, status,"
            " times, code, words, name, hash, attempt, edited, deleted, price, change) WHERE "
            "m.workspace_id=v.workspace AND m.id=v.id",
            message.id.value(), values);
    if (is_aside) return;
    sql_.run(
        "UPDATE messages SET body=$3, content=$4, status=$5, status_times=$6, error_code=$7, error_message=$8,"
        " provider_id=$9, provider_hash=$10, attempt=$11, is_edited=$12, is_deleted=$13, price=$14,"
        " wanted_change=$15"
        " WHERE workspace_id=$1 AND id=$2",
        values, {});
}

const std::string delivery_columns =
    "d.id, d.message_id, d.part, d.attempt, d.provider_id, d.status, d.status_times, d.error_code, d.error_message,"
    " d.price";
static const std::string some_deliveries = "SELECT " + delivery_columns + " FROM deliveries d WHERE d.workspace_id=$1";

Delivery read_delivery(const Row& row) {
    Delivery out;
    out.id = DeliveryId{row.uuid(0)};
    out.message = MessageId{row.uuid(1)};
    out.part = static_cast<int>(row.integer(2));
    out.attempt = static_cast<int>(row.integer(3));
    out.provider_id = ProviderMessageId{row.text(4)};
    out.status = static_cast<MessageStatus>(row.integer(5));
    out.status_times = read_status_times(row.text(6));
    out.error_code = row.text(7);
    out.error_message = row.text(8);
    out.price = row.text(9);
    return out;
}

void SqlTransaction::insert_delivery(ChannelId channel, const Delivery& delivery) {
    if (ahead_) ahead_->sent.erase(delivery.message);
    sql_.run(
        "INSERT INTO deliveries (workspace_id, id, message_id, channel_id, part, attempt, provider_id,"
        " provider_hash, status, status_times, error_code, error_message)"
        " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        {sql(workspace_), sql(delivery.id), sql(delivery.message), sql(channel), sql(delivery.part),
         sql(delivery.attempt), sql(delivery.provider_id), hash_of(delivery.provider_id),
         sql(static_cast<int>(delivery.status)), sql(write_status_times(delivery.status_times)),
         sql(delivery.error_code), sql(delivery.error_message)},
        {});
}

void SqlTransaction::save_delivery(ChannelId channel, const Delivery& delivery) {
    if (Delivery* known = ahead_ ? ahead_->delivery(channel, delivery.id) : nullptr) {
        *known = delivery;
        if (!delivery.provider_id.value().empty())
            ahead_->by_name[{channel, short_hash(delivery.provider_id.value())}] = delivery.id;
    }
    const std::vector<SqlValue> values{sql(workspace_),
                                       sql(delivery.id),
                                       sql(channel),
                                       sql(delivery.provider_id),
                                       hash_of(delivery.provider_id),
                                       sql(static_cast<int>(delivery.status)),
                                       sql(write_status_times(delivery.status_times)),
                                       sql(delivery.error_code),
                                       sql(delivery.error_message),
                                       sql(delivery.price)};
    const bool is_aside =
        ahead_ &&
        sql_.put_aside(
            "UPDATE deliveries d SET provider_id=v.name, provider_hash=v.hash, status=v.status, status_times=v.times,"
            " error_code=v.code, error_message=v.words, price=v.price FROM unnest($1::uuid[], $2::uuid[], $3::uuid[],"
            " $4::text[], $5::bytea[], $6::int8[], $7::text[], $8::text[], $9::text[], $10::text[]) v(workspace, id,"
            " channel, name, hash, status, times, code, words, price)"
            " WHERE d.workspace_id=v.workspace AND d.id=v.id AND d.channel_id=v.channel",
            delivery.id.value(), values);
    if (is_aside) return;
    sql_.run(
        "UPDATE deliveries SET provider_id=$4, provider_hash=$5, status=$6, status_times=$7, error_code=$8,"
        " error_message=$9, price=$10 WHERE workspace_id=$1 AND id=$2 AND channel_id=$3",
        values, {});
}

std::vector<Delivery> SqlTransaction::deliveries(MessageId message) {
    static const std::string statement = some_deliveries + " AND message_id=$2 ORDER BY attempt, part";
    if (const ReadAhead::Sent* sent = ahead_ ? ahead_->sent_with(message) : nullptr) return sent->deliveries;
    return sql_.rows(statement, read_delivery, workspace_, message);
}

std::optional<Delivery> SqlTransaction::find_delivery(ChannelId channel, const std::string& reference,
                                                      const ProviderMessageId& id) {
    static const std::string by_reference = some_deliveries + " AND id=$2 AND channel_id=$3";
    static const std::string by_provider = some_deliveries + " AND channel_id=$2 AND provider_hash=$3";
    if (const auto ours = parse_uuid(reference)) {
        if (const Delivery* known = ahead_ ? ahead_->delivery(channel, DeliveryId{*ours}) : nullptr) return *known;
        if (auto found = sql_.first(by_reference, read_delivery, workspace_, *ours, channel)) return found;
    }
    if (id.value().empty()) return std::nullopt;
    const std::string hash = short_hash(id.value());
    if (ahead_)
        if (const auto named = ahead_->by_name.find({channel, hash}); named != ahead_->by_name.end())
            if (const Delivery* known = ahead_->delivery(channel, named->second)) return *known;
    return sql_.first(by_provider, read_delivery, workspace_, channel, Blob{hash});
}

}  // namespace okno::storage
