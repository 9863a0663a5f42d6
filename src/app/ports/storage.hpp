// What use cases may do to the stored state. Plain functions over a Transaction; the store worker hands it out and
// commits after the closure. Every method is bound to the transaction's workspace by the storage layer.
#pragma once

#include "app/ports/erasures.hpp"
#include "base/result.hpp"
#include "domain/channel.hpp"
#include "domain/events.hpp"
#include "domain/media.hpp"
#include "domain/message.hpp"
#include "domain/push_subscription.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace okno {

// What an operator has typed and not sent: an answer and a note. Private to them.
struct Draft {
    std::string text;
    std::string note;

    bool is_empty() const { return text.empty() && note.empty(); }
};

// A person's thread in a channel, with what lists show of it.
struct Conversation {
    ConversationId id;
    ChannelId channel;
    IdentityId identity;
    ContactId contact;
    std::string contact_name;
    std::string referral;     // what led the person here; empty: they came by themselves
    std::string external_id;  // the most stable name the provider gave
    std::string phone;        // digits; empty: not known
    std::optional<Timestamp> window_closes_at;
    std::optional<Timestamp> blocked_at;  // since when the person takes nothing from us; empty: they do
    bool waiting = false;
    int unread = 0;  // of the user who asks; 0 when nobody is named
    Draft draft;     // likewise; empty: none
    std::optional<MessageId> last_message;
    Timestamp updated_at;  // position of the last message
};

struct User {
    UserId id;
    std::string email;  // lower case
    std::string name;
    std::string password_hash;
    WorkspaceId workspace;
    std::string workspace_name;
    std::string role;
};

struct Session {
    User user;
    std::string csrf_token;
    Timestamp expires_at;  // by real time
};

// A part of a message that waits to leave or is leaving; or a change of a message that has left.
struct OutboxRow {
    WorkspaceId workspace;
    ChannelId channel;
    ConversationId conversation;
    DeliveryId delivery;  // of a change: its own name, no delivery has it
    MessageId message;
    int part = 0;
    int tries = 0;
    std::string text;                  // of this part; of an edit: the new one
    std::optional<ChangeKind> change;  // none: the part itself leaves
    bool is_sending = false;
    Timestamp queued_at;
    std::int64_t epoch = 0;  // of the owner that is sending it; 0: not leaving, or the one process there is
};

struct Change {
    std::int64_t seq = 0;
    std::string type;  // "message", "conversation", "channel"
    Uuid object;
};

struct SetAside {
    std::int64_t number = 0;
    ChannelId channel;
    Timestamp received_at;
    std::string reason;
    std::string bytes;
    std::string proof;
};

// An event that waits for its target, as text.
struct WaitingEvent {
    Uuid id;
    WorkspaceId workspace;
    ChannelId channel;
    std::string event;
    Timestamp arrived_at;
};

// What went through a channel in some time.
struct ChannelFigures {
    struct Cause {
        std::string code;
        int count = 0;
        Timestamp last;
    };
    std::optional<Timestamp> last_in;   // of a longer time; empty: nothing came in that either
    std::optional<Timestamp> last_out;  // likewise; only what the provider took
    int came = 0;
    int left = 0;                                      // taken by the provider
    int failed = 0;                                    // and never arrived
    int waiting = 0;                                   // now, to leave
    std::optional<std::chrono::milliseconds> slowest;  // from the provider's time to here; empty: nothing came
    std::vector<Cause> errors;                         // why messages failed, the most frequent first
};

// Somebody whose name no webhook told.
struct Nameless {
    WorkspaceId workspace;
    ChannelId channel;
    ContactId contact;
    IdentityId identity;
};

// What a request that may be repeated was answered.
struct KeptReply {
    std::string request;  // hash of what was asked
    int status = 0;       // 0: the first of them is not answered yet
    std::string body;
};

struct ConversationQuery {
    enum class View { all, waiting, unread };
    View view = View::all;
    std::optional<ChannelId> channel;
    std::optional<std::pair<Timestamp, ConversationId>> before;  // cursor: older than this
    int limit = 50;
};

