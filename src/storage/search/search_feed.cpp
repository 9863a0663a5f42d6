#include "storage/search/search_feed.hpp"

#include "storage/search/marked_terms.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <map>

namespace okno::storage {

namespace {

struct Contact {
    Conversation conversation;
    std::vector<Address> addresses;
};

// As the store has it: the terms are made afterwards, so that its reader is free again.
struct Stored {
    std::vector<Message> messages;  // in the order of their reading
    std::vector<MessageId> missing;
    std::map<ConversationId, std::optional<Contact>> contacts;
};

void wait_for(Store& store, const std::function<void(StoreSession&)>& work) {
    std::promise<void> done;
    store.read([&](StoreSession& session) { work(session); },
               [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

void add_contact(Transaction& tx, ConversationId id, Stored& out) {
    auto [place, is_new] = out.contacts.try_emplace(id);
    if (!is_new) return;
    auto conversation = tx.conversation(id, std::nullopt);
    if (!conversation) return;
    auto addresses = tx.addresses_of(conversation->identity);
    place->second = Contact{std::move(*conversation), std::move(addresses)};
}

bool has_file(const Message& message) {
    static constexpr std::array<std::string_view, 6> types{"image", "video", "audio", "voice", "document", "sticker"};
    return std::ranges::find(types, message.type) != types.end();
}

// Names of files and the values of a template; what else stands in `content` is the provider's.
void add_content(const boost::json::value& value, int depth, bool is_shown, DocumentTerms& terms) {
    if (depth > 4) return;
    if (value.is_string()) {
        if (is_shown) terms.add_text(value.as_string());
    } else if (value.is_array()) {
        for (const boost::json::value& element : value.as_array())
            add_content(element, depth + 1, is_shown, terms);
    } else if (value.is_object()) {
        for (const auto& [key, element] : value.as_object())
            add_content(element, depth + 1, is_shown || key == "filename" || key == "values", terms);
    }
}

std::string fact_of(Direction direction) {
    switch (direction) {
        case Direction::inbound: return "in";
        case Direction::outbound: return "out";
        case Direction::note: return "note";
        case Direction::event: return "event";
    }
    return "event";
}

std::string terms_of(const Message& message, const Conversation& conversation, std::int64_t workspace) {
    DocumentTerms terms(workspace);
    terms.add_text(message.text);
    if (message.content.size() > 2) {
        boost::system::error_code error;
        const boost::json::value content = boost::json::parse(message.content, error);
        if (!error) add_content(content, 0, false, terms);
    }
    terms.add_fact(fact_of(message.direction));
    terms.add_fact(storage::fact_of(message.conversation));
    terms.add_fact(storage::fact_of(conversation.channel));
    if (has_file(message)) terms.add_fact("file");
    return terms.joined();
}

std::string card_of(const Contact& contact, std::int64_t workspace) {
    DocumentTerms terms(workspace);
    terms.add_text(contact.conversation.contact_name);
    for (const Address& address : contact.addresses)
        terms.add_text(address.value);
    terms.add_fact("card");
    terms.add_fact(storage::fact_of(contact.conversation.channel));
    return terms.joined();
}

SearchBatch batch_of(const Stored& stored, std::int64_t workspace) {
    SearchBatch batch;
    batch.gone = stored.missing;
    for (const Message& message : stored.messages) {
        const auto& contact = stored.contacts.at(message.conversation);
        if (message.is_deleted || !contact)
            batch.gone.push_back(message.id);
        else
            batch.documents.push_back({message.conversation, message.id, message.position,
                                       terms_of(message, contact->conversation, workspace)});
    }
    for (const auto& [id, contact] : stored.contacts)
        batch.cards[id] = contact ? card_of(*contact, workspace) : std::string();
    return batch;
}

}  // namespace

std::vector<WorkspaceId> SearchFeed::workspaces() {
    std::vector<WorkspaceId> out;
    wait_for(store_, [&](StoreSession& session) { out = session.workspaces(); });
    return out;
}

SearchChanges SearchFeed::end_of(WorkspaceId workspace) {
    SearchChanges out;
    wait_for(store_, [&](StoreSession& session) {
        Transaction& tx = session.in(workspace);
        out.seq = tx.last_seq();
        for (const Change& change : tx.changes_after(out.seq - 1, 1))
            out.object = change.object;
    });
    return out;
}

std::optional<SearchChanges> SearchFeed::after(WorkspaceId workspace, const SearchProgress& progress, int limit) {
    std::vector<Change> changes;
    std::int64_t last = 0;
    wait_for(store_, [&](StoreSession& session) {
        Transaction& tx = session.in(workspace);
        last = tx.last_seq();
        changes = tx.changes_after(progress.seq - 1, limit + 1);
    });
    SearchChanges out;
    out.seq = progress.seq;
    out.object = progress.object;
    if (!changes.empty() && changes.front().seq == progress.seq) {
        if (changes.front().object != progress.object) return std::nullopt;
        changes.erase(changes.begin());
    }
    const std::int64_t next = changes.empty() ? last + 1 : changes.front().seq;
    if (next != progress.seq + 1) return std::nullopt;
    for (const Change& change : changes) {
        if (change.type == "message") out.messages.insert(MessageId{change.object});
        if (change.type == "conversation") out.conversations.insert(ConversationId{change.object});
        out.seq = change.seq;
        out.object = change.object;
    }
    out.has_more = out.seq < last;
    return out;
}

SearchBatch SearchFeed::read(WorkspaceId workspace, std::int64_t number, const std::set<MessageId>& messages,
                             const std::set<ConversationId>& conversations) {
    Stored stored;
    wait_for(store_, [&](StoreSession& session) {
        Transaction& tx = session.in(workspace);
        tx.look_ahead(messages, conversations);
        for (const MessageId& id : messages) {
            auto message = tx.message(id);
            if (!message) {
                stored.missing.push_back(id);
                continue;
            }
            add_contact(tx, message->conversation, stored);
            stored.messages.push_back(std::move(*message));
        }
        for (const ConversationId& id : conversations)
            add_contact(tx, id, stored);
    });
    return batch_of(stored, number);
}

SearchBatch SearchFeed::read_older(WorkspaceId workspace, std::int64_t number, std::optional<MessageId> before,
                                   int limit, std::vector<MessageId>& read) {
    Stored stored;
    wait_for(store_, [&](StoreSession& session) {
        Transaction& tx = session.in(workspace);
        stored.messages = tx.last_made_messages(before, limit);
        std::set<ConversationId> conversations;
        for (const Message& message : stored.messages)
            conversations.insert(message.conversation);
        tx.look_ahead({}, conversations);
        for (const ConversationId& id : conversations)
            add_contact(tx, id, stored);
    });
    for (const Message& message : stored.messages)
        read.push_back(message.id);
    return batch_of(stored, number);
}

}  // namespace okno::storage
