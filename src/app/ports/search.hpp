// Finds messages and contacts by what people type into the search field. What is found is named by id only: the texts
// are the store's.
#pragma once

#include "base/result.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace okno {

struct SearchQuery {
    WorkspaceId workspace;
    std::string text;                                         // as typed
    std::vector<std::pair<std::string, ChannelId>> channels;  // what `channel:` may name
    std::optional<std::int64_t> before;                       // cursor: `next` of the page before
    int limit = 50;
};

// A contact found by name or number is shown by the newest message of the conversation.
struct SearchHit {
    ConversationId conversation;
    MessageId message;
};

struct SearchPage {
    std::vector<SearchHit> hits;  // newest first by (position, id)
    std::optional<std::int64_t> next;
};

// Blocks on the disk: called on the store's readers. Safe from any thread.
class Search {
public:
    virtual ~Search() = default;

    // An error names the operator that is wrong and what it expects, or says that the index is not there now.
    // What was committed a moment ago may be missing.
    virtual Result<SearchPage> find(const SearchQuery& query) = 0;
    // About 120 characters of `text` around the first word of the query in it; one line, plain text.
    virtual std::string snippet(std::string_view query, std::string_view text) = 0;
};

}  // namespace okno
