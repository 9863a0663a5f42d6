// What a person typed into the search field, taken apart.
//
//   ключ доступа          both words, in any form; the last one may be unfinished
//   "ключ доступа"        these words, in these forms, side by side
//   8 921 555 01 48       a number, however it is written
//   from:Анна channel:Support has:file before:2026-05-01 after:2026-04-01
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/search/terms.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okno::storage {

// One thing that must be in what is found.
struct Requirement {
    enum class Kind { word, phrase, phone };
    Kind kind = Kind::word;
    std::vector<Word> words;  // of a word one; of a phone its groups of digits
    std::string digits;       // of a phone
    bool is_unfinished = false;
};

struct ParsedQuery {
    std::vector<Requirement> all;
    std::vector<std::vector<Requirement>> from;  // each in the name or the number of who wrote
    std::vector<std::string> channels;           // as typed
    bool has_file = false;
    std::optional<Timestamp> not_before;
    std::optional<Timestamp> before;

    // Nothing to look for: every text matches, so none is shown.
    bool is_empty() const {
        return all.empty() && from.empty() && channels.empty() && !has_file && !not_before && !before;
    }
};

// Only the first 32 requirements count. An operator with a wrong value is an error that says what is expected.
Result<ParsedQuery> parse_query(std::string_view text);

// About 120 characters of `text` around the first word that `query` asks for; from its beginning when there is none.
std::string make_snippet(const ParsedQuery& query, std::string_view text);

}  // namespace okno::storage
