#include "messengers/meta/files.hpp"

#include "messengers/meta/errors.hpp"
#include "messengers/meta/graph.hpp"

namespace okno::meta {

namespace json = boost::json;

static HttpRequest upload_request(const OutboundFile& file, const std::string& type, const Channel& channel) {
    const json::object attachment{{"type", type == "document" ? "file" : type},
                                  {"payload", json::object{{"is_reusable", true}}}};
    HttpRequest request = request_of(channel, "POST", node_of(channel) + "/message_attachments");
    request.form = {{.name = "message",
                     .value = json::serialize(json::object{{"attachment", attachment}}),
                     .file = {},
                     .file_name = {},
                     .mime = {}},
                    {.name = "filedata",
                     .value = {},
                     .file = file.path,
                     .file_name = file.name.empty() ? "file" : file.name,
                     .mime = file.mime}};
    request.timeout = std::chrono::minutes{5};
    return request;
}

boost::asio::awaitable<Uploaded> upload_file(OutboundFile file, std::string type, Channel channel,
                                             HttpTransport& http) {
    HttpRequest request = upload_request(file, type, channel);
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    const Result<json::value> document = read_reply(reply);
    const std::string id = document ? JsonView(*document)["attachment_id"].text_or("") : std::string();
    if (id.empty()) co_return std::unexpected(outcome_of_step(reply));
    co_return id;
}

static bool may_be_fetched(std::string_view url, const Channel& channel) {
    if (host_of(url).empty()) return false;
    if (url.starts_with("https://")) return true;
    const std::string base = channel.setting("base_url");
    return url.starts_with("http://") && base.starts_with("http://") && host_of(url) == host_of(base);
}

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    constexpr int most_redirects = 3;
    std::string url = media.provider_id;
    for (int hop = 0; hop <= most_redirects; ++hop) {
        if (!may_be_fetched(url, channel))
            co_return fail(ErrorKind::conflict, "foreign_host", "Meta names an address from which nothing is fetched.");
        HttpRequest request;
        request.url = url;
        reach_through(request, channel);
        request.save_to = save_to;
        request.max_reply_bytes = 100 << 20;
        request.timeout = std::chrono::minutes{10};
        const Result<HttpReply> reply = co_await http.perform(std::move(request));
        if (!reply) co_return std::unexpected(reply.error());
        if (reply->status == 200) co_return Result<void>{};
        if (reply->status == 403 || reply->status == 404 || reply->status == 410)
            co_return fail(ErrorKind::conflict, "media_gone", "Meta no longer has this file. Ask for it again.");
        if (reply->status / 100 != 3)
            co_return fail(ErrorKind::unavailable, "provider_unavailable",
                           "Meta's file server answered " + std::to_string(reply->status) + ".");
        url = std::string(reply->headers.get("Location"));
    }
    co_return fail(ErrorKind::conflict, "foreign_host", "The file server sent us in circles.");
}

}  // namespace okno::meta
