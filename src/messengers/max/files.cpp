#include "messengers/max/files.hpp"

#include <array>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr std::size_t most_bytes = 200 << 20;

// Stickers cannot be made by a bot: their picture goes as a file.
std::string kind_of(const std::string& type) {
    return type == "image" || type == "video" || type == "audio" ? type : "file";
}

HttpRequest upload_request(const OutboundFile& file, const Channel& channel, std::string url) {
    HttpRequest request;
    request.method = "POST";
    request.url = std::move(url);
    reach_through(request, channel);
    request.timeout = std::chrono::minutes{5};
    request.form.push_back({.name = "data",
                            .value = {},
                            .file = file.path,
                            .file_name = file.name.empty() ? "file" : file.name,
                            .mime = file.mime});
    return request;
}

Attached passing(const std::string& words) {
    constexpr int most_tries = 8;
    return std::unexpected(SendOutcome{RetryLater{.reason = words, .max_tries = most_tries}});
}

Attached refused(const std::string& words) {
    return std::unexpected(SendOutcome{Rejected{"media_not_accepted", words}});
}

// Of a picture in `photos`, of a file at the top. What is left for videos and audio is no JSON.
std::string token_in(const std::string& answer) {
    const auto document = parse_json(answer);
    if (!document || !document->is_object()) return {};
    const JsonView told(*document);
    const json::value* photos = told["photos"].raw();
    if (photos == nullptr || !photos->is_object() || photos->get_object().empty()) return told["token"].text_or("");
    return JsonView(photos->get_object().begin()->value())["token"].text_or("");
}

boost::asio::awaitable<Result<HttpReply>> ask_where(std::string kind, Channel channel, HttpTransport& http) {
    HttpRequest request = api_request(channel, "POST", "/uploads", {{"type", kind}});
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

// The best of the files of a video.
boost::asio::awaitable<Result<std::string>> address_of_video(std::string token, Channel channel, HttpTransport& http) {
    if (token.find_first_of("/?#%") != std::string::npos)
        co_return fail(ErrorKind::conflict, "media_gone", "MAX named the video in a way that cannot be asked for.");
    auto calling = call(api_request(channel, "GET", "/videos/" + token), http);
    const Result<json::value> told = co_await std::move(calling);
    if (!told) co_return std::unexpected(told.error());
    const JsonView urls = JsonView(*told)["urls"];
    for (const char* size : {"mp4_1080", "mp4_720", "mp4_480", "mp4_360", "mp4_240", "mp4_144"})
        if (const std::string url = urls[size].text_or(""); !url.empty()) co_return url;
    co_return fail(ErrorKind::unavailable, "provider_unavailable", "MAX has no file of this video yet.");
}

boost::asio::awaitable<Result<void>> fetch_from(std::string url, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    constexpr int most_redirects = 3;
    for (int hop = 0; hop <= most_redirects; ++hop) {
        if (!is_fit_address(url, channel))
            co_return fail(ErrorKind::conflict, "foreign_host", "MAX names an address from which nothing is fetched.");
        HttpRequest request;
        request.url = url;
        reach_through(request, channel);
        request.save_to = save_to;
        request.max_reply_bytes = most_bytes;
        request.timeout = std::chrono::minutes{10};
        const Result<HttpReply> reply = co_await http.perform(std::move(request));
        if (!reply) co_return std::unexpected(reply.error());
        if (reply->status == 200) co_return Result<void>{};
        if (reply->status == 403 || reply->status == 404 || reply->status == 410)
            co_return fail(ErrorKind::conflict, "media_gone", "MAX no longer has this file. Ask for it again.");
        if (reply->status / 100 != 3)
            co_return fail(ErrorKind::unavailable, "provider_unavailable",
                           "MAX's file server answered " + std::to_string(reply->status) + ".");
        url = std::string(reply->headers.get("Location"));
    }
    co_return fail(ErrorKind::conflict, "foreign_host", "The file server sent us in circles.");
}

}  // namespace

boost::asio::awaitable<Attached> attach_file(OutboundFile file, std::string type, Channel channel,
                                             HttpTransport& http) {
    const std::string kind = kind_of(type);
    auto asking = ask_where(kind, channel, http);
    const Result<HttpReply> asked = co_await std::move(asking);
    const Result<json::value> place = answer_of(asked);
    if (!place) co_return std::unexpected(failure_of(asked));
    const std::string url = JsonView(*place)["url"].text_or("");
    if (!is_fit_address(url, channel)) co_return passing("MAX did not say where to leave the file.");

    HttpRequest uploading = upload_request(file, channel, url);
    const Result<HttpReply> left = co_await http.perform(std::move(uploading));
    if (!left) co_return passing(left.error().detail);
    const std::string server = "MAX's file server answered " + std::to_string(left->status) + ".";
    if (left->status >= 400 && left->status < 500 && left->status != 429) co_return refused(server);
    if (left->status / 100 != 2) co_return passing(server);
    // Videos and audio have their token before the file is left, the others after.
    std::string token = JsonView(*place)["token"].text_or("");
    if (token.empty()) token = token_in(left->body);
    if (token.empty()) co_return passing("MAX did not name the file.");
    co_return json::object{{"type", kind}, {"payload", json::object{{"token", token}}}};
}

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    constexpr std::string_view video = "video:";
    std::string url = media.provider_id;
    if (url.starts_with(video)) {
        auto asking = address_of_video(url.substr(video.size()), channel, http);
        const Result<std::string> found = co_await std::move(asking);
        if (!found) co_return std::unexpected(found.error());
        url = *found;
    }
    auto fetching = fetch_from(std::move(url), channel, std::move(save_to), http);
    co_return co_await std::move(fetching);
}

}  // namespace okno::max
