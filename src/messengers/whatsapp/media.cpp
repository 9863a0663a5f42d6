#include "messengers/whatsapp/media.hpp"

#include "messengers/whatsapp/errors.hpp"
#include "messengers/whatsapp/send.hpp"

#include <algorithm>
#include <array>

namespace okno::whatsapp {

constexpr std::size_t most_bytes = 100 << 20;

Result<boost::json::value> read_reply(const Result<HttpReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    auto document = parse_json(reply->body);
    if (reply->status == 200 && document) return document;
    const auto code = document ? JsonView(*document)["error"]["code"].integer() : std::nullopt;
    const bool may_pass = reply->status >= 500 || reply->status == 429;
    if (!code)
        return fail(ErrorKind::unavailable, "provider_unavailable",
                    "The provider answered " + std::to_string(reply->status) + " without a reason.");
    return fail(may_pass ? ErrorKind::unavailable : ErrorKind::conflict, word_for(*code),
                sentence_of(JsonView(*document)["error"]));
}

static std::string_view host_of(std::string_view url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string_view::npos) return {};
    std::string_view rest = url.substr(begin + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    const std::size_t user = rest.rfind('@');
    return user == std::string_view::npos ? rest : std::string_view{};  // an address with a user is none of Meta's
}

bool may_get_token(std::string_view url, const Channel& channel) {
    const std::string_view host = host_of(url);
    if (host.empty()) return false;
    const std::string base = channel.setting("base_url");
    if (!base.empty() && host == host_of(base)) return true;
    if (!url.starts_with("https://")) return false;
    constexpr std::array<std::string_view, 2> exact{"lookaside.fbsbx.com", "graph.facebook.com"};
    constexpr std::array<std::string_view, 2> endings{".fbcdn.net", ".whatsapp.net"};
    if (std::ranges::find(exact, host) != exact.end()) return true;
    if (std::ranges::any_of(endings, [&](std::string_view ending) { return host.ends_with(ending); })) return true;
    const auto allowed = parse_json(channel.setting("media_hosts"));
    if (!allowed || !allowed->is_array()) return false;
    return std::ranges::any_of(allowed->get_array(), [&](const boost::json::value& one) {
        return one.is_string() && std::string_view(one.get_string()) == host;
    });
}

boost::asio::awaitable<Result<std::string>> upload_file(OutboundFile file, Channel channel, HttpTransport& http) {
    HttpRequest request = graph_request(channel, "POST", channel.address + "/media");
    request.form = {{.name = "messaging_product", .value = "whatsapp", .file = {}, .file_name = {}, .mime = {}},
                    {.name = "type", .value = file.mime, .file = {}, .file_name = {}, .mime = {}},
                    {.name = "file",
                     .value = {},
                     .file = file.path,
                     .file_name = file.name.empty() ? "file" : file.name,
                     .mime = file.mime}};
    request.timeout = std::chrono::minutes{5};
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<boost::json::value> document = read_reply(reply);
    if (!document) co_return std::unexpected(document.error());
    co_return JsonView(*document)["id"].required_text();
}

// Where the bytes are, for five minutes.
static boost::asio::awaitable<Result<std::string>> address_of_file(Media media, Channel channel, HttpTransport& http) {
    HttpRequest request = graph_request(channel, "GET", media.provider_id + "?phone_number_id=" + channel.address);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<boost::json::value> document = read_reply(reply);
    if (!document) co_return std::unexpected(document.error());
    const Result<std::string> url = JsonView(*document)["url"].required_text();
    if (url && !may_get_token(*url, channel))
        co_return fail(ErrorKind::conflict, "foreign_host",
                       "The file lies on a host that must not get the access token: allow it in `media_hosts`.");
    co_return url;
}

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto asking = address_of_file(media, channel, http);
        const Result<std::string> url = co_await std::move(asking);
        if (!url) co_return std::unexpected(url.error());
        HttpRequest request = graph_request(channel, "GET", "");
        request.url = *url;
        request.headers.set("User-Agent", "okno");
        request.save_to = save_to;
        request.max_reply_bytes = most_bytes;
        request.timeout = std::chrono::minutes{10};
        const Result<HttpReply> reply = co_await http.perform(std::move(request));
        if (!reply) co_return std::unexpected(reply.error());
        if (reply->status == 200) co_return Result<void>{};
        if (reply->status != 404)  // 404: the address has expired, a new one helps
            co_return fail(ErrorKind::unavailable, "provider_unavailable",
                           "The provider's file server answered " + std::to_string(reply->status) + ".");
    }
    co_return fail(ErrorKind::conflict, "media_gone", "The provider no longer has this file. Ask for it again.");
}

}  // namespace okno::whatsapp
