#include "http/api/list_query.hpp"

#include <charconv>

namespace okno::http {

Result<std::optional<std::pair<Timestamp, Uuid>>> read_cursor(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::size_t dot = text.find('.');
    std::int64_t millis = 0;
    const std::string_view place = text.substr(0, dot);
    const auto read = std::from_chars(place.data(), place.data() + place.size(), millis);
    const auto id = dot == std::string_view::npos ? std::nullopt : parse_uuid(text.substr(dot + 1));
    if (!id || read.ec != std::errc{} || read.ptr != place.data() + place.size())
        return fail(ErrorKind::invalid, "invalid", "The cursor is none that this server gave.", "cursor");
    return std::pair{from_millis(millis), *id};
}

Result<int> read_limit(const net::ServerRequest& request) {
    const std::string_view text = request.query_value("limit");
    if (text.empty()) return 50;
    int limit = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || limit < 1 || limit > 200)
        return fail(ErrorKind::invalid, "invalid", "limit: expected a whole number from 1 to 200", "limit");
    return limit;
}

Result<ConversationQuery> read_conversation_query(const net::ServerRequest& request) {
    ConversationQuery query;
    const std::string_view view = request.query_value("view");
    if (view.empty() || view == "all")
        query.view = ConversationQuery::View::all;
    else if (view == "waiting")
        query.view = ConversationQuery::View::waiting;
    else if (view == "unread")
        query.view = ConversationQuery::View::unread;
    else
        return fail(ErrorKind::invalid, "invalid", "view: expected waiting, all or unread", "view");
    const auto cursor = read_cursor(request.query_value("cursor"));
    if (!cursor) return std::unexpected(cursor.error());
    if (*cursor) query.before = std::pair{(*cursor)->first, ConversationId{(*cursor)->second}};
    const auto limit = read_limit(request);
    if (!limit) return std::unexpected(limit.error());
    query.limit = *limit;
    const std::string channel(request.query_value("channel_id"));
    if (!channel.empty()) {
        const auto id = parse_uuid(channel);
        if (!id) return fail(ErrorKind::invalid, "invalid", "channel_id: expected the id of a channel", "channel_id");
        query.channel = ChannelId{*id};
    }
    return query;
}

}  // namespace okno::http
