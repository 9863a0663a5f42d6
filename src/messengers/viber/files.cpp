#include "messengers/viber/files.hpp"

#include "messengers/viber/text.hpp"

#include <array>
#include <cctype>

namespace okno::viber {

namespace json = boost::json;

namespace {

constexpr std::int64_t most_picture = 1 << 20;
constexpr std::int64_t most_video = 26 << 20;
constexpr std::size_t most_name = 256;

// Viber takes none of these, whatever is in them.
constexpr std::array<std::string_view, 44> forbidden{
    "action", "apk",  "app", "bat", "bin", "cmd", "com", "command", "cpl",      "csh", "exe",
    "gadget", "inf1", "ins", "inx", "ipa", "isu", "job", "jse",     "ksh",      "lnk", "msc",
    "msi",    "msp",  "mst", "osx", "out", "paf", "pif", "prg",     "ps1",      "reg", "rgs",
    "run",    "sct",  "shb", "shs", "u3p", "vb",  "vbe", "vbs",     "vbscript", "ws",  "wsf"};

struct Ending {
    std::string_view mime;
    std::string_view ending;
};
constexpr std::array endings{
    Ending{"image/jpeg", ".jpg"}, Ending{"image/png", ".png"}, Ending{"image/webp", ".webp"},
    Ending{"image/gif", ".gif"},  Ending{"video/mp4", ".mp4"}, Ending{"video/3gpp", ".3gp"},
    Ending{"audio/ogg", ".ogg"},  Ending{"audio/mp4", ".m4a"}, Ending{"audio/mpeg", ".mp3"},
    Ending{"audio/aac", ".aac"},  Ending{"audio/amr", ".amr"}, Ending{"application/pdf", ".pdf"},
    Ending{"text/plain", ".txt"}};

std::string ending_of(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    std::string out = dot == std::string_view::npos ? std::string() : std::string(name.substr(dot + 1));
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Viber wants an ending, and shows the name.
std::string name_of(const OutboundFile& file) {
    std::string name = file.name.empty() ? "file" : file.name;
    if (ending_of(name).empty()) {
        const auto* known = std::ranges::find(endings, file.mime, &Ending::mime);
        name += known == endings.end() ? std::string_view(".dat") : known->ending;
    }
    if (characters(name) <= most_name) return name;
    const std::string ending = "." + ending_of(name);
    std::size_t begin = name.size() - ending.size();
    for (std::size_t count = characters(name); count > most_name && begin > 0; --count) {
        --begin;
        while (begin > 0 && (static_cast<unsigned char>(name[begin]) & 0xC0) == 0x80)
            --begin;
    }
    return name.substr(0, begin) + ending;
}

bool is_video(std::string_view type, const OutboundFile& file) {
    return type == "video" && file.mime == "video/mp4" && file.size <= most_video;
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

// Stickers come as a number alone.
std::string address_of(const Media& media, const Channel& channel) {
    constexpr std::string_view mark = "sticker:";
    if (!media.provider_id.starts_with(mark)) return media.provider_id;
    const std::string own = channel.setting("stickers_url");
    const std::string base = own.empty() ? "https://viber.github.io/docs/img/stickers/" : own;
    return base + (base.ends_with('/') ? "" : "/") + media.provider_id.substr(mark.size()) + ".png";
}

}  // namespace

bool is_picture(std::string_view type, std::string_view mime, std::int64_t size) {
    return type == "image" && (mime == "image/jpeg" || mime == "image/png") && size <= most_picture;
}

bool is_caption(std::string_view type, const OutboundFile& file, std::string_view text) {
    return is_picture(type, file.mime, file.size) && characters(text) <= most_caption;
}

Result<json::object> file_members(const OutboundMessage& message, bool is_plain) {
    const OutboundFile& file = *message.file;
    if (file.link.empty())
        return fail(ErrorKind::conflict, "no_public_address",
                    "Viber fetches files from Okno itself, which has no public address: set public_url.");
    const std::string name = name_of(file);
    if (std::ranges::find(forbidden, ending_of(name)) != forbidden.end())
        return fail(ErrorKind::invalid, "media_not_accepted",
                    "Viber takes no files that end with ." + ending_of(name) + ": pack it into an archive.");
    if (!is_plain && is_picture(message.type, file.mime, file.size))
        return json::object{{"type", "picture"}, {"media", file.link}, {"text", message.text}};
    if (!is_plain && is_video(message.type, file))
        return json::object{{"type", "video"}, {"media", file.link}, {"size", file.size}};
    return json::object{{"type", "file"}, {"media", file.link}, {"size", file.size}, {"file_name", name}};
}

boost::asio::awaitable<Result<void>> fetch_file(Media media, Channel channel, std::string save_to,
                                                HttpTransport& http) {
    constexpr int most_redirects = 3;
    std::string url = address_of(media, channel);
    for (int hop = 0; hop <= most_redirects; ++hop) {
        if (!may_be_fetched(url, channel))
            co_return fail(ErrorKind::conflict, "foreign_host",
                           "Viber names an address from which nothing is fetched.");
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
            co_return fail(ErrorKind::conflict, "media_gone", "Viber no longer has this file. Ask for it again.");
        if (reply->status / 100 != 3)
            co_return fail(ErrorKind::unavailable, "provider_unavailable",
                           "Viber's file server answered " + std::to_string(reply->status) + ".");
        url = std::string(reply->headers.get("Location"));
    }
    co_return fail(ErrorKind::conflict, "foreign_host", "The file server sent us in circles.");
}

}  // namespace okno::viber
