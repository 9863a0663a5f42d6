#include "base/json.hpp"
#include "domain/policy_text.hpp"
#include "storage/sql_transaction.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace okno::storage {

namespace json = boost::json;

const char* const channel_columns =
    "id, workspace_id, messenger, name, address, webhook_key, settings, credentials, state, state_reason, created_at,"
    " policy, state_since, called_at, silent_since";

static std::string sealing_context(const WorkspaceId& workspace, const ChannelId& channel) {
    return workspace.value().text() + "/" + channel.value().text() + "/credentials";
}

static std::map<std::string, std::string> read_texts(const std::string& text) {
    std::map<std::string, std::string> out;
    const auto document = parse_json(text);
    if (!document || !document->is_object()) return out;
    for (const auto& member : document->get_object())
        if (const auto* value = member.value().if_string())
            out.emplace(std::string(member.key().data(), member.key().size()),
                        std::string(value->data(), value->size()));
    return out;
}

Channel read_channel(const Row& row, const SealingKey& key) {
    Channel out;
    out.id = ChannelId{row.uuid(0)};
    out.workspace = WorkspaceId{row.uuid(1)};
    out.messenger = row.text(2);
    out.name = row.text(3);
    out.address = row.text(4);
    out.key = row.text(5);
    out.settings = read_texts(row.text(6));
    // Credentials that the key does not open are as good as none: the channel then says that its token is missing.
    const auto opened = open_sealed(key, sealing_context(out.workspace, out.id), row.bytes(7));
    for (auto& [name, value] : read_texts(opened.value_or("{}")))
        out.credentials.emplace(name, Secret(value));
    out.state = read_channel_state(row.text(8));
    out.state_reason = row.text(9);
    out.created_at = row.time(10);
    out.policy = read_policy(row.text(11));
    out.state_since = row.time(12);
    out.called_at = row.time_if(13);
    out.silent_since = row.time_if(14);
    return out;
}

bool opens_credentials(Sql& sql, const SealingKey& key) {
    const auto opens = [&](const Row& row) {
        return open_sealed(key, sealing_context(WorkspaceId{row.uuid(0)}, ChannelId{row.uuid(1)}), row.bytes(2))
            .has_value();
    };
    return std::ranges::all_of(sql.rows("SELECT workspace_id, id, credentials FROM channels", opens), std::identity{});
}

static std::string settings_of(const Channel& channel) {
    json::object out;
    for (const auto& [name, value] : channel.settings)
        out[name] = value;
    return json::serialize(out);
}

static Blob credentials_of(const Channel& channel, const SealingKey& key) {
    json::object out;
    for (const auto& [name, value] : channel.credentials)
        out[name] = value.reveal();
    return {seal(key, sealing_context(channel.workspace, channel.id), json::serialize(out))};
}

std::vector<Channel> SqlTransaction::channels() {
    return sql_.rows(
        std::string("SELECT ") + channel_columns + " FROM channels WHERE workspace_id=$1 ORDER BY id",
        [&](const Row& row) { return read_channel(row, key_); }, workspace_);
}

std::optional<Channel> SqlTransaction::channel(ChannelId id) {
    return sql_.first(
        std::string("SELECT ") + channel_columns + " FROM channels WHERE workspace_id=$1 AND id=$2",
        [&](const Row& row) { return read_channel(row, key_); }, workspace_, id);
}

bool SqlTransaction::insert_channel(const Channel& channel) {
    const bool is_free = sql_.exec(
                             "INSERT INTO channel_addresses (messenger, address, workspace_id, channel_id)"
                             " VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING",
                             channel.messenger, channel.address, workspace_, channel.id) > 0;
    if (!is_free) return false;
    sql_.exec(
        "INSERT INTO channels (id, workspace_id, messenger, name, address, webhook_key, settings, credentials,"
        " state, state_reason, created_at, policy, state_since) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        channel.id, workspace_, channel.messenger, channel.name, channel.address, channel.key, settings_of(channel),
        credentials_of(channel, key_), name_of(channel.state), channel.state_reason, channel.created_at,
        write_policy(channel.policy), channel.state_since);
    return true;
}

void SqlTransaction::save_channel(const Channel& channel) {
    sql_.exec(
        "UPDATE channels SET name=$3, settings=$4, credentials=$5, state=$6, state_reason=$7, policy=$8, "
        "state_since=$9,"
        " called_at=$10, silent_since=$11"
        " WHERE workspace_id=$1 AND id=$2",
        workspace_, channel.id, channel.name, settings_of(channel), credentials_of(channel, key_),
        name_of(channel.state), channel.state_reason, write_policy(channel.policy), channel.state_since,
        channel.called_at, channel.silent_since);
}

void SqlTransaction::delete_channel(ChannelId id) {
    sql_.exec("DELETE FROM outbox WHERE workspace_id=$1 AND channel_id=$2", workspace_, id);
    sql_.exec("DELETE FROM channel_addresses WHERE workspace_id=$1 AND channel_id=$2", workspace_, id);
    sql_.exec("DELETE FROM poll_cursors WHERE workspace_id=$1 AND channel_id=$2", workspace_, id);
    sql_.exec("DELETE FROM channels WHERE workspace_id=$1 AND id=$2", workspace_, id);
}

std::string SqlTransaction::poll_cursor(ChannelId id) {
    return sql_
        .first(
            "SELECT cursor FROM poll_cursors WHERE workspace_id=$1 AND channel_id=$2",
            [](const Row& row) { return row.text(0); }, workspace_, id)
        .value_or("");
}

void SqlTransaction::save_poll_cursor(ChannelId id, const std::string& cursor) {
    sql_.exec(
        "INSERT INTO poll_cursors (workspace_id, channel_id, cursor) VALUES ($1, $2, $3)"
        " ON CONFLICT (workspace_id, channel_id) DO UPDATE SET cursor = excluded.cursor",
        workspace_, id, cursor);
}

static SetAside read_set_aside(const Row& row) {
    SetAside out;
    out.channel = ChannelId{row.uuid(0)};
    out.number = row.integer(1);
    out.received_at = row.time(2);
    out.reason = row.text(3);
    out.proof = row.text(4);
    out.bytes = row.bytes(5);
    return out;
}

void SqlTransaction::set_aside(const SetAside& row) {
    sql_.exec(
        "INSERT INTO set_aside (workspace_id, channel_id, number, received_at, reason, proof, raw) SELECT $1, $2,"
        " coalesce(max(number), 0) + 1, $3, $4, $5, $6 FROM set_aside WHERE workspace_id=$1 AND channel_id=$2",
        workspace_, row.channel, row.received_at, row.reason, row.proof, Blob{row.bytes});
}

std::vector<SetAside> SqlTransaction::set_aside_of(ChannelId channel, std::optional<std::int64_t> before, int limit) {
    return sql_.rows(
        "SELECT channel_id, number, received_at, reason, proof, raw FROM set_aside"
        " WHERE workspace_id=$1 AND channel_id=$2 AND number<$3 ORDER BY number DESC LIMIT $4",
        read_set_aside, workspace_, channel, before.value_or(std::numeric_limits<std::int64_t>::max()), limit);
}

std::optional<SetAside> SqlTransaction::take_set_aside(ChannelId channel, std::int64_t number) {
    return sql_.first(
        "DELETE FROM set_aside WHERE workspace_id=$1 AND channel_id=$2 AND number=$3"
        " RETURNING channel_id, number, received_at, reason, proof, raw",
        read_set_aside, workspace_, channel, number);
}

}  // namespace okno::storage
