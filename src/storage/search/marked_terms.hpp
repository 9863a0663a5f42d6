// Terms as the index holds them: each begins with the number of its workspace and a letter for its kind, so that one
// workspace's terms are never another's.
//
//   17wключей   a word as written   17sключ   its stem   17pк 17pкл 17pклю   its first 1 to 3 letters
//   17d5550148  digits of a phone   17xfile   a fact     17b            a border that no phrase crosses
#pragma once

#include "domain/ids.hpp"
#include "storage/search/query.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace okno::storage {

// What is indexed of one message or contact.
class DocumentTerms {
public:
    explicit DocumentTerms(std::int64_t workspace) : number_(std::to_string(workspace)) {}

    void add_text(std::string_view text);
    void add_fact(const std::string& fact);
    // Parted by spaces; words first and in order, for phrases.
    std::string joined() const;

private:
    const std::string number_;
    std::string words_;
    std::set<std::string> others_;
};

std::string fact_of(ConversationId conversation);
std::string fact_of(ChannelId channel);

// What must be in a document: one alternative of every group. Everything a person typed is letters and digits only in
// it.
struct Alternative {
    std::vector<std::string> terms;  // more than one: side by side
    bool is_prefix = false;          // of the last one
};

class MatchExpression {
public:
    explicit MatchExpression(std::int64_t workspace) : number_(std::to_string(workspace)) {}

    void require(const Requirement& wanted);
    void require_fact(const std::string& fact) { require_any({fact}); }
    // One of these facts at least; `facts` must not be empty.
    void require_any(const std::vector<std::string>& facts);

    // As SQLite's FTS5 takes it, and as PostgreSQL's tsquery.
    std::string for_fts5() const;
    std::string for_tsquery() const;

private:
    Alternative term(char kind, std::string_view value, bool is_prefix = false) const;
    Alternative unfinished(const Word& word) const;
    Alternative phrase(const std::vector<Word>& words, bool is_unfinished) const;

    const std::string number_;
    std::vector<std::vector<Alternative>> all_;
};

}  // namespace okno::storage
