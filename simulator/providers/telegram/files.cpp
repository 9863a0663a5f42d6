#include "providers/telegram/files.hpp"

#include "core/samples.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::size_t kMiB = 1 << 20;
constexpr std::size_t kLargestPhoto = 10 * kMiB;
constexpr std::size_t kLargestUpload = 50 * kMiB;
constexpr std::int64_t kLargestDownload = 20 * kMiB;
constexpr auto kLinkLife = 1h;

const Refusal kNoSuchFile = bad_request("wrong file identifier/HTTP URL specified");

int byte_at(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}
std::int64_t two_bytes(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) * 256 + byte_at(bytes, at + 1);
}

// Walks the segments to the first frame header.
std::pair<std::int64_t, std::int64_t> jpeg_size(std::string_view bytes) {
    for (std::size_t at = 2; at + 9 < bytes.size() && byte_at(bytes, at) == 0xFF;) {
        const int marker = byte_at(bytes, at + 1);
        const bool is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame) return {two_bytes(bytes, at + 7), two_bytes(bytes, at + 5)};
        at += 2 + static_cast<std::size_t>(two_bytes(bytes, at + 2));
    }
    return {1280, 960};
}

bool is_mp4(std::string_view bytes) { return bytes.substr(0, 12).find("ftyp") == 4; }
bool is_mp3(std::string_view bytes) {
    return bytes.starts_with("ID3") || (byte_at(bytes, 0) == 0xFF && (byte_at(bytes, 1) & 0xE0) == 0xE0);
}

