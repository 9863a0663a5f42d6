// search.db: which terms stand in which message, and how far each workspace's change feed is read into it. Everything
// in it can be made again from okno.db.
//
// A document's key is its place in time, so that FTS5 itself gives the newest first and stops after a page:
// milliseconds of the message's position, then 19 bits that tell messages of one millisecond apart, then one bit for a
// contact, who stands beside the newest message of the conversation.
#pragma once

#include "app/ports/search.hpp"
#include "base/time.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace okno::storage {

// How far a workspace is read.
struct SearchProgress {
    std::int64_t workspace = 0;       // its number in this file
    std::int64_t seq = 0;             // of the last change that is in the index
    Uuid object;                      // of that change: tells another okno.db from ours
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

class SearchFile {
public:
    // Opens the file or makes it. Throws SqlDamaged when it is no search.db of this version.
    SearchFile(const std::filesystem::path& file, SqliteDatabase::Mode mode);

    std::optional<SearchProgress> progress(WorkspaceId workspace);
    SearchProgress add_workspace(WorkspaceId workspace, std::int64_t seq, const Uuid& object);
    // The batch and the progress it makes, in one commit. `is_filling`: messages come in falling order of age.
    void write(const SearchBatch& batch, const SearchProgress& progress, bool is_filling);
    std::vector<MessageId> messages_of(ConversationId conversation);
    std::optional<ConversationId> conversation_of(MessageId message);
    void checkpoint() { database_.checkpoint(); }
    // Joins the pieces of the index a little; false when there is nothing left to join.
    bool merge();

    // Hits of an expression, newest first, older than `before`, not older than `not_before`; one more than `limit` when
    // there are more.
    SearchPage find(std::int64_t workspace, const std::string& expression, std::optional<std::int64_t> before,
                    std::optional<std::int64_t> not_before, int limit);
    // Conversations of contacts that match, those with the newest messages first.
    std::vector<ConversationId> contacts(std::int64_t workspace, const std::string& expression, int limit);

private:
    struct Known;
    std::optional<Known> document_of(MessageId message);
    std::int64_t free_place(Timestamp position, bool is_filling);
    void write_documents(const SearchBatch& batch, std::int64_t workspace, bool is_filling);
    void write_cards(const std::map<ConversationId, std::string>& cards, std::int64_t workspace);
    void write_terms();

    SqliteDatabase database_;
    // Of the batch in hand. FTS5 wants its rows in rising order: anything else ends a piece of the index.
    std::map<std::int64_t, std::string> put_;
    std::vector<std::int64_t> taken_;
};

// The first place of a millisecond.
std::int64_t place_of(Timestamp position);

}  // namespace okno::storage
