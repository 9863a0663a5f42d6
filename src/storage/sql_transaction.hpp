// One workspace's tables behind the port: every statement names the workspace, so no caller can forget it.
#pragma once

#include "app/ports/storage.hpp"
#include "base/crypto.hpp"
#include "storage/read_ahead.hpp"
#include "storage/sql.hpp"

#include <set>
#include <vector>

namespace okno::storage {

class SqlTransaction final : public Transaction {
public:
    // Both must live as long as the transaction.
    SqlTransaction(Sql& sql, WorkspaceId workspace, const SealingKey& key)
        : sql_(sql), workspace_(workspace), key_(key) {}

    Conversation conversation_of(ChannelId channel, const Person& person, Timestamp now) override;
    std::optional<Conversation> known_conversation_of(ChannelId channel, const Person& person) override;
    void read_ahead(const std::map<ChannelId, Foreseen>& foreseen) override;
    void look_ahead(const std::set<MessageId>& messages, const std::set<ConversationId>& conversations) override;
    void look_ahead_for(UserId reader, const std::set<MessageId>& messages,
                        const std::set<ConversationId>& conversations) override;
    void replace_addresses(ChannelId channel, const AddressChange& change) override;
    void learn_addresses(ChannelId channel, IdentityId identity, const std::vector<Address>& addresses) override;
    std::vector<Address> addresses_of(IdentityId identity) override;
    std::optional<IdentityId> identity_of(ConversationId id) override;
    bool lock_conversation(ConversationId id) override;
    bool lock_conversation_of(MessageId id) override;
    bool lock_channel(ChannelId id) override;
    std::optional<Conversation> conversation(ConversationId id, std::optional<UserId> reader) override;
    std::vector<Conversation> conversations(const ConversationQuery& query, UserId reader) override;
    void save_conversation(const Conversation& conversation) override;
    void mark_read(ConversationId id, UserId reader) override;
    void note_name_asked(ContactId contact, Timestamp now) override;
    void name_contact(ContactId contact, const std::string& name) override;
    void save_referral(ContactId contact, const std::string& referral) override;
    void save_draft(ConversationId id, UserId author, const Draft& draft, Timestamp now) override;

    bool insert_message_if_new(ChannelId channel, const Message& message) override;
    std::optional<Message> message(MessageId id) override;
    std::optional<Message> message_by_provider_id(ChannelId channel, const ProviderMessageId& id) override;
    std::optional<Message> message_by_client_id(ConversationId id, const std::string& client_id) override;
    std::vector<Message> messages(ConversationId id, std::optional<std::pair<Timestamp, MessageId>> before,
                                  int limit) override;
    bool has_customer_written(ConversationId id) override;
    std::vector<Message> last_made_messages(std::optional<MessageId> before, int limit) override;
    void save_message(const Message& message) override;

    void insert_media(const Media& media) override;
    void save_media(const Media& media) override;
    std::optional<Media> media(MediaId id) override;
    std::vector<Media> media_of(MessageId message) override;
    void insert_delivery(ChannelId channel, const Delivery& delivery) override;
    void save_delivery(ChannelId channel, const Delivery& delivery) override;
    std::vector<Delivery> deliveries(MessageId message) override;
    std::optional<Delivery> find_delivery(ChannelId channel, const std::string& reference,
                                          const ProviderMessageId& id) override;
    void enqueue(const OutboxRow& row) override;
    void postpone(DeliveryId delivery, int tries, Timestamp due) override;
    void hurry(ChannelId channel, Timestamp now) override;
    void remove_from_outbox(DeliveryId delivery) override;
    std::vector<OutboxRow> outbox_of(ChannelId channel) override;
    std::vector<OutboxRow> changes_of(const Message& message) override;
    void keep_waiting(ChannelId channel, const std::string& target, const std::string& event, Timestamp now) override;
    std::vector<std::string> take_waiting(ChannelId channel, const std::string& target) override;
    void remove_waiting(const WaitingEvent& event) override;
    bool note_message_change(ChannelId channel, const MessageChange& change, Timestamp happened_at) override;

    std::vector<Channel> channels() override;
    std::optional<Channel> channel(ChannelId id) override;
    bool insert_channel(const Channel& channel) override;
    void save_channel(const Channel& channel) override;
    void delete_channel(ChannelId id) override;
    ChannelFigures channel_figures(ChannelId id, Timestamp since, Timestamp long_since) override;
    int came_between(ChannelId id, Timestamp from, Timestamp to) override;
    std::string poll_cursor(ChannelId id) override;
    void save_poll_cursor(ChannelId id, const std::string& cursor) override;
    void set_aside(const SetAside& row) override;
    std::vector<SetAside> set_aside_of(ChannelId channel, std::optional<std::int64_t> before, int limit) override;
    std::optional<SetAside> take_set_aside(ChannelId channel, std::int64_t number) override;

