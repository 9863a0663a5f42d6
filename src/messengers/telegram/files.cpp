#include "messengers/telegram/files.hpp"

#include "messengers/telegram/bot_api.hpp"

namespace okno::telegram {

namespace json = boost::json;

namespace {

constexpr std::size_t most_bytes = 100 << 20;  // a Bot API server of one's own gives more than Telegram's 20 MB

std::unexpected<Error> will_pass(const std::string& detail) {
    return fail(ErrorKind::unavailable, "provider_unavailable", detail);
}

// Where the file lies for the next hour.
Result<std::string> path_in(const Result<HttpReply>& told) {
    const Result<json::value> file = result_of(told);
    if (!file) {
        const auto refusal = refusal_of(told);
        const std::string reason = refusal ? reason_in(refusal->words) : std::string();
        if (reason.starts_with("file is too big"))
            return fail(ErrorKind::conflict, "file_too_large",
                        "Telegram gives a bot files of up to 20 MB: ask for it another way.");
        // The same words for a wrong id and for a file that is away for a moment.
        if (reason.find("temporarily unavailable") != std::string::npos) return will_pass(refusal->words);
        return std::unexpected(file.error());
    }
    const std::string path = JsonView(*file)["file_path"].text_or("");
    if (path.empty() || path.front() == '/' || path.find("..") != std::string::npos)
        return will_pass("Telegram did not say where the file lies.");
    return path;
}

}  // namespace

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    HttpRequest asking = bot_request(channel, "getFile", {{"file_id", media.provider_id}});
    const Result<HttpReply> told = co_await http.perform(std::move(asking));
    const Result<std::string> path = path_in(told);
    if (!path) co_return std::unexpected(path.error());
    HttpRequest request = file_request(channel, *path);
    request.save_to = save_to;
    request.max_reply_bytes = most_bytes;
    const Result<HttpReply> reply = co_await http.perform(std::move(request));
    if (!reply) co_return std::unexpected(reply.error());
    constexpr int ok = 200;
    if (reply->status == ok) co_return Result<void>{};
    co_return will_pass("Telegram's file server answered " + std::to_string(reply->status) + ".");
}

}  // namespace okno::telegram
