// What a list is asked for in the query of its address: the page, its size and the filters.
#pragma once

#include "http/endpoint.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace okno::http {

// Cursors name the last item of the page before: its place and its id.
template <typename Id>
std::string write_cursor(Timestamp place, Id id) {
    return std::to_string(to_millis(place)) + "." + id.value().text();
}
// Empty optional: no cursor given. Error: it is none of ours.
Result<std::optional<std::pair<Timestamp, Uuid>>> read_cursor(std::string_view text);
// The `limit` of the query: 1 to 200, 50 when absent.
Result<int> read_limit(const net::ServerRequest& request);
// View, channel, cursor and limit of the list of conversations.
Result<ConversationQuery> read_conversation_query(const net::ServerRequest& request);

}  // namespace okno::http
