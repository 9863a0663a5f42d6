#include "messengers/vk/files.hpp"

namespace okno::vk {

namespace json = boost::json;

namespace {

struct Way {
    std::string_view ask;
    std::string_view type;  // parameter of `ask`; empty: it takes none
    std::string_view field;
    std::string_view save;
};
constexpr Way photo{"photos.getMessagesUploadServer", "", "photo", "photos.saveMessagesPhoto"};
constexpr Way voice{"docs.getMessagesUploadServer", "audio_message", "file", "docs.save"};
constexpr Way document{"docs.getMessagesUploadServer", "doc", "file", "docs.save"};

// Videos cannot be left by a community: they go as files.
Way way_of(const OutboundFile& file, const std::string& type) {
    if (type == "image") return photo;
    return type == "audio" && file.mime == "audio/ogg" ? voice : document;
}

std::string name_of_file(const OutboundFile& file) { return file.name.empty() ? "file" : file.name; }

Parameters asking_for(const Way& way, const std::string& peer) {
    Parameters out{{"peer_id", peer}};
    if (!way.type.empty()) out.emplace_back("type", way.type);
    return out;
}

HttpRequest upload_request(const Way& way, const OutboundFile& file, const Channel& channel, std::string url) {
    HttpRequest request;
    request.method = "POST";
    request.url = std::move(url);
    reach_through(request, channel);
    request.timeout = std::chrono::minutes{5};
    request.form.push_back({.name = std::string(way.field),
                            .value = {},
                            .file = file.path,
                            .file_name = name_of_file(file),
                            .mime = file.mime});
    return request;
}

// What the upload gave, as parameters of saving it. Empty: the file was refused, with VK's words in `why`.
std::optional<Parameters> saving_of(const Way& way, const OutboundFile& file, const JsonView& uploaded,
                                    std::string& why) {
    why = uploaded["error_descr"].text_or(uploaded["error"].text_or("VK did not take the file."));
    if (uploaded["error"].is_there()) return std::nullopt;
    const std::string taken = uploaded[way.field].text_or("");
    if (taken.empty() || taken == "[]") return std::nullopt;
    if (way.save == document.save) return Parameters{{"file", taken}, {"title", name_of_file(file)}};
    return Parameters{
        {"server", uploaded["server"].text_or("")}, {"photo", taken}, {"hash", uploaded["hash"].text_or("")}};
}

// "photo100200_57_ab12", "doc100200_58"; empty: VK's answer names no file.
std::string attachment_in(const Way& way, const JsonView& saved) {
    const bool is_photo = way.save == photo.save;
    const JsonView object = is_photo ? saved.at(0) : saved[saved["type"].text_or("doc")];
    const std::string owner = object["owner_id"].text_or("");
    const std::string id = object["id"].text_or("");
    if (owner.empty() || id.empty()) return {};
    const std::string key = object["access_key"].text_or("");
    return (is_photo ? "photo" : "doc") + owner + "_" + id + (is_photo && !key.empty() ? "_" + key : "");
}

Attached refused(const std::string& words) {
    return std::unexpected(SendOutcome{Rejected{"media_not_accepted", words}});
}

Attached passing(const std::string& words) {
    constexpr int most_tries = 8;
    return std::unexpected(SendOutcome{RetryLater{.reason = words, .max_tries = most_tries}});
}

boost::asio::awaitable<Result<HttpReply>> ask(std::string_view method, Parameters parameters, Channel channel,
                                              HttpTransport& http) {
    HttpRequest request = api_request(channel, method, parameters);
    Result<HttpReply> reply = co_await http.perform(std::move(request));
    co_return reply;
}

// The three steps once. `may_help` becomes true when another address may be taken better.
boost::asio::awaitable<Attached> attach_once(Way way, OutboundFile file, std::string peer, Channel channel,
                                             HttpTransport& http, bool& may_help) {
    auto asking = ask(way.ask, asking_for(way, peer), channel, http);
    const Result<HttpReply> asked = co_await std::move(asking);
    const Result<json::value> server = response_of(asked);
    if (!server) co_return std::unexpected(failure_of(asked));
    const std::string url = JsonView(*server)["upload_url"].text_or("");
    if (url.empty()) co_return passing("VK did not say where to leave the file.");

    HttpRequest uploading = upload_request(way, file, channel, url);
    const Result<HttpReply> uploaded = co_await http.perform(std::move(uploading));
    const auto document_of = uploaded ? parse_json(uploaded->body) : Result<json::value>(json::value());
    if (!uploaded || uploaded->status != 200 || !document_of || !document_of->is_object())
        co_return passing(uploaded ? "VK's file server answered " + std::to_string(uploaded->status) + "."
                                   : uploaded.error().detail);
    std::string why;
    const auto saving = saving_of(way, file, JsonView(*document_of), why);
    if (!saving) co_return refused(why);

    auto saving_call = ask(way.save, *saving, channel, http);
    const Result<HttpReply> told = co_await std::move(saving_call);
    const Result<json::value> saved = response_of(told);
    if (!saved) {
        may_help = reaction_to(told) == Reaction::upload;
        co_return std::unexpected(failure_of(told));
    }
    const std::string attachment = attachment_in(way, JsonView(*saved));
    if (attachment.empty()) co_return passing("VK did not name the file.");
    co_return attachment;
}

std::string_view host_of(std::string_view url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = url.substr(begin + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

bool may_be_fetched(std::string_view url, const Channel& channel) {
    if (url.starts_with("https://")) return true;
    const std::string base = channel.setting("base_url");
    return url.starts_with("http://") && base.starts_with("http://") && host_of(url) == host_of(base);
}

}  // namespace

boost::asio::awaitable<Attached> attach_file(OutboundFile file, std::string type, std::string peer, Channel channel,
                                             HttpTransport& http) {
    const Way way = way_of(file, type);
    bool may_help = false;
    auto attaching = attach_once(way, file, peer, channel, http, may_help);
    Attached attached = co_await std::move(attaching);
    if (attached || !may_help) co_return attached;
    auto again = attach_once(way, file, peer, channel, http, may_help);
    co_return co_await std::move(again);
}

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    constexpr int most_redirects = 3;
    std::string url = media.provider_id;
    for (int hop = 0; hop <= most_redirects; ++hop) {
        if (!may_be_fetched(url, channel))
            co_return fail(ErrorKind::conflict, "foreign_host", "VK names an address from which nothing is fetched.");
        HttpRequest request;
        request.url = url;
        reach_through(request, channel);
        request.save_to = save_to;
        request.max_reply_bytes = 200 << 20;
        request.timeout = std::chrono::minutes{10};
        const Result<HttpReply> reply = co_await http.perform(std::move(request));
        if (!reply) co_return std::unexpected(reply.error());
        if (reply->status == 200) co_return Result<void>{};
        if (reply->status == 403 || reply->status == 404 || reply->status == 410)
            co_return fail(ErrorKind::conflict, "media_gone", "VK no longer has this file. Ask for it again.");
        if (reply->status / 100 != 3)
            co_return fail(ErrorKind::unavailable, "provider_unavailable",
                           "VK's file server answered " + std::to_string(reply->status) + ".");
        url = std::string(reply->headers.get("Location"));
    }
    co_return fail(ErrorKind::conflict, "foreign_host", "The file server sent us in circles.");
}

}  // namespace okno::vk
