#include "messengers/whatsapp/media.hpp"

#include "messengers/meta/graph.hpp"
#include "messengers/whatsapp/error_table.hpp"
#include "messengers/whatsapp/errors.hpp"
#include "messengers/whatsapp/send.hpp"

#include <algorithm>
#include <array>

namespace okno::whatsapp {

constexpr std::size_t most_bytes = 100 << 20;

static ErrorKind kind_of(std::int64_t code, int status, ErrorKind if_broken) {
    const KnownError* known = find_error(code);
    if (known == nullptr) return status >= 500 || status == 429 ? ErrorKind::unavailable : ErrorKind::conflict;
    switch (known->reaction) {
        case Reaction::retry:
        case Reaction::retry_thrice:
        case Reaction::wait:
        case Reaction::slow_channel:
        case Reaction::slow_person: return ErrorKind::unavailable;
        case Reaction::token:
        case Reaction::account: return if_broken;
        case Reaction::refuse:
        case Reaction::window:
        case Reaction::warn: break;
    }
    return ErrorKind::conflict;
}

Result<boost::json::value> read_reply(const Result<HttpReply>& reply, ErrorKind if_broken) {
    if (!reply) return std::unexpected(reply.error());
    auto document = parse_json(reply->body);
    if (reply->status == 200 && document) return document;
    const auto code = code_of(*reply);
    if (!code)
        return fail(ErrorKind::unavailable, "provider_unavailable",
                    "The provider answered " + std::to_string(reply->status) + " without a reason.");
    return fail(kind_of(*code, reply->status, if_broken), word_for(*code), sentence_of(JsonView(*document)["error"]));
}

bool may_get_token(std::string_view url, const Channel& channel) {
    const std::string_view host = meta::host_of(url);
    if (host.empty()) return false;
    const std::string base = channel.setting("base_url");
    if (!base.empty() && host == meta::host_of(base)) return true;
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

static SendOutcome outcome_of_upload(SendOutcome outcome) {
    const auto* unanswered = std::get_if<Unanswered>(&outcome);
    if (unanswered == nullptr) return outcome;
    return RetryLater{.reason = unanswered->reason, .max_tries = 8};
}

boost::asio::awaitable<Uploaded> upload_file(OutboundFile file, Channel channel, HttpTransport& http) {
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
    if (!reply) co_return std::unexpected(outcome_of_upload(outcome_of(reply.error())));
    const auto document = parse_json(reply->body);
    const std::string id = document && reply->status == 200 ? JsonView(*document)["id"].text_or("") : std::string();
    if (id.empty()) co_return std::unexpected(outcome_of_upload(outcome_of(*reply)));
    co_return id;
}

static std::unexpected<Error> foreign_host() {
    return fail(ErrorKind::conflict, "foreign_host",
                "The file lies on a host that must not get the access token: allow it in `media_hosts`.");
}

// Where the bytes are, for five minutes. While the token is broken they wait for an admin.
static boost::asio::awaitable<Result<std::string>> address_of_file(Media media, Channel channel, HttpTransport& http) {
    HttpRequest request = graph_request(channel, "GET", media.provider_id + "?phone_number_id=" + channel.address);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<boost::json::value> document = read_reply(reply, ErrorKind::unavailable);
    if (!document) co_return std::unexpected(document.error());
    if (JsonView(*document)["file_size"].integer().value_or(0) > static_cast<std::int64_t>(most_bytes))
        co_return fail(ErrorKind::conflict, "file_too_large", "The file is larger than 100 MB.");
    co_return JsonView(*document)["url"].required_text();
}

// The bytes, through redirects as far as their hosts may see the token.
static boost::asio::awaitable<Result<HttpReply>> download(std::string url, Channel channel, std::string save_to,
                                                          HttpTransport& http) {
    constexpr int most_redirects = 3;
    for (int hop = 0; hop <= most_redirects; ++hop) {
        if (!may_get_token(url, channel)) co_return foreign_host();
        HttpRequest request = graph_request(channel, "GET", "");
        request.url = url;
        request.headers.set("User-Agent", "okno");
        request.save_to = save_to;
        request.max_reply_bytes = most_bytes;
        request.timeout = std::chrono::minutes{10};
        Result<HttpReply> reply = co_await http.perform(std::move(request));
        if (!reply || reply->status / 100 != 3) co_return reply;
        url = std::string(reply->headers.get("Location"));
    }
    co_return fail(ErrorKind::conflict, "foreign_host", "The file server sent us in circles.");
}

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto asking = address_of_file(media, channel, http);
        Result<std::string> url = co_await std::move(asking);
        if (!url) co_return std::unexpected(url.error());
        auto downloading = download(std::move(*url), channel, save_to, http);
        const Result<HttpReply> reply = co_await std::move(downloading);
        if (!reply) co_return std::unexpected(reply.error());
        if (reply->status == 200) co_return Result<void>{};
        if (reply->status != 404)  // 404: the address has expired, a new one helps
            co_return fail(ErrorKind::unavailable, "provider_unavailable",
                           "The provider's file server answered " + std::to_string(reply->status) + ".");
    }
    co_return fail(ErrorKind::conflict, "media_gone", "The provider no longer has this file. Ask for it again.");
}

}  // namespace okno::whatsapp