// What an erasure took away.
struct Erased {
    int conversations = 0;
    int messages = 0;
    std::vector<std::string> files;  // SHA-256 of those it named; others may name them too
};

// What a transaction is about to do in a channel.
struct Foreseen {
    std::vector<const InboundMessage*> messages{};  // to be stored
    std::vector<const StatusReport*> reports{};     // to be applied
    std::vector<MessageId> leaving{};               // to be sent, with their files
    std::vector<MessageId> ours{};                  // whose outcome is to be noted
    std::vector<ProviderMessageId> names{};         // which they will have by that
    std::vector<Address> told{};                    // of their people, by that; those of reports need not be here
};

class Transaction {
public:
    virtual ~Transaction() = default;

    // Finds or makes the person's conversation in the channel and attaches the addresses that are new. Two
    // identities that turn out one are joined: the older keeps its conversation, messages and outbox rows follow.
    // `name` replaces an empty contact name only. What is for a reader or for showing (unread, draft, external_id,
    // phone) is left empty.
    virtual Conversation conversation_of(ChannelId channel, const Person& person, Timestamp now) = 0;
    // Likewise, but makes nobody: empty when nobody has one of these addresses.
    virtual std::optional<Conversation> known_conversation_of(ChannelId channel, const Person& person) = 0;
    // What all this will ask for one after the other is read in a few steps, where each step is a way to a server and
    // back; it changes no answer. Their conversations are locked, in an order in which no two wait for each other.
    virtual void read_ahead(const std::map<ChannelId, Foreseen>& foreseen) = 0;
    // The same for a reader of these messages, their conversations, and these conversations; nothing is locked.
    virtual void look_ahead(const std::set<MessageId>& messages, const std::set<ConversationId>& conversations) = 0;
    // The same for what is shown to `reader`: these messages with their files, these conversations as that user sees
    // them, with their newest messages.
    virtual void look_ahead_for(UserId reader, const std::set<MessageId>& messages,
                                const std::set<ConversationId>& conversations) = 0;
    // Each address of `after` takes the place of those of its kind in `before`. Nothing when nobody has one of
    // `before`.
    virtual void replace_addresses(ChannelId channel, const AddressChange& change) = 0;
    // The provider itself named these addresses of the person: new ones are attached, of a known one its spelling is
    // kept. One that belongs to somebody else makes the two one.
    virtual void learn_addresses(ChannelId channel, IdentityId identity, const std::vector<Address>& addresses) = 0;
    virtual std::vector<Address> addresses_of(IdentityId identity) = 0;
    virtual std::optional<IdentityId> identity_of(ConversationId id) = 0;

    // Nobody else changes the conversation, its messages and their deliveries until the transaction ends: comes before
    // what is to be changed is read. True when what was read before the call may be old. An engine with one writer has
    // nothing to lock.
    virtual bool lock_conversation(ConversationId id) = 0;
    virtual bool lock_conversation_of(MessageId id) = 0;
    // Likewise, for the channel's own row.
    virtual bool lock_channel(ChannelId id) = 0;

    virtual std::optional<Conversation> conversation(ConversationId id, std::optional<UserId> reader) = 0;
    // Newest first by (updated_at, id).
    virtual std::vector<Conversation> conversations(const ConversationQuery& query, UserId reader) = 0;
    // Writes window, blocking, waiting and last message; the rest never changes.
    virtual void save_conversation(const Conversation& conversation) = 0;
    // Every message that is stored now is read by this user; one that has arrived and is not yet stored is not.
    virtual void mark_read(ConversationId id, UserId reader) = 0;
    // Of the newest way in which the person came to us.
    virtual void save_referral(ContactId contact, const std::string& referral) = 0;
    // The provider was or is being asked for this name: not again.
    virtual void note_name_asked(ContactId contact, Timestamp now) = 0;
    // Replaces an empty name only.
    virtual void name_contact(ContactId contact, const std::string& name) = 0;
    // An empty one removes it. Notes no change: what is typed is no news to others.
    virtual void save_draft(ConversationId id, UserId author, const Draft& draft, Timestamp now) = 0;

