#include "storage/migrations/migrations.hpp"

#include <array>

namespace okno::storage {

// Every key begins with the workspace, so that the tables can be sharded by it; the global ones (workspaces,
// users, memberships, channel_addresses, intake_position) are small and are copied to every shard there.
static constexpr std::string_view first_tables = R"(
CREATE TABLE workspaces (id @id PRIMARY KEY, name @text NOT NULL, change_seq @int8 NOT NULL, created_at @time NOT NULL);
CREATE TABLE users (id @id PRIMARY KEY, email @text NOT NULL UNIQUE, name @text NOT NULL, password_hash @text NOT NULL,
  created_at @time NOT NULL);
CREATE TABLE memberships (user_id @id NOT NULL, workspace_id @id NOT NULL, role @text NOT NULL,
  PRIMARY KEY (user_id, workspace_id));
CREATE TABLE sessions (workspace_id @id NOT NULL, token_hash @bytes NOT NULL, user_id @id NOT NULL,
  csrf_token @text NOT NULL, expires_at @time NOT NULL, PRIMARY KEY (workspace_id, token_hash));
CREATE TABLE api_tokens (workspace_id @id NOT NULL, token_hash @bytes NOT NULL, user_id @id NOT NULL,
  name @text NOT NULL, created_at @time NOT NULL, PRIMARY KEY (workspace_id, token_hash));
CREATE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX api_tokens_by_token ON api_tokens (token_hash);
CREATE TABLE channel_addresses (messenger @text NOT NULL, address @text NOT NULL, workspace_id @id NOT NULL,
  channel_id @id NOT NULL, PRIMARY KEY (messenger, address));
CREATE TABLE channels (workspace_id @id NOT NULL, id @id NOT NULL, messenger @text NOT NULL, name @text NOT NULL,
  address @text NOT NULL, webhook_key @text NOT NULL, settings @text NOT NULL, credentials @bytes NOT NULL,
  state @text NOT NULL, state_reason @text NOT NULL, created_at @time NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE TABLE contacts (workspace_id @id NOT NULL, id @id NOT NULL, name @text NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE TABLE identities (workspace_id @id NOT NULL, id @id NOT NULL, contact_id @id NOT NULL, channel_id @id NOT NULL,
  PRIMARY KEY (workspace_id, id));
CREATE TABLE addresses (workspace_id @id NOT NULL, channel_id @id NOT NULL, kind @text NOT NULL, hash @bytes NOT NULL,
  value @text NOT NULL, rank @int8 NOT NULL, identity_id @id NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, kind, hash));
CREATE INDEX addresses_of_identity ON addresses (workspace_id, identity_id);
CREATE TABLE conversations (workspace_id @id NOT NULL, id @id NOT NULL, channel_id @id NOT NULL,
  identity_id @id NOT NULL, contact_id @id NOT NULL, window_closes_at @time, waiting @bool NOT NULL,
  last_message @id, updated_at @time NOT NULL, version @int8 NOT NULL, PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, identity_id));
CREATE INDEX conversations_by_time ON conversations (workspace_id, updated_at, id);
CREATE INDEX conversations_waiting ON conversations (workspace_id, waiting, updated_at, id);
CREATE TABLE readings (workspace_id @id NOT NULL, user_id @id NOT NULL, conversation_id @id NOT NULL,
  read_to @time NOT NULL, PRIMARY KEY (workspace_id, user_id, conversation_id));
CREATE TABLE messages (workspace_id @id NOT NULL, id @id NOT NULL, conversation_id @id NOT NULL, channel_id @id NOT NULL,
  client_id @text NOT NULL, direction @int8 NOT NULL, type @text NOT NULL, body @text NOT NULL, content @text NOT NULL,
  status @int8, status_times @text NOT NULL, error_code @text NOT NULL, error_message @text NOT NULL,
  provider_id @text NOT NULL, provider_hash @bytes, reply_to @id, author_kind @int8 NOT NULL, author_id @id NOT NULL,
  author_name @text NOT NULL, attempt @int8 NOT NULL, is_edited @bool NOT NULL, is_deleted @bool NOT NULL,
  created_at @time NOT NULL, position @time NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE INDEX messages_in_order ON messages (workspace_id, conversation_id, position, id);
CREATE UNIQUE INDEX messages_once ON messages (workspace_id, channel_id, provider_hash) WHERE provider_hash IS NOT NULL;
CREATE UNIQUE INDEX messages_by_client ON messages (workspace_id, conversation_id, client_id) WHERE client_id <> '';
CREATE TABLE deliveries (workspace_id @id NOT NULL, id @id NOT NULL, message_id @id NOT NULL, channel_id @id NOT NULL,
  part @int8 NOT NULL, attempt @int8 NOT NULL, provider_id @text NOT NULL, provider_hash @bytes, status @int8 NOT NULL,
  status_times @text NOT NULL, error_code @text NOT NULL, error_message @text NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE INDEX deliveries_of_message ON deliveries (workspace_id, message_id, attempt, part);
CREATE INDEX deliveries_by_provider ON deliveries (workspace_id, channel_id, provider_hash);
CREATE TABLE media (workspace_id @id NOT NULL, id @id NOT NULL, channel_id @id, message_id @id, kind @text NOT NULL,
  name @text NOT NULL, mime @text NOT NULL, size @int8 NOT NULL, sha256 @text NOT NULL, state @int8 NOT NULL,
  provider_id @text NOT NULL, error @text NOT NULL, tries @int8 NOT NULL, due_at @time NOT NULL,
  created_at @time NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE INDEX media_of_message ON media (workspace_id, message_id, id);
CREATE INDEX media_waiting ON media (due_at) WHERE state = 0;
CREATE TABLE outbox (workspace_id @id NOT NULL, delivery_id @id NOT NULL, channel_id @id NOT NULL,
  conversation_id @id NOT NULL, message_id @id NOT NULL, part @int8 NOT NULL, tries @int8 NOT NULL, body @text NOT NULL,
  queued_at @time NOT NULL, due_at @time NOT NULL, is_sending @bool NOT NULL, PRIMARY KEY (workspace_id, delivery_id));
CREATE INDEX outbox_of_channel ON outbox (workspace_id, channel_id, queued_at, part, delivery_id);
CREATE INDEX outbox_lanes ON outbox (workspace_id, conversation_id, queued_at, part, delivery_id);
CREATE TABLE waiting_events (workspace_id @id NOT NULL, id @id NOT NULL, channel_id @id NOT NULL,
  target_hash @bytes NOT NULL, event @text NOT NULL, arrived_at @time NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE INDEX waiting_by_target ON waiting_events (workspace_id, channel_id, target_hash);
CREATE TABLE set_aside (workspace_id @id NOT NULL, channel_id @id NOT NULL, number @int8 NOT NULL,
  received_at @time NOT NULL, reason @text NOT NULL, proof @text NOT NULL, raw @bytes NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, number));
CREATE TABLE changes (workspace_id @id NOT NULL, seq @int8 NOT NULL, type @text NOT NULL, object_id @id NOT NULL,
  noted_at @time NOT NULL, PRIMARY KEY (workspace_id, seq));
CREATE TABLE intake_position (only_row @int8 PRIMARY KEY, generation @text NOT NULL, number @int8 NOT NULL);
)";

static constexpr std::string_view drafts_and_unread = R"(
CREATE INDEX messages_unread ON messages (workspace_id, conversation_id, created_at) WHERE direction = 0;
CREATE TABLE drafts (workspace_id @id NOT NULL, user_id @id NOT NULL, conversation_id @id NOT NULL, body @text NOT NULL,
  note @text NOT NULL, saved_at @time NOT NULL, PRIMARY KEY (workspace_id, user_id, conversation_id));
)";

static constexpr std::string_view prices = R"(
ALTER TABLE deliveries ADD COLUMN price @text NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN price @text NOT NULL DEFAULT '';
)";

// Lanes in the order of delivery ids; which edits and reactions were applied, so that a repeated or a late one takes
// nothing back.
static constexpr std::string_view lanes_and_message_changes = R"(
DROP INDEX outbox_of_channel;
DROP INDEX outbox_lanes;
CREATE INDEX outbox_of_channel ON outbox (workspace_id, channel_id, queued_at, delivery_id);
CREATE INDEX outbox_lanes ON outbox (workspace_id, conversation_id, queued_at, delivery_id);
CREATE TABLE message_changes (workspace_id @id NOT NULL, channel_id @id NOT NULL, hash @bytes NOT NULL,
  target_hash @bytes NOT NULL, kind @int8 NOT NULL, happened_at @time NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, hash));
