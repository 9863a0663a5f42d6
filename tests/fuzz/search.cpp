// The search: words and numbers of any text, what a person typed, and the expression that FTS5 gets of it.
#include "storage/search/marked_terms.hpp"
#include "storage/search/query.hpp"

#include "base/utf8.hpp"
#include "fuzz/target.hpp"

#include <sqlite3.h>

#include <memory>

using namespace okno;
using namespace okno::storage;
using fuzz::must;

// FTS5 as the index has it.
class Terms {
public:
    Terms() {
        sqlite3* opened = nullptr;
        must(sqlite3_open(":memory:", &opened) == SQLITE_OK, "SQLite opens");
        database_.reset(opened);
        must(sqlite3_exec(opened,
                          "CREATE VIRTUAL TABLE terms USING fts5(term, content='', contentless_delete=1,"
                          " tokenize='ascii')",
                          nullptr, nullptr, nullptr) == SQLITE_OK,
             "FTS5 is there");
    }
    // False when the engine refuses the expression.
    bool takes(const std::string& expression) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(database_.get(), "SELECT rowid FROM terms WHERE terms MATCH ?", -1, &statement, nullptr);
        sqlite3_bind_text(statement, 1, expression.data(), static_cast<int>(expression.size()), SQLITE_STATIC);
        const int result = sqlite3_step(statement);
        sqlite3_finalize(statement);
        return result == SQLITE_DONE || result == SQLITE_ROW;
    }

private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    std::unique_ptr<sqlite3, Close> database_;
};

static void check_words(std::string_view text) {
    std::size_t from = 0;
    for (const Word& word : words_of(text)) {
        must(from <= word.begin && word.begin < word.end && word.end <= text.size(),
             "words stand in the text, one behind the other");
        from = word.end;
        must(!word.folded.empty() && is_utf8(word.folded), "a folded word is text");
        must(!word.stem.empty() && is_utf8(word.stem), "a stem is text");
        must(letters_in(word.folded) <= 64, "a folded word has at most 64 letters");
        for (const char c : word.folded)
            must(static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'),
                 "of ASCII a folded word has small letters and digits only");
    }
}

static void check_phones(std::string_view text) {
    for (const PhoneRun& run : phones_of(text)) {
        must(run.begin < run.end && run.end <= text.size(), "a number stands in the text");
        must(run.digits.size() >= 7 && run.digits.size() <= 15, "a number has 7 to 15 digits");
        must(run.digits.find_first_not_of("0123456789") == std::string::npos, "a number is digits");
        for (const std::string& form : phone_forms(run.digits))
            must(run.digits.ends_with(form), "the forms of a number are its ends");
    }
}

void fuzz::take(std::string_view input) {
    static Terms terms;
    Pieces pieces(input);
    const std::string_view typed = pieces.line();
    const std::string_view text = pieces.rest();
    check_words(text);
    check_phones(text);
    DocumentTerms document(17);
    document.add_text(text);
    must(is_utf8(document.joined()), "terms are text");

    const Result<ParsedQuery> query = parse_query(typed);
    if (!query) {
        must(query.error().where == "q" && !query.error().detail.empty(), "a wrong query is told in words");
        return;
    }
    must(query->all.size() <= 32 && query->from.size() <= 32, "a query is bounded");
    MatchExpression expression(17);
    for (const Requirement& wanted : query->all) {
        must(!wanted.words.empty(), "a requirement has a word");
        expression.require(wanted);
    }
    must(query->all.empty() == expression.for_fts5().empty(), "every requirement is in the expression");
    if (!query->all.empty()) must(terms.takes(expression.for_fts5()), "FTS5 takes every expression");
    const std::string snippet = make_snippet(*query, text);
    if (is_utf8(text)) must(is_utf8(snippet), "a snippet of text is text");
    must(letters_in(snippet) <= 122, "a snippet has at most 120 letters and two dots");
    must(snippet.find('\n') == std::string::npos, "a snippet is one line");
}
