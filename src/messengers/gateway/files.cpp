// Fetching files, which the gateway keeps for three minutes unless it is told otherwise (channels page of the gateway,
// section 3).
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/gateway/parse.hpp"

namespace okno::gateway {

namespace json = boost::json;

namespace {

// The gateway writes its own idea of its address, which need not be ours. Empty: the file lies elsewhere.
std::string own_path_in(std::string_view url) {
    const std::size_t at = url.find("/api/files/");
    return at == std::string_view::npos ? std::string() : std::string(url.substr(at));
}

// Has the gateway fetch the file of "<chat>/<id>" and says where it is.
boost::asio::awaitable<Result<std::string>> have_it_fetched(std::string message, Channel channel, HttpTransport& http) {
    const std::size_t slash = message.find('/');
    const std::string path = "/api/" + session_of(channel) + "/chats/" + message.substr(0, slash) + "/messages/" +
                             message.substr(slash + 1) + "?downloadMedia=true";
    auto asking = call(channel, "GET", path, nullptr, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const std::string url = JsonView(*told)["media"]["url"].text_or("");
    if (url.empty())
        co_return fail(ErrorKind::unavailable, "media_not_downloaded", "The gateway has not fetched this file yet.");
    co_return url;
}

boost::asio::awaitable<Result<void>> bring(std::string url, Channel channel, std::string save_to, HttpTransport& http) {
    const std::string own_path = own_path_in(url);
    if (own_path.empty() && !url.starts_with("https://"))
        co_return fail(ErrorKind::conflict, "foreign_host",
                       "The gateway names an address from which nothing is fetched.");
    HttpRequest request = api_request(channel, "GET", own_path);
    if (own_path.empty()) {  // in a store of its owner: the key stays here
        request.url = url;
        request.headers = {};
    }
    request.save_to = save_to;
    request.max_reply_bytes = 100 << 20;
    request.timeout = std::chrono::minutes{10};
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->status == 200) co_return Result<void>{};
    if (reply->status == 403 || reply->status == 404 || reply->status == 410)
        co_return fail(ErrorKind::conflict, "media_gone", "The gateway no longer has this file. Ask for it again.");
    co_return fail(ErrorKind::unavailable, "provider_unavailable",
                   "The gateway answered " + std::to_string(reply->status) + " instead of the file.");
}

}  // namespace

boost::asio::awaitable<Result<void>> GatewayMessenger::fetch_media(Media media, Channel channel, std::string save_to,
                                                                   HttpTransport& http) const {
    const std::size_t mark = media.provider_id.find(by_message);
    const std::string url = media.provider_id.substr(0, mark);
    const bool has_message = mark != std::string::npos;
    if (!url.empty()) {
        auto bringing = bring(url, channel, save_to, http);
        const Result<void> brought = co_await std::move(bringing);
        if (brought || brought.error().code != "media_gone" || !has_message) co_return brought;
    }
    if (!has_message) co_return fail(ErrorKind::conflict, "media_gone", "The gateway told no address of this file.");
    auto fetching = have_it_fetched(media.provider_id.substr(mark + by_message.size()), channel, http);
    const Result<std::string> found = co_await std::move(fetching);
    if (!found) co_return std::unexpected(found.error());
    auto again = bring(*found, channel, save_to, http);
    co_return co_await std::move(again);
}

}  // namespace okno::gateway
