// What was missed, from the database that the gateway keeps, and its files (channels page of the gateway, sections 3
// and 8).
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/evolution/evolution.hpp"
#include "messengers/gateway/send.hpp"

#include <algorithm>

namespace okno::gateway::evolution {

namespace json = boost::json;

namespace {

constexpr std::int64_t messages_at_once = 100;
constexpr std::int64_t most_pages = 100;
constexpr std::size_t most_reply_bytes = 64 << 20;  // a file comes as text, a third longer than it is

Call page_call(const Channel& channel, Timestamp since, Timestamp until, std::int64_t page) {
    json::object times{{"gte", to_rfc3339(since)}, {"lte", to_rfc3339(until)}};
    return {"POST", "/chat/findMessages/" + session_of(channel),
            json::object{{"where", json::object{{"messageTimestamp", std::move(times)}}},
                         {"page", page},
                         {"offset", messages_at_once}}};
}

std::int64_t written_at(const json::value& message) {
    return JsonView(message)["messageTimestamp"].integer().value_or(0);
}

}  // namespace

// Newest first, page by page; both ends of the time have to be named.
boost::asio::awaitable<Result<std::vector<json::value>>> Evolution::history_since(Channel channel, Timestamp since,
                                                                                  HttpTransport& http) const {
    const Timestamp until = Clock::real_now() + std::chrono::hours{1};  // clocks differ
    std::vector<json::value> out;
    for (std::int64_t page = 1; page <= most_pages; ++page) {
        auto asking = perform(channel, page_call(channel, since, until, page), http);
        const Result<json::value> told = co_await std::move(asking);
        if (!told) co_return std::unexpected(told.error());
        const JsonView messages = JsonView(*told)["messages"];
        for (std::size_t i = 0; i < messages["records"].size(); ++i)
            out.push_back(*messages["records"].at(i).raw());
        if (page >= messages["pages"].integer().value_or(0)) break;
    }
    std::ranges::reverse(out);  // the seconds alone are told
    std::ranges::stable_sort(out, {}, written_at);
    co_return out;
}

boost::asio::awaitable<Result<void>> Evolution::fetch(Media media, Channel channel, std::string save_to,
                                                      HttpTransport& http) const {
    const FileName name = read_file_name(media.provider_id);
    if (name.id.empty()) co_return fail(ErrorKind::conflict, "media_gone", "The gateway told no message of this file.");
    json::object message{{"key", json::object{{"id", name.id}}}};
    const Call call{"POST", "/chat/getBase64FromMediaMessage/" + session_of(channel),
                    json::object{{"message", std::move(message)}, {"convertToMp4", false}}};
    HttpRequest request = request_of(channel, call);
    request.max_reply_bytes = most_reply_bytes;
    request.timeout = std::chrono::minutes{2};
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->status == 400 || reply->status == 404)
        co_return fail(ErrorKind::conflict, "media_gone", "The gateway no longer has this file. Ask for it again.");
    if (reply->status / 100 != 2)
        co_return fail(ErrorKind::unavailable, "provider_unavailable",
                       "The gateway answered " + std::to_string(reply->status) + " instead of the file.");
    const auto document = parse_json(reply->body);
    if (!document)
        co_return fail(ErrorKind::unavailable, "provider_unavailable", "The gateway answered what is no JSON.");
    co_return write_base64(JsonView(*document)["base64"].text_or(""), save_to);
}

}  // namespace okno::gateway::evolution
