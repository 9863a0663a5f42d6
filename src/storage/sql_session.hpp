// The whole installation inside one commit: people, sessions, the dispatcher's queue, and each workspace.
#pragma once

#include "app/ports/ownership.hpp"
#include "storage/sql_transaction.hpp"

#include <map>
#include <vector>

namespace okno::storage {

class SqlSession final : public StoreSession {
public:
    // `ownership` null: everything is this process's.
    SqlSession(Sql& sql, const SealingKey& key, const Ownership* ownership = nullptr)
        : sql_(sql), key_(key), ownership_(ownership) {}

    Transaction& in(WorkspaceId workspace) override;
    bool has_users() override;
    WorkspaceId make_workspace(const std::string& name, Timestamp now) override;
    std::vector<WorkspaceId> workspaces() override;
    std::optional<WorkspaceId> workspace_named(const std::string& name) override;
    void insert_user(const User& user, Timestamp now) override;
    std::optional<User> user_by_email(const std::string& email) override;
    std::optional<User> user(UserId id) override;
    void insert_session(const std::string& token_hash, UserId user, const std::string& csrf_token,
                        Timestamp expires) override;
    std::optional<Session> session(const std::string& token_hash, Timestamp now) override;
    void delete_session(const std::string& token_hash) override;
    void insert_api_token(const std::string& token_hash, UserId user, const std::string& name, Timestamp now) override;
    std::optional<User> user_by_api_token(const std::string& token_hash) override;
    std::vector<Channel> all_channels() override;
    std::vector<Nameless> nameless(int limit) override;
    std::vector<std::pair<WorkspaceId, ChannelId>> channels_with_due(Timestamp now) override;
    std::vector<OutboxRow> due(WorkspaceId workspace, ChannelId channel, Timestamp now, int limit) override;
    void mark_sending(std::vector<OutboxRow>& rows) override;
    bool may_note(const OutboxRow& row) override;
    std::vector<OutboxRow> left_in_flight() override;
    bool remove_left_in_flight(const OutboxRow& row) override;
    bool return_left_in_flight(const OutboxRow& row) override;
    std::vector<std::pair<WorkspaceId, Media>> media_to_fetch(Timestamp real_now, int limit) override;
    void hurry_media(Timestamp real_now) override;
    bool is_file_needed(const std::string& sha256) override;
    void remove_unsent_media(Timestamp created_before) override;
    std::vector<WaitingEvent> waiting_before(Timestamp before, int limit) override;
    std::vector<WaitingEvent> waiting_with_target(int limit) override;
    void prune(Timestamp changes_before, Timestamp real_now) override;
    void touch() override;
    std::string intake_progress() override;

    Sql& sql() { return sql_; }
    // Of an intake that is a file beside the database: which one, and how far it is applied.
    std::pair<std::string, std::int64_t> intake_position();
    void set_intake_position(const std::string& generation, std::int64_t position);

    // One closure in a savepoint: what it throws undoes it alone, its noted changes included, and is thrown on.
    void run_alone(const Store::Work& work);
    // Without one: what it throws is to undo the whole transaction. It starts without what another had read ahead.
    void run(const Store::Work& work);
    // The workspace whose changes were noted first; nil when there are none.
    WorkspaceId changed_workspace() const;
    // Numbers the changes of every workspace; gives those that have some. The last step before COMMIT.
    std::vector<WorkspaceId> number_changes();

private:
    bool is_ours(ChannelId channel) const;
    void mark_ours_sending(std::vector<OutboxRow>& rows);
    std::vector<WaitingEvent> ours(std::vector<WaitingEvent> events) const;

    Sql& sql_;
    const SealingKey& key_;
    const Ownership* const ownership_;
    std::map<WorkspaceId, SqlTransaction> workspaces_;
    std::map<std::pair<int, std::int64_t>, bool> may_note_;  // by partition and epoch, asked in this transaction
};

}  // namespace okno::storage