    // False, and nothing written, when the channel already has a message of that provider id, or the
    // conversation one of that client id.
    virtual bool insert_message_if_new(ChannelId channel, const Message& message) = 0;
    virtual std::optional<Message> message(MessageId id) = 0;
    virtual std::optional<Message> message_by_provider_id(ChannelId channel, const ProviderMessageId& id) = 0;
    virtual std::optional<Message> message_by_client_id(ConversationId id, const std::string& client_id) = 0;
    // Newest first by (position, id), older than `before` when it is given.
    virtual std::vector<Message> messages(ConversationId id, std::optional<std::pair<Timestamp, MessageId>> before,
                                          int limit) = 0;
    // Whether any message of the conversation is of the customer.
    virtual bool has_customer_written(ConversationId id) = 0;
    // All conversations', last made first, made before `before` when it is given.
    virtual std::vector<Message> last_made_messages(std::optional<MessageId> before, int limit) = 0;
    // Writes what may change: text, content, status, times, error, provider id, attempt, marks, the wanted change.
    virtual void save_message(const Message& message) = 0;

    virtual void insert_media(const Media& media) = 0;
    virtual void save_media(const Media& media) = 0;
    virtual std::optional<Media> media(MediaId id) = 0;
    // In the order of their ids.
    virtual std::vector<Media> media_of(MessageId message) = 0;

    virtual void insert_delivery(ChannelId channel, const Delivery& delivery) = 0;
    virtual void save_delivery(ChannelId channel, const Delivery& delivery) = 0;
    // All attempts and parts, oldest first.
    virtual std::vector<Delivery> deliveries(MessageId message) = 0;
    // By our reference (the delivery's id as text) or by the provider's id; empty when neither is known here.
    virtual std::optional<Delivery> find_delivery(ChannelId channel, const std::string& reference,
                                                  const ProviderMessageId& id) = 0;

    virtual void enqueue(const OutboxRow& row) = 0;  // due at once
    virtual void postpone(DeliveryId delivery, int tries, Timestamp due) = 0;
    // What waits in this channel or is leaving, oldest first.
    virtual std::vector<OutboxRow> outbox_of(ChannelId channel) = 0;
    // The changes of this message that wait or are leaving, oldest first.
    virtual std::vector<OutboxRow> changes_of(const Message& message) = 0;
    // What was postponed in this channel is due now.
    virtual void hurry(ChannelId channel, Timestamp now) = 0;
    virtual void remove_from_outbox(DeliveryId delivery) = 0;

    // An event whose target is not there yet; `kind_and_json` is opaque. Taken out when the target is written.
    virtual void keep_waiting(ChannelId channel, const std::string& target, const std::string& event,
                              Timestamp now) = 0;
    virtual std::vector<std::string> take_waiting(ChannelId channel, const std::string& target) = 0;
    virtual void remove_waiting(const WaitingEvent& event) = 0;
    // False when this change was noted before, or a later one of its kind to the same message: it is not to be applied.
    virtual bool note_message_change(ChannelId channel, const MessageChange& change, Timestamp happened_at) = 0;

    virtual std::vector<Channel> channels() = 0;
    virtual std::optional<Channel> channel(ChannelId id) = 0;
    // False when the address belongs to another channel of the installation.
    virtual bool insert_channel(const Channel& channel) = 0;
    virtual void save_channel(const Channel& channel) = 0;
    virtual void delete_channel(ChannelId id) = 0;

    // Since `since`; the last ones since `long_since`. Reads all messages of that time.
    virtual ChannelFigures channel_figures(ChannelId id, Timestamp since, Timestamp long_since) = 0;
    // How many messages of customers have their place in this time, `to` excluded.
    virtual int came_between(ChannelId id, Timestamp from, Timestamp to) = 0;

    // How far a channel was asked for what came; empty: never.
    virtual std::string poll_cursor(ChannelId id) = 0;
    virtual void save_poll_cursor(ChannelId id, const std::string& cursor) = 0;

    virtual void set_aside(const SetAside& row) = 0;
    // Newest first, with a number below `before` when it is given.
    virtual std::vector<SetAside> set_aside_of(ChannelId channel, std::optional<std::int64_t> before, int limit) = 0;
    virtual std::optional<SetAside> take_set_aside(ChannelId channel, std::int64_t number) = 0;