CREATE INDEX message_changes_of_target ON message_changes (workspace_id, channel_id, target_hash, kind, happened_at);
)";

// Answers to requests that may be repeated under one Idempotency-Key.
static constexpr std::string_view kept_replies = R"(
CREATE TABLE kept_replies (workspace_id @id NOT NULL, user_id @id NOT NULL, key_hash @bytes NOT NULL,
  request_hash @bytes NOT NULL, status @int8 NOT NULL, body @bytes NOT NULL, kept_at @time NOT NULL,
  PRIMARY KEY (workspace_id, user_id, key_hash));
)";

// Whether a file is still needed is asked by its hash alone: workspaces share files.
static constexpr std::string_view media_by_hash = R"(
CREATE INDEX media_by_hash ON media (sha256);
)";

// What only PostgreSQL needs. The intake is a table there, since any node takes a webhook and its partition's owner
// applies it. `operations` tells whether a COMMIT whose answer was lost was carried out; `spools` how far each node's
// local spool was delivered. What is sent belongs to an epoch of its partition's owner.
static constexpr std::string_view several_nodes = R"(
CREATE TABLE intake (workspace_id @id NOT NULL, number @int8 GENERATED ALWAYS AS IDENTITY, channel_id @id NOT NULL,
  partition @int8 NOT NULL, received_at @time NOT NULL, proof @text NOT NULL, raw @bytes NOT NULL,
  PRIMARY KEY (workspace_id, number));