    PushSubscriptionId save_push_subscription(const PushSubscription& subscription) override;
    bool delete_push_subscription(UserId user, PushSubscriptionId id) override;
    std::vector<PushSubscription> push_subscriptions_of_admins(Timestamp real_now) override;

    bool keep_reply(UserId user, const std::string& key, const KeptReply& reply, Timestamp real_now) override;
    std::optional<KeptReply> kept_reply(UserId user, const std::string& key) override;
    void complete_reply(UserId user, const std::string& key, int status, const std::string& body) override;
    void forget_reply(UserId user, const std::string& key) override;

    void note_change(const std::string& type, const Uuid& object) override;
    std::vector<Change> changes_after(std::int64_t seq, int limit) override;
    std::int64_t last_seq() override;
    std::int64_t oldest_seq() override;
    void restart_changes(std::int64_t step) override;

    std::vector<ContactId> contacts_with_address(const std::string& key) override;
    std::vector<StoredAddress> addresses_of_contact(ContactId id) override;
    void each_address(const std::function<void(ContactId, const StoredAddress&)>& tell) override;
    std::optional<Erased> erase_contact(ContactId id) override;

    // Gives the noted changes their numbers; the last statement before COMMIT. False when there are none.
    bool number_changes();
    // What a failed closure noted is forgotten with it.
    std::size_t noted() const { return noted_.size(); }
    void forget_ahead() { ahead_.reset(); }
    void forget_changes_after(std::size_t noted) { noted_.resize(noted); }

private:
    bool is_locked_now(const Uuid& object);
    void lock_row(std::string_view statement, const Uuid& id);
    // Each answers ids for the next: of identities, of messages, of conversations.
    std::set<IdentityId> read_people_ahead(const std::map<ChannelId, Foreseen>& foreseen);
    std::set<MessageId> read_reports_ahead(const std::map<ChannelId, Foreseen>& foreseen);
    std::set<ConversationId> conversations_ahead(const std::set<IdentityId>& people,
                                                 const std::set<MessageId>& messages);
    void read_conversations_ahead(const std::set<ConversationId>& conversations, bool is_locking);
    void read_messages_ahead(const std::set<MessageId>& messages, const std::function<void(Message)>& keep);
    void read_deliveries_ahead(const std::set<MessageId>& messages);
    void forget_media_ahead(const Media& media);
    void read_addresses_ahead(const std::set<IdentityId>& people);
    // With their files, for a reader.
    void read_seen_messages_ahead(const std::set<MessageId>& messages);
    // What is shown beside these conversations: addresses, the newest messages; and these messages.
    void read_beside(std::vector<Conversation>& conversations, std::set<MessageId> messages);
    void read_files_of(const std::set<MessageId>& messages, const std::function<void(Media)>& keep);
    void read_media_ahead(const std::set<MessageId>& messages);
    void read_names_ahead(const std::map<ChannelId, Foreseen>& foreseen);
    bool are_nobodys(ChannelId channel, const std::vector<Address>& addresses) const;
    void put_address(ChannelId channel, IdentityId identity, const Address& address, std::int64_t rank);
    std::optional<IdentityId> identity_with(ChannelId channel, const Address& address);
    Conversation lock_conversation_of(IdentityId identity);
    struct Known {
        std::optional<IdentityId> identity;
        bool has_new_addresses = false;
    };
    // Identities that turn out one are joined.
    Known find_person(ChannelId channel, const Person& person);
    IdentityId make_identity(ChannelId channel, const Person& person, Timestamp now);
    void join_identities(IdentityId kept, IdentityId other);
    void join_conversations(ConversationId kept, ConversationId other);
    void join_contacts(IdentityId kept, IdentityId other);
    void join_readings(ConversationId kept, ConversationId other);
    void attach(ChannelId channel, IdentityId identity, const Person& person);
    void note_conversation_of(IdentityId identity);
    void blank_replies_about(const std::vector<ConversationId>& conversations);

    Sql& sql_;
    WorkspaceId workspace_;
    const SealingKey& key_;
    std::vector<std::pair<std::string, Uuid>> noted_;
    std::optional<ReadAhead> ahead_;
    std::set<Uuid> locked_;  // in this transaction
};

// Reads the columns of `SELECT <channel_columns> FROM channels`.
extern const char* const channel_columns;
Channel read_channel(const Row& row, const SealingKey& key);
// False when a channel's credentials were sealed with another key.
bool opens_credentials(Sql& sql, const SealingKey& key);

}  // namespace okno::storage