    // Answers to requests that carried an Idempotency-Key, by user and key. `keep_reply` is false, and changes nothing,
    // when the key is kept already.
    virtual bool keep_reply(UserId user, const std::string& key, const KeptReply& reply, Timestamp real_now) = 0;
    virtual std::optional<KeptReply> kept_reply(UserId user, const std::string& key) = 0;
    virtual void complete_reply(UserId user, const std::string& key, int status, const std::string& body) = 0;
    virtual void forget_reply(UserId user, const std::string& key) = 0;

    // Keeps it in place of what was kept of the same endpoint, under the same id, which is given back. Of one user the
    // newest 20 are kept.
    virtual PushSubscriptionId save_push_subscription(const PushSubscription& subscription) = 0;
    // False when the user has no such one.
    virtual bool delete_push_subscription(UserId user, PushSubscriptionId id) = 0;
    // Those of owners and admins who are still signed in there.
    virtual std::vector<PushSubscription> push_subscriptions_of_admins(Timestamp real_now) = 0;

    // Notes that an object changed; its seq is given at the end of the transaction.
    virtual void note_change(const std::string& type, const Uuid& object) = 0;
    // After `seq`, in order.
    virtual std::vector<Change> changes_after(std::int64_t seq, int limit) = 0;
    virtual std::int64_t last_seq() = 0;
    // One more than the last when none is kept.
    virtual std::int64_t oldest_seq() = 0;
    // Forgets the changes kept so far and goes on `step` numbers further: whoever saw some of them loads anew.
    virtual void restart_changes(std::int64_t step) = 0;

    // Contacts with this key (Address::key) in any channel.
    virtual std::vector<ContactId> contacts_with_address(const std::string& key) = 0;
    virtual std::vector<StoredAddress> addresses_of_contact(ContactId id) = 0;
    // Every address of the workspace.
    virtual void each_address(const std::function<void(ContactId, const StoredAddress&)>& tell) = 0;
    // Takes the contact and all that hangs on it out of every table where it can be found by id, and notes the
    // conversations that are gone. Empty when there is no such contact.
    virtual std::optional<Erased> erase_contact(ContactId id) = 0;
};

// The whole installation and the way into each workspace, inside one commit.
class StoreSession {
public:
    virtual ~StoreSession() = default;

    virtual Transaction& in(WorkspaceId workspace) = 0;

    virtual bool has_users() = 0;
    virtual WorkspaceId make_workspace(const std::string& name, Timestamp now) = 0;
    virtual std::vector<WorkspaceId> workspaces() = 0;
    virtual std::optional<WorkspaceId> workspace_named(const std::string& name) = 0;
    virtual void insert_user(const User& user, Timestamp now) = 0;
    virtual std::optional<User> user_by_email(const std::string& email) = 0;
    virtual std::optional<User> user(UserId id) = 0;
    // `token_hash` is the SHA-256 of the cookie or token; the token itself is never stored.
    virtual void insert_session(const std::string& token_hash, UserId user, const std::string& csrf_token,
                                Timestamp expires) = 0;
    virtual std::optional<Session> session(const std::string& token_hash, Timestamp now) = 0;
    virtual void delete_session(const std::string& token_hash) = 0;
    virtual void insert_api_token(const std::string& token_hash, UserId user, const std::string& name,
                                  Timestamp now) = 0;
    virtual std::optional<User> user_by_api_token(const std::string& token_hash) = 0;

    virtual std::vector<Channel> all_channels() = 0;
    // Whose name was not asked for yet, in channels of this process that work; oldest first.
    virtual std::vector<Nameless> nameless(int limit) = 0;