CREATE INDEX intake_in_order ON intake (partition, number);
CREATE TABLE operations (workspace_id @id NOT NULL, id @id NOT NULL, done_at @time NOT NULL,
  PRIMARY KEY (workspace_id, id));
CREATE INDEX operations_by_time ON operations (done_at);
CREATE TABLE spools (generation @text PRIMARY KEY, number @int8 NOT NULL);
CREATE TABLE nodes (name @text PRIMARY KEY, place @text NOT NULL, shares_files @bool NOT NULL,
  seen_until @time NOT NULL);
CREATE TABLE partitions (id @int8 PRIMARY KEY, owner @text NOT NULL, epoch @int8 NOT NULL, lease_until @time NOT NULL);
INSERT INTO partitions (id, owner, epoch, lease_until) SELECT n, '', 0, 0 FROM generate_series(0, 63) n;
)";

// SQLite has these in search.db.
static constexpr std::string_view search = R"(
CREATE TABLE search_workspaces (workspace_id @id PRIMARY KEY, number @int8 GENERATED ALWAYS AS IDENTITY,
  seq @int8 NOT NULL, object_id @id NOT NULL, oldest @id, is_filled @bool NOT NULL);
CREATE TABLE search_documents (workspace_id @id NOT NULL, place @int8 NOT NULL, conversation_id @id NOT NULL,
  message_id @id, digest @int8 NOT NULL, terms tsvector NOT NULL, PRIMARY KEY (workspace_id, place));
CREATE UNIQUE INDEX search_by_message ON search_documents (workspace_id, message_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX search_cards ON search_documents (workspace_id, conversation_id) WHERE message_id IS NULL;
CREATE INDEX search_of_conversation ON search_documents (workspace_id, conversation_id, place);
CREATE INDEX search_terms ON search_documents USING gin (terms) WITH (fastupdate = off);
)";

static constexpr std::string_view epochs = R"(
ALTER TABLE outbox ADD COLUMN epoch @int8 NOT NULL DEFAULT 0;
)";

// Who wants nothing from us, what led people here, and how far was asked for what came where nothing is called.
static constexpr std::string_view many_messengers = R"(
ALTER TABLE conversations ADD COLUMN blocked_at @time;
ALTER TABLE contacts ADD COLUMN referral @text NOT NULL DEFAULT '';
CREATE TABLE poll_cursors (workspace_id @id NOT NULL, channel_id @id NOT NULL, cursor @text NOT NULL,
  PRIMARY KEY (workspace_id, channel_id));
)";

// What a channel may send, and what each message is for. What an admin never set is as in a new channel.
static constexpr std::string_view policies = R"(
ALTER TABLE channels ADD COLUMN policy @text NOT NULL DEFAULT '{}';
ALTER TABLE messages ADD COLUMN purpose @text NOT NULL DEFAULT 'support';
ALTER TABLE messages ADD COLUMN is_broadcast @bool NOT NULL DEFAULT 0;
)";

// Since when a channel is what it is, whether its provider ever called here, whether it went quiet; whose name was
// asked for.
static constexpr std::string_view channel_health = R"(
ALTER TABLE channels ADD COLUMN state_since @time NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN called_at @time;
ALTER TABLE channels ADD COLUMN silent_since @time;
ALTER TABLE contacts ADD COLUMN name_asked_at @time;
CREATE INDEX contacts_nameless ON contacts (workspace_id, id) WHERE name = '' AND name_asked_at IS NULL;
UPDATE channels SET state_since = created_at;
)";

// What is wanted of messages that have left. `change_kind` is 0 for a part that leaves itself.
static constexpr std::string_view changes_of_ours = R"(
ALTER TABLE messages ADD COLUMN wanted_change @text NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN change_kind @int8 NOT NULL DEFAULT 0;
)";

// Browsers that are told while no page is open. The endpoint's hash is its first 16 bytes of SHA-256.
static constexpr std::string_view push_subscriptions = R"(
CREATE TABLE push_subscriptions (workspace_id @id NOT NULL, id @id NOT NULL, user_id @id NOT NULL,
  session_hash @bytes NOT NULL, endpoint_hash @bytes NOT NULL, endpoint @text NOT NULL, browser_key @bytes NOT NULL,
  auth @bytes NOT NULL, language @text NOT NULL, PRIMARY KEY (workspace_id, id));
