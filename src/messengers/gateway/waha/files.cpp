// Fetching files, which WAHA keeps for three minutes unless it is told otherwise (channels page of the gateway,
// section 3).
#include "messengers/gateway/api.hpp"
#include "messengers/gateway/waha/waha.hpp"

namespace okno::gateway::waha {

namespace json = boost::json;

namespace {

// The gateway writes its own idea of its address, which need not be ours. Empty: the file lies elsewhere.
std::string own_path_in(std::string_view url) {
    const std::size_t at = url.find("/api/files/");
    return at == std::string_view::npos ? std::string() : std::string(url.substr(at));
}

// Has the gateway fetch the file of a message and says where it is.
boost::asio::awaitable<Result<std::string>> have_it_fetched(FileName name, Channel channel, HttpTransport& http) {
    const std::string path =
        "/api/" + session_of(channel) + "/chats/" + name.chat + "/messages/" + name.id + "?downloadMedia=true";
    auto asking = perform(channel, {"GET", path}, http);
    const Result<json::value> told = co_await std::move(asking);
    if (!told) co_return std::unexpected(told.error());
    const std::string url = JsonView(*told)["media"]["url"].text_or("");
    if (url.empty())
        co_return fail(ErrorKind::unavailable, "media_not_downloaded", "The gateway has not fetched this file yet.");
    co_return url;
}

// In a store of its owner the key stays here.
Result<HttpRequest> request_for(const Shape& shape, const Channel& channel, const std::string& url) {
    if (const std::string own_path = own_path_in(url); !own_path.empty())
        return shape.request_of(channel, {"GET", own_path});
    if (url.starts_with("https://")) return plain_request(channel, {"GET", {}}, url);
    return fail(ErrorKind::conflict, "foreign_host", "The gateway names an address from which nothing is fetched.");
}

}  // namespace

boost::asio::awaitable<Result<void>> Waha::fetch(Media media, Channel channel, std::string save_to,
                                                 HttpTransport& http) const {
    const FileName name = read_file_name(media.provider_id);
    if (!name.url.empty()) {
        Result<HttpRequest> request = request_for(*this, channel, name.url);
        if (!request) co_return std::unexpected(request.error());
        auto bringing = bring(std::move(*request), save_to, http);
        const Result<void> brought = co_await std::move(bringing);
        if (brought || brought.error().code != "media_gone" || name.id.empty()) co_return brought;
    }
    if (name.id.empty()) co_return fail(ErrorKind::conflict, "media_gone", "The gateway told no address of this file.");
    auto fetching = have_it_fetched(name, channel, http);
    const Result<std::string> found = co_await std::move(fetching);
    if (!found) co_return std::unexpected(found.error());
    Result<HttpRequest> again = request_for(*this, channel, *found);
    if (!again) co_return std::unexpected(again.error());
    auto bringing = bring(std::move(*again), save_to, http);
    co_return co_await std::move(bringing);
}

}  // namespace okno::gateway::waha
