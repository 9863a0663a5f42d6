#include "storage/sql_session.hpp"

#include "domain/partition.hpp"
#include "domain/retry_schedule.hpp"
#include "storage/outbox_rows.hpp"

#include <set>

namespace okno::storage {

Transaction& SqlSession::in(WorkspaceId workspace) {
    return workspaces_.try_emplace(workspace, sql_, workspace, key_).first->second;
}

bool SqlSession::has_users() {
    return sql_.first("SELECT 1 FROM users LIMIT 1", [](const Row&) { return true; }).has_value();
}

WorkspaceId SqlSession::make_workspace(const std::string& name, Timestamp now) {
    const auto id = make_id<WorkspaceId>();
    sql_.exec("INSERT INTO workspaces (id, name, change_seq, created_at) VALUES ($1,$2,0,$3)", id, name, now);
    return id;
}

std::vector<WorkspaceId> SqlSession::workspaces() {
    return sql_.rows("SELECT id FROM workspaces ORDER BY id", [](const Row& row) { return WorkspaceId{row.uuid(0)}; });
}

std::optional<WorkspaceId> SqlSession::workspace_named(const std::string& name) {
    return sql_.first(
        "SELECT id FROM workspaces WHERE name=$1 ORDER BY id", [](const Row& row) { return WorkspaceId{row.uuid(0)}; },
        name);
}

void SqlSession::insert_user(const User& user, Timestamp now) {
    sql_.exec("INSERT INTO users (id, email, name, password_hash, created_at) VALUES ($1,$2,$3,$4,$5)", user.id,
              user.email, user.name, user.password_hash, now);
    sql_.exec("INSERT INTO memberships (user_id, workspace_id, role) VALUES ($1,$2,$3)", user.id, user.workspace,
              user.role);
}

static const std::string user_columns =
    "SELECT u.id, u.email, u.name, u.password_hash, m.workspace_id, w.name, m.role FROM users u"
    " JOIN memberships m ON m.user_id=u.id JOIN workspaces w ON w.id=m.workspace_id";

static User read_user(const Row& row) {
    return {UserId{row.uuid(0)},      row.text(1), row.text(2), row.text(3),
            WorkspaceId{row.uuid(4)}, row.text(5), row.text(6)};
}

std::optional<User> SqlSession::user_by_email(const std::string& email) {
    return sql_.first(user_columns + " WHERE u.email=$1", read_user, email);
}

std::optional<User> SqlSession::user(UserId id) { return sql_.first(user_columns + " WHERE u.id=$1", read_user, id); }

void SqlSession::insert_session(const std::string& token_hash, UserId user, const std::string& csrf_token,
                                Timestamp expires) {
    sql_.exec(
        "INSERT INTO sessions (workspace_id, token_hash, user_id, csrf_token, expires_at)"
        " SELECT workspace_id, $1, $2, $3, $4 FROM memberships WHERE user_id=$2",
        Blob{token_hash}, user, csrf_token, expires);
}

std::optional<Session> SqlSession::session(const std::string& token_hash, Timestamp now) {
    const auto found = sql_.first(
        "SELECT user_id, csrf_token, expires_at FROM sessions WHERE token_hash=$1 AND expires_at>$2",
        [](const Row& row) { return std::tuple{UserId{row.uuid(0)}, row.text(1), row.time(2)}; }, Blob{token_hash},
        now);
    if (!found) return std::nullopt;
    auto& [owner_id, csrf_token, expires_at] = *found;
    auto owner = user(owner_id);
    if (!owner) return std::nullopt;
    return Session{std::move(*owner), std::move(csrf_token), expires_at};
}

void SqlSession::delete_session(const std::string& token_hash) {
    sql_.exec("DELETE FROM sessions WHERE token_hash=$1", Blob{token_hash});
}

void SqlSession::insert_api_token(const std::string& token_hash, UserId user, const std::string& name, Timestamp now) {
    sql_.exec(
        "INSERT INTO api_tokens (workspace_id, token_hash, user_id, name, created_at)"
        " SELECT workspace_id, $1, $2, $3, $4 FROM memberships WHERE user_id=$2",
        Blob{token_hash}, user, name, now);
}

std::optional<User> SqlSession::user_by_api_token(const std::string& token_hash) {
    const auto found = sql_.first(
        "SELECT user_id FROM api_tokens WHERE token_hash=$1", [](const Row& row) { return UserId{row.uuid(0)}; },
        Blob{token_hash});
    return found ? user(*found) : std::nullopt;
}

std::vector<Channel> SqlSession::all_channels() {
    return sql_.rows(std::string("SELECT ") + channel_columns + " FROM channels ORDER BY workspace_id, id",
                     [&](const Row& row) { return read_channel(row, key_); });
}

std::vector<Nameless> SqlSession::nameless(int limit) {
    auto people = sql_.rows(
        "SELECT k.workspace_id, i.channel_id, k.id, i.id FROM contacts k"
        " JOIN identities i ON i.workspace_id=k.workspace_id AND i.contact_id=k.id"
        " JOIN channels c ON c.workspace_id=i.workspace_id AND c.id=i.channel_id"
        " WHERE k.name='' AND k.name_asked_at IS NULL AND c.state IN ('connected', 'connecting')"
        " ORDER BY k.workspace_id, k.id LIMIT $1",
        [](const Row& row) {
            return Nameless{WorkspaceId{row.uuid(0)}, ChannelId{row.uuid(1)}, ContactId{row.uuid(2)},
                            IdentityId{row.uuid(3)}};
        },
        limit);
    std::erase_if(people, [&](const Nameless& one) { return !is_ours(one.channel); });
    return people;
}

std::vector<std::pair<WorkspaceId, ChannelId>> SqlSession::channels_with_due(Timestamp now) {
    // By channel and in the order of the index, so that the first row found will do, however many wait there.
    auto channels = sql_.rows(
        "SELECT c.workspace_id, c.id FROM channels c WHERE (SELECT 1 FROM outbox o WHERE o.workspace_id=c.workspace_id"
        " AND o.channel_id=c.id AND o.is_sending=0 AND (o.due_at<=$1 OR o.due_at>$2) ORDER BY o.queued_at,"
        " o.delivery_id LIMIT 1) IS NOT NULL ORDER BY c.workspace_id, c.id",
        [](const Row& row) { return std::pair{WorkspaceId{row.uuid(0)}, ChannelId{row.uuid(1)}}; }, now,
        now + longest_retry_delay);
    std::erase_if(channels, [&](const auto& channel) { return !is_ours(channel.second); });
    return channels;
}

std::vector<OutboxRow> SqlSession::due(WorkspaceId workspace, ChannelId channel, Timestamp now, int limit) {
    // Only the head of a conversation may leave: a row that is leaving or was postponed holds those behind it. Ids are
    // made in order, so the parts of a text stay together also when another was queued in the same millisecond.
    static const std::string statement =
        outbox_columns +
        " WHERE o.workspace_id=$1 AND o.channel_id=$2 AND o.is_sending=0 AND (o.due_at<=$3 OR o.due_at>$5) AND NOT"
        " EXISTS (SELECT 1 FROM outbox b WHERE b.workspace_id=o.workspace_id AND b.conversation_id=o.conversation_id"
        " AND (b.queued_at, b.delivery_id) < (o.queued_at, o.delivery_id)) ORDER BY o.queued_at, o.delivery_id LIMIT "
        "$4";
    std::vector<OutboxRow> out;
    sql_.run_planned(statement,
                     {storage::sql(workspace), storage::sql(channel), storage::sql(now), storage::sql(limit),
                      storage::sql(now + longest_retry_delay)},
                     [&](const Row& row) { out.push_back(read_outbox(row)); });
    return out;
}

bool SqlSession::is_ours(ChannelId channel) const {
    return ownership_ == nullptr || ownership_->epoch_of(partition_of(channel)).has_value();
}

void SqlSession::mark_sending(std::vector<OutboxRow>& rows) {
    static const std::string take_one =
        "UPDATE outbox SET is_sending=1, epoch=$3 WHERE workspace_id=$1 AND delivery_id=$2 AND is_sending=0";
    if (ownership_ == nullptr)
        std::erase_if(rows, [&](const OutboxRow& row) {
            return sql_.exec(take_one, row.workspace, row.delivery, row.epoch) == 0;
        });
    else
        mark_ours_sending(rows);
}

void SqlSession::mark_ours_sending(std::vector<OutboxRow>& rows) {
    // The epoch is asked for in the statement that takes, so that nothing can come between.
    static const std::string take =
        "UPDATE outbox o SET is_sending=1, epoch=w.epoch FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[],"
        " $5::text[]) w(workspace, delivery, epoch, partition, owner) WHERE o.workspace_id=w.workspace AND"
        " o.delivery_id=w.delivery AND o.is_sending=0 AND EXISTS (SELECT 1 FROM partitions p WHERE p.id=w.partition AND"
        " p.owner=w.owner AND p.epoch=w.epoch AND p.lease_until>(extract(epoch FROM clock_timestamp())*1000)::bigint)"
        " RETURNING o.delivery_id";
    Columns wanted(5);
    for (OutboxRow& row : rows) {
        const int partition = partition_of(row.channel);
        const auto epoch = ownership_->epoch_of(partition);
        if (!epoch) continue;
        row.epoch = *epoch;
        add_row(wanted, {storage::sql(row.workspace), storage::sql(row.delivery), storage::sql(row.epoch),
                         storage::sql(partition), storage::sql(ownership_->node())});
    }
    std::set<DeliveryId> taken;
    if (!wanted.front().empty())
        sql_.run_batch(take, wanted, [&](const Row& row) { taken.insert(DeliveryId{row.uuid(0)}); });
    std::erase_if(rows, [&](const OutboxRow& row) { return !taken.contains(row.delivery); });
}

bool SqlSession::may_note(const OutboxRow& row) {
    static const std::string ask =
        "SELECT 1 FROM partitions WHERE id=$1 AND owner=$2 AND epoch=$3 AND"
        " lease_until>(extract(epoch FROM clock_timestamp())*1000)::bigint";
    if (ownership_ == nullptr) return true;
    // A transaction that began before the lease ended holds the conversation: the next owner waits for its end. So what
    // was asked once holds for every conversation that was locked before.
    if (in(row.workspace).lock_conversation(row.conversation)) may_note_.clear();
    const int partition = partition_of(row.channel);
    const auto known = may_note_.find({partition, row.epoch});
    if (known != may_note_.end()) return known->second;
    const bool may =
        sql_.first(ask, [](const Row&) { return true; }, partition, ownership_->node(), row.epoch).has_value();
    return may_note_[{partition, row.epoch}] = may;
}

std::vector<OutboxRow> SqlSession::left_in_flight() {
    auto rows = sql_.rows(outbox_columns + " WHERE o.is_sending=1 ORDER BY o.workspace_id, o.delivery_id", read_outbox);
    if (ownership_ == nullptr) return rows;
    std::erase_if(rows, [&](const OutboxRow& row) {
        const auto epoch = ownership_->epoch_of(partition_of(row.channel));
        return !epoch || *epoch == row.epoch;
    });
    return rows;
}

bool SqlSession::remove_left_in_flight(const OutboxRow& row) {
    return sql_.exec("DELETE FROM outbox WHERE workspace_id=$1 AND delivery_id=$2 AND is_sending=1 AND epoch=$3",
                     row.workspace, row.delivery, row.epoch) > 0;
}

bool SqlSession::return_left_in_flight(const OutboxRow& row) {
    return sql_.exec(
               "UPDATE outbox SET is_sending=0, epoch=0, due_at=0 WHERE workspace_id=$1 AND delivery_id=$2 AND"
               " is_sending=1 AND epoch=$3",
               row.workspace, row.delivery, row.epoch) > 0;
}

static const std::string waiting_columns =
    "SELECT w.id, w.workspace_id, w.channel_id, w.event, w.arrived_at FROM waiting_events w";

static WaitingEvent read_waiting(const Row& row) {
    return {row.uuid(0), WorkspaceId{row.uuid(1)}, ChannelId{row.uuid(2)}, row.text(3), row.time(4)};
}

// Another owner's are left to it, also where that makes a page shorter: what is over goes at the next sweep.
std::vector<WaitingEvent> SqlSession::ours(std::vector<WaitingEvent> events) const {
    std::erase_if(events, [&](const WaitingEvent& event) { return !is_ours(event.channel); });
    return events;
}

std::vector<WaitingEvent> SqlSession::waiting_before(Timestamp before, int limit) {
    return ours(
        sql_.rows(waiting_columns + " WHERE w.arrived_at<$1 ORDER BY w.id LIMIT $2", read_waiting, before, limit));
}

std::vector<WaitingEvent> SqlSession::waiting_with_target(int limit) {
    const auto has = [](const std::string& table) {
        return "EXISTS (SELECT 1 FROM " + table +
               " t WHERE t.workspace_id=w.workspace_id AND t.channel_id=w.channel_id AND"
               " t.provider_hash=w.target_hash)";
    };
    return ours(sql_.rows(
        waiting_columns + " WHERE " + has("messages") + " OR " + has("deliveries") + " ORDER BY w.id LIMIT $1",
        read_waiting, limit));
}

void SqlSession::prune(Timestamp changes_before, Timestamp real_now) {
    // Providers repeat a webhook for up to 7 days.
    constexpr auto repeated_for = std::chrono::days(9);
    sql_.exec("DELETE FROM changes WHERE noted_at<$1", changes_before);
    sql_.exec("DELETE FROM message_changes WHERE happened_at<$1", real_now - repeated_for);
    sql_.exec("DELETE FROM sessions WHERE expires_at<$1", real_now);
    sql_.exec(
        "DELETE FROM push_subscriptions WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE"
        " s.workspace_id=push_subscriptions.workspace_id AND s.token_hash=push_subscriptions.session_hash)");
    sql_.exec("DELETE FROM kept_replies WHERE kept_at<$1", real_now - 24h);
    if (sql_.engine() == Engine::postgres) sql_.exec("DELETE FROM operations WHERE done_at<$1", real_now - 1h);
}

void SqlSession::touch() { sql_.exec("UPDATE schema_version SET version = version"); }

std::string SqlSession::intake_progress() {
    if (sql_.engine() == Engine::postgres) {
        const auto count =
            sql_.first("SELECT count(*) FROM intake", [](const Row& row) { return row.integer(0); }).value_or(0);
        return std::to_string(count) + " webhooks wait";
    }
    return "applied up to " + std::to_string(intake_position().second);
}

std::pair<std::string, std::int64_t> SqlSession::intake_position() {
    return sql_
        .first("SELECT generation, number FROM intake_position",
               [](const Row& row) { return std::pair{row.text(0), row.integer(1)}; })
        .value_or(std::pair{std::string(), std::int64_t{0}});
}

void SqlSession::set_intake_position(const std::string& generation, std::int64_t position) {
    sql_.exec(
        "INSERT INTO intake_position (only_row, generation, number) VALUES (1, $1, $2) ON CONFLICT (only_row)"
        " DO UPDATE SET generation = excluded.generation, number = excluded.number",
        generation, position);
}

void SqlSession::run(const Store::Work& work) {
    for (auto& [id, workspace] : workspaces_)
        workspace.forget_ahead();
    work(*this);
}

void SqlSession::run_alone(const Store::Work& work) {
    std::map<WorkspaceId, std::size_t> noted;
    for (const auto& [id, workspace] : workspaces_)
        noted[id] = workspace.noted();
    sql_.script("SAVEPOINT alone");
    try {
        work(*this);
        sql_.script("RELEASE alone");
    } catch (const SqlUnavailable&) {  // takes the whole group down; SQLite may have undone it already
        throw;
    } catch (...) {
        sql_.script("ROLLBACK TO alone; RELEASE alone");
        for (auto& [id, workspace] : workspaces_)
            workspace.forget_changes_after(noted[id]);
        throw;
    }
}

WorkspaceId SqlSession::changed_workspace() const {
    for (const auto& [id, workspace] : workspaces_)
        if (workspace.noted() > 0) return id;
    return {};
}

std::vector<WorkspaceId> SqlSession::number_changes() {
    std::vector<WorkspaceId> changed;
    for (auto& [id, workspace] : workspaces_)
        if (workspace.number_changes()) changed.push_back(id);
    return changed;
}

}  // namespace okno::storage