CREATE UNIQUE INDEX push_subscriptions_by_endpoint ON push_subscriptions (workspace_id, endpoint_hash);
)";

// Whose accounts a contact has is asked with every name that is learned.
static constexpr std::string_view identities_of_contact = R"(
CREATE INDEX identities_of_contact ON identities (workspace_id, contact_id);
)";

// Lists of a channel with few conversations among many; of those that wait there are few.
static constexpr std::string_view conversations_of_channel = R"(
CREATE INDEX conversations_of_channel ON conversations (workspace_id, channel_id, updated_at, id);
DROP INDEX conversations_waiting;
CREATE INDEX conversations_waiting ON conversations (workspace_id, updated_at, id) WHERE waiting = 1;
CREATE INDEX conversations_waiting_of_channel ON conversations (workspace_id, channel_id, updated_at, id)
  WHERE waiting = 1;
)";

// Words come to their index sorted, a step of the search's at a time: SearchDatabase::commit.
static constexpr std::string_view words_in_batches = R"(
ALTER INDEX search_terms SET (fastupdate = on, gin_pending_list_limit = 32768);
)";

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> steps{{first_tables},
                                              {drafts_and_unread},
                                              {prices},
                                              {lanes_and_message_changes},
                                              {kept_replies},
                                              {epochs, several_nodes},
                                              {media_by_hash},
                                              {"", search},
                                              {many_messengers},
                                              {policies},
                                              {channel_health},
                                              {changes_of_ours},
                                              {push_subscriptions},
                                              {identities_of_contact},
                                              {conversations_of_channel},
                                              {"", words_in_batches}};
    return steps;
}

static void replace_all(std::string& text, std::string_view word, std::string_view by) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size())
        text.replace(at, word.size(), by);
}

static std::string for_sqlite(const Migration& step) {
    std::string out(step.tables);
    for (const std::string_view word : {"@id", "@bytes"})
        replace_all(out, word, "BLOB");
    for (const std::string_view word : {"@int8", "@bool", "@time"})
        replace_all(out, word, "INTEGER");
    replace_all(out, "@text", "TEXT");
    for (std::size_t at = 0; (at = out.find(");\n", at)) != std::string::npos; ++at) {
        const std::size_t begin = out.rfind("CREATE ", at);
        if (out.compare(begin, 12, "CREATE TABLE") == 0) out.replace(at, 2, ") STRICT;");
    }
    return out;
}

// "C": people's text is never ordered by the database, and every machine orders ours the same.
static std::string for_postgres(const Migration& step) {
    std::string out = std::string(step.tables) + std::string(step.only_postgres);
    replace_all(out, "@id", "uuid");
    replace_all(out, "@bytes", "bytea");
    replace_all(out, "@text", "text COLLATE \"C\"");
    replace_all(out, "@int8", "bigint");
    replace_all(out, "@bool", "smallint");
    replace_all(out, "@time", "bigint");
    return out;
}

std::string text_of(const Migration& step, Engine engine) {
    return engine == Engine::sqlite ? for_sqlite(step) : for_postgres(step);
}

void migrate(Sql& sql, const std::vector<Migration>& steps, const std::function<void(std::int64_t)>& back_up) {
    const bool is_shared = sql.engine() == Engine::postgres;
    // Several nodes may start at once: they take turns. The number is Okno's own.
    if (is_shared) sql.script("SELECT pg_advisory_lock(3307)");
    sql.script("CREATE TABLE IF NOT EXISTS schema_version (only_row INTEGER PRIMARY KEY, version INTEGER NOT NULL)");
    const auto read = [](const Row& row) { return row.integer(0); };
    const auto known = static_cast<std::int64_t>(steps.size());
    const std::int64_t have = sql.first("SELECT version FROM schema_version", read).value_or(0);
    if (have > known)
        throw SqlError("the database was written by a newer Okno (its tables are version " + std::to_string(have) +
                       ", this program knows " + std::to_string(known) + "): start that version");
    if (have > 0 && have < known) back_up(have);
    for (std::int64_t step = have; step < known; ++step) {
        sql.script(std::string(is_shared ? "BEGIN;" : "BEGIN IMMEDIATE;") +
                   text_of(steps[static_cast<std::size_t>(step)], sql.engine()) +
                   "INSERT INTO schema_version VALUES (1, " + std::to_string(step + 1) +
                   ") ON CONFLICT (only_row) DO UPDATE SET version = excluded.version; COMMIT;");
    }
    if (is_shared) sql.script("SELECT pg_advisory_unlock(3307)");
}

}  // namespace okno::storage