    // The channels in which something is due.
    virtual std::vector<std::pair<WorkspaceId, ChannelId>> channels_with_due(Timestamp now) = 0;
    // The oldest waiting row of every conversation of the channel that is due and has none in flight, oldest first.
    virtual std::vector<OutboxRow> due(WorkspaceId workspace, ChannelId channel, Timestamp now, int limit) = 0;
    // Marks rows as leaving, in the transaction that is committed before they leave, and gives them its epoch. Those
    // that are gone, are leaving already, or are no longer this process's to send are taken out of `rows`.
    virtual void mark_sending(std::vector<OutboxRow>& rows) = 0;
    // Whether this process may still write what became of the row: its part of the work may have gone to another since.
    virtual bool may_note(const OutboxRow& row) = 0;
    // Rows that another process, or an earlier owner, was sending when it ended.
    virtual std::vector<OutboxRow> left_in_flight() = 0;
    // Takes such a row out of the outbox; false when its sender has noted its outcome after all.
    virtual bool remove_left_in_flight(const OutboxRow& row) = 0;
    // Likewise, makes it wait again.
    virtual bool return_left_in_flight(const OutboxRow& row) = 0;

    // Files that wait and are due, oldest first, with their workspaces.
    virtual std::vector<std::pair<WorkspaceId, Media>> media_to_fetch(Timestamp real_now, int limit) = 0;
    // Files that wait are due now: those that another process had in hand when it ended, too.
    virtual void hurry_media(Timestamp real_now) = 0;
    // Whether any workspace still has a row of this file.
    virtual bool is_file_needed(const std::string& sha256) = 0;
    // Removes uploads that were never sent.
    virtual void remove_unsent_media(Timestamp created_before) = 0;
    // What waits since before `before`, oldest first.
    virtual std::vector<WaitingEvent> waiting_before(Timestamp before, int limit) = 0;
    // What waits although a message or a delivery of the id it names is there, oldest first.
    virtual std::vector<WaitingEvent> waiting_with_target(int limit) = 0;
    // Forgets changes that were noted before `changes_before`, what providers no longer repeat, sessions that have
    // expired with what hung on sessions, and replies of yesterday.
    virtual void prune(Timestamp changes_before, Timestamp real_now) = 0;

    // A real write that changes nothing: whether the ground takes one.
    virtual void touch() = 0;
    // How far the intake is applied, in words for an admin.
    virtual std::string intake_progress() = 0;
};

// Runs closures on its threads. `done` gets null after COMMIT, or what made the closure or the commit fail. A closure
// may be run more than once (a lost connection, a deadlock); only the last run is committed.
class Store {
public:
    virtual ~Store() = default;
    using Work = std::function<void(StoreSession&)>;
    using Done = std::function<void(std::exception_ptr)>;

    // Throws nothing; a full queue ends in `done` with StoreBusy, a failing disk with StoreUnavailable.
    virtual void write(Work work, Done done) = 0;
    // As `write`, for work that nobody waits for (webhooks, pruning): what people wait for goes first.
    virtual void write_later(Work work, Done done) = 0;
    virtual void read(Work work, Done done) = 0;
};

// The ground gave way (disk full, file unreadable): nothing was stored, and the same may succeed later.
struct StoreUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct StoreBusy : StoreUnavailable {
    StoreBusy() : StoreUnavailable("the storage queue is full") {}
};

struct IntakeRow {
    std::int64_t number = 0;
    ChannelId channel;
    Timestamp received_at;
    std::string proof;
    std::string bytes;
    WorkspaceId workspace;  // of the channel
};

// Raw webhooks on the ground, appended before they are acknowledged and kept until they are applied.
class Intake {
public:
    virtual ~Intake() = default;
    // `done` gets null once the bytes are durable.
    virtual void append(IntakeRow row, std::function<void(std::exception_ptr)> done) = 0;
    // The oldest rows that are not applied, as many as `limit` and 8 MiB allow (one at least). Blocks.
    virtual std::vector<IntakeRow> waiting(int limit) = 0;
    // In the transaction that applies them: they wait no longer. `rows` are from `waiting`, in order and without gaps.
    virtual void mark_applied(StoreSession& session, const std::vector<IntakeRow>& rows) = 0;
    // Forgets what is applied and was received before `before`.
    virtual void prune(Timestamp before) = 0;
    // Of the newest rows of all channels, applied or not, those of this channel, newest first. Nothing where what is
    // applied is not kept. Blocks.
    virtual std::vector<IntakeRow> recent(ChannelId, int) { return {}; }
};

}  // namespace okno
