// Which terms stand in which message, and how far each workspace's change feed is read into it. Everything here can be
// made again from the store.
//
// A document's key is its place in time, so that the newest are found first: milliseconds of the message's position,
// then 19 bits that tell messages of one millisecond apart, then one bit for a contact, who stands beside the newest
// message of the conversation.
#pragma once

#include "app/ports/search.hpp"
#include "base/time.hpp"
#include "storage/search/marked_terms.hpp"
#include "storage/sql.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace okno::storage {

// How far a workspace is read.
struct SearchProgress {
    std::int64_t workspace = 0;       // its number here, which begins its terms
    std::int64_t seq = 0;             // of the last change that is in the index
    Uuid object;                      // of that change: tells another store from ours
    std::optional<MessageId> oldest;  // the filling from the stored messages went so far back
    bool is_filled = false;
};

struct SearchDocument {
    ConversationId conversation;
    MessageId message;
    Timestamp position;
    std::string terms;
};

// What one step writes. Cards are the terms of contacts; an empty card takes the contact out.
struct SearchBatch {
    std::vector<SearchDocument> documents;
    std::vector<MessageId> gone;
    std::map<ConversationId, std::string> cards;
};

constexpr std::int64_t places_in_millisecond = 1LL << 20;

// The first place of a millisecond.
std::int64_t place_of(Timestamp position);

class SearchTables {
public:
    virtual ~SearchTables() = default;

    std::optional<SearchProgress> progress(WorkspaceId workspace);
    SearchProgress add_workspace(WorkspaceId workspace, std::int64_t seq, const Uuid& object);
    // The batch and the progress it makes, in one commit.
    void write(WorkspaceId workspace, const SearchBatch& batch, const SearchProgress& progress);
    std::vector<MessageId> messages_of(WorkspaceId workspace, ConversationId conversation);
    // In which conversations these messages are found.
    std::set<ConversationId> conversations_of(WorkspaceId workspace, const std::set<MessageId>& messages);
    virtual void checkpoint() {}
    // Joins the pieces of the index a little; false when there is nothing left to join.
    virtual bool merge() { return false; }

    // Hits of an expression, newest first, older than `before`, not older than `not_before`; one more than `limit` when
    // there are more.
    SearchPage find(WorkspaceId workspace, const MatchExpression& expression, std::optional<std::int64_t> before,
                    std::optional<std::int64_t> not_before, int limit);
    // Conversations of contacts that match, those with the newest messages first.
    std::vector<ConversationId> contacts(WorkspaceId workspace, const MatchExpression& expression, int limit);

protected:
    // `of_workspace`: what keeps a statement to the workspace $1, where its places are its own; empty where they are
    // those of all.
    SearchTables(Sql& sql, std::string of_workspace) : sql_(sql), of_workspace_(std::move(of_workspace)) {}

    struct Found {
        std::int64_t place = 0;
        ConversationId conversation;
        std::optional<MessageId> message;
    };
    virtual std::vector<Found> matching(WorkspaceId workspace, const MatchExpression& expression, std::int64_t before,
                                        std::int64_t not_before, int limit) = 0;
    // `message` empty: a contact's card. What stands at the place is replaced.
    virtual void put(WorkspaceId workspace, std::int64_t place, ConversationId conversation,
                     std::optional<MessageId> message, std::int64_t digest, const std::string& terms) = 0;
    struct Known {
        std::int64_t place = 0;
        std::int64_t digest = 0;
        ConversationId conversation;
    };
    struct KnownCard {
        std::optional<std::int64_t> newest;                         // place of the conversation's newest message
        std::optional<std::pair<std::int64_t, std::int64_t>> card;  // its place and digest
    };
    // Those of the messages that have a document; those of the conversations that have documents.
    virtual std::map<MessageId, Known> known(WorkspaceId workspace, const std::set<MessageId>& messages);
    virtual std::map<ConversationId, KnownCard> known_cards(WorkspaceId workspace,
                                                            const std::set<ConversationId>& conversations);
    // What messages of one millisecond have taken.
    struct Taken {
        std::int64_t lowest = 0;
        std::int64_t highest = 0;
        MessageId newest;  // at the highest
    };
    // Of the milliseconds that begin with these places.
    virtual std::map<std::int64_t, Taken> taken(WorkspaceId workspace, const std::set<std::int64_t>& firsts);
    virtual void take(WorkspaceId workspace, std::int64_t place) = 0;
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void roll_back() = 0;

    Sql& sql_;

private:
    std::int64_t free_place(WorkspaceId workspace, const SearchDocument& document, Taken& others);
    void put_new(WorkspaceId workspace, std::vector<const SearchDocument*> documents);
    void write_documents(WorkspaceId workspace, const SearchBatch& batch);
    void write_cards(WorkspaceId workspace, const std::map<ConversationId, std::string>& cards);

    const std::string of_workspace_;
};

}  // namespace okno::storage