// Whether the bytes can be shown as the kind.
bool fits(std::string_view kind, std::string_view bytes) {
    if (kind == "voice") return bytes.starts_with("OggS") || is_mp3(bytes) || is_mp4(bytes);
    if (kind == "audio") return is_mp3(bytes) || is_mp4(bytes);
    if (kind == "video" || kind == "video_note") return is_mp4(bytes);
    if (kind == "animation") return is_mp4(bytes) || bytes.starts_with("GIF8");
    if (kind == "sticker")
        return (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") || bytes.starts_with("\x1f\x8b") ||
               bytes.starts_with("\x1a\x45\xdf\xa3");
    return true;
}

Problem check_photo(File& file) {
    if (file.size > static_cast<std::int64_t>(kLargestPhoto))
        return bad_request(fmt::format("file of size {} bytes is too big for a photo; the maximum size is {} bytes",
                                       file.size, kLargestPhoto));
    std::tie(file.width, file.height) = picture_size(*file.bytes);
    if (file.width == 0 || file.height == 0) return bad_request("IMAGE_PROCESS_FAILED");
    const auto [shorter, longer] = std::minmax(file.width, file.height);
    if (file.width + file.height > 10'000 || longer > shorter * 20) return bad_request("PHOTO_INVALID_DIMENSIONS");
    file.mime_type = "image/jpeg";  // whatever it was, Telegram keeps a JPEG
    file.name.clear();
    return std::nullopt;
}

std::string usual_mime(std::string_view kind, std::string_view bytes) {
    if (kind == "voice") return bytes.starts_with("OggS") ? "audio/ogg" : "audio/mpeg";
    if (kind == "audio") return "audio/mpeg";
    if (kind == "sticker")
        return bytes.starts_with("\x1f\x8b") ? "application/x-tgsticker"
               : bytes.starts_with("RIFF")   ? "image/webp"
                                             : "video/webm";
    return kind == "document" ? "application/octet-stream" : "video/mp4";
}

std::expected<File, Refusal> read_upload(std::string kind, const Upload& upload) {
    File file;
    file.bytes = upload.bytes;
    file.size = static_cast<std::int64_t>(upload.bytes->size());
    file.name = upload.filename;
    file.mime_type = upload.mime_type;
    if (file.size == 0) return std::unexpected(bad_request("file must be non-empty"));
    if (upload.bytes->size() > kLargestUpload) return std::unexpected(Refusal{413, "Request Entity Too Large"});
    if (kind == "sticker" && !fits(kind, *file.bytes)) return std::unexpected(bad_request("wrong file type"));
    file.kind = fits(kind, *file.bytes) ? kind : "document";
    if (kind == "photo")
        if (const Problem wrong = check_photo(file)) return std::unexpected(*wrong);
    const bool is_told = !file.mime_type.empty() && file.mime_type != "application/octet-stream";
    if (file.kind != "photo" && (!is_told || file.kind == "voice" || file.kind == "sticker"))
        file.mime_type = usual_mime(file.kind, *file.bytes);
    if (file.kind == "video" || file.kind == "animation") std::tie(file.width, file.height) = std::pair(640, 360);
    if (file.kind == "sticker") std::tie(file.width, file.height) = std::pair(512, 512);
    return file;
}

// Addresses that Telegram's servers cannot reach.
bool is_private_host(std::string_view host) {
    static constexpr std::string_view begins[] = {"localhost", "127.",    "10.",     "192.168.", "169.254.", "0.",
                                                  "[",         "172.16.", "172.17.", "172.18.",  "172.31."};
    return host.find('.') == std::string_view::npos ||
           std::ranges::any_of(begins, [&](std::string_view begin) { return host.starts_with(begin); });
}

// A public address gives a sample: nothing is fetched here.
std::expected<File, Refusal> read_address(const std::string& kind, std::string_view url) {
    const std::size_t host_at = url.find("://") + 3;
    const std::string_view host = url.substr(host_at, url.find_first_of("/?#:", host_at) - host_at);
    if (kind == "video_note" || host.empty()) return std::unexpected(kNoSuchFile);
    if (is_private_host(host)) return std::unexpected(bad_request("failed to get HTTP URL content"));
    Sample sample = sample_of(kind);
    File file;
    file.kind = kind;
    file.name = sample.filename;
    file.mime_type = sample.mime_type;
    std::tie(file.width, file.height) =
        kind == "photo" ? picture_size(sample.bytes) : std::pair<std::int64_t, std::int64_t>(640, 360);
    file.bytes = std::make_shared<const std::string>(std::move(sample.bytes));
    return file;
}

std::string title_of(std::string_view kind) {
    std::string out(kind);
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
}

}  // namespace

std::pair<std::int64_t, std::int64_t> picture_size(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG")) {
        if (bytes.substr(12, 4) != "IHDR") return {800, 600};
        return {two_bytes(bytes, 16) * 65'536 + two_bytes(bytes, 18),
                two_bytes(bytes, 20) * 65'536 + two_bytes(bytes, 22)};
    }
    if (bytes.starts_with("\xff\xd8\xff")) return jpeg_size(bytes);
    if (bytes.starts_with("GIF8"))
        return {byte_at(bytes, 6) + byte_at(bytes, 7) * 256, byte_at(bytes, 8) + byte_at(bytes, 9) * 256};
    if (bytes.starts_with("BM") || (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP")) return {800, 600};
    return {0, 0};
}

std::expected<File, Refusal> read_input_file(Site& site, const Call& call, const std::string& kind,
                                             const std::string& given) {
    if (given.starts_with("attach://")) {
        const auto upload = call.uploads.find(std::string_view(given).substr(9));
        if (upload == call.uploads.end()) return std::unexpected(kNoSuchFile);
        return read_upload(kind, upload->second);
    }
    if (given.starts_with("http://") || given.starts_with("https://")) return read_address(kind, given);
    const File* known = site.world.file_of(call.bot->id, given);
    if (known == nullptr) return std::unexpected(kNoSuchFile);
    if (known->kind != kind)
        return std::unexpected(
            bad_request(fmt::format("can't use file of type {} as {}", title_of(known->kind), title_of(kind))));
    return *known;
}

std::expected<File, Refusal> read_own_file(Site& site, const Call& call, const std::string& kind) {
    if (const auto upload = call.uploads.find(kind); upload != call.uploads.end())
        return read_upload(kind, upload->second);
    const std::string given = call.text(kind);
    if (given.empty()) return std::unexpected(bad_request(fmt::format("there is no {} in the request", kind)));
    return read_input_file(site, call, kind, given);
}

Answer get_file(Site& site, Call& call) {
    const std::string id = call.text("file_id");
    if (id.empty()) return std::unexpected(bad_request("file_id not specified"));
    const File* file = site.world.file_of(call.bot->id, id);
    if (file == nullptr) return std::unexpected(bad_request("wrong file_id or the file is temporarily unavailable"));
    if (file->size > kLargestDownload) return std::unexpected(bad_request("file is too big"));
    site.world.file_links[{call.bot->id, file->path}] = site.now() + kLinkLife;
    return json::object{
        {"file_id", id}, {"file_unique_id", file->unique_id}, {"file_size", file->size}, {"file_path", file->path}};
}

net::ServerReply download_file(Site& site, const Bot& bot, std::string_view path) {
    const auto link = site.world.file_links.find({bot.id, std::string(path)});
    const auto file =
        std::ranges::find_if(site.world.files, [&](const auto& entry) { return entry.second.path == path; });
    const bool is_there =
        link != site.world.file_links.end() && site.now() < link->second && file != site.world.files.end();
    if (!is_there) return reply_of(Refusal{404, "Not Found"});
    const File& found = file->second;
    net::ServerReply reply =
        file_reply("application/octet-stream",
                   found.bytes ? *found.bytes : std::string(static_cast<std::size_t>(found.size), '\0'));
    return reply;
}

}  // namespace okno::sim::telegram
