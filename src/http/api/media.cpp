// Uploads, and files by a stable address that leads to a short-lived signed one.
#include "app/await.hpp"
#include "app/files_here.hpp"
#include "base/utf8.hpp"
#include "http/api/endpoints.hpp"
#include "http/api/objects.hpp"
#include "http/byte_range.hpp"
#include "http/file_link.hpp"

#include <boost/asio/awaitable.hpp>

#include <fmt/format.h>

namespace okno::http {

namespace json = boost::json;

constexpr auto link_life = std::chrono::minutes(10);

static std::unexpected<Error> no_file() { return fail(ErrorKind::not_found, "not_found", "There is no such file."); }

// A name without folders and control characters, at most 240 bytes.
static std::string clean_name(std::string_view typed) {
    std::string out;
    for (const char c : typed.substr(typed.find_last_of("/\\") + 1))
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '"') out += c;
    return cut(out, 240);
}

static boost::asio::awaitable<Result<Reply>> upload(std::shared_ptr<const Call> call) {
    const std::string part = call->request.body_file;
    if (part.empty())
        co_return fail(ErrorKind::invalid, "invalid", "The body is empty: send the bytes of the file as the body.");
    auto adopting = adopt_part(call->services->files, call->services->file_work, part);
    const Result<StoredFile> file = co_await std::move(adopting);
    if (!file) co_return std::unexpected(file.error());
    if (file->size == 0) co_return fail(ErrorKind::invalid, "invalid", "The file is empty.");
    Media media;
    media.id = make_id<MediaId>();
    media.name = clean_name(call->request.query_value("name"));
    media.mime = file->mime;
    media.kind = media_kind_of(file->mime);
    media.size = file->size;
    media.sha256 = file->sha256;
    media.state = MediaState::ready;
    media.created_at = Clock::real_now();
    auto storing = write(call->services->store, [call, media](StoreSession& session) {
        session.in(call->caller.user.workspace).insert_media(media);
        return true;
    });
    co_await std::move(storing);
    co_return json_reply(201, json::object{{"id", media.id.value().text()},
                                           {"kind", media.kind},
                                           {"name", media.name},
                                           {"mime", media.mime},
                                           {"size", media.size}});
}

static Result<Reply> get_media(const Call& call, StoreSession& session) {
    const auto id = call.path_id<MediaId>();
    const auto media = id ? session.in(call.caller.user.workspace).media(*id) : std::nullopt;
    if (!media || media->state != MediaState::ready) return no_file();
    const FileLink link{call.caller.user.workspace, *id, Clock::real_now() + link_life};
    Reply reply{.status = 302, .headers = {}};
    reply.headers.set("Location", "/files/" + write_file_link(call.services->link_key, link));
    reply.headers.set("Cache-Control", "private, no-store");
    return reply;
}

// Types that a browser would run or render as a page are given out as bytes.
static std::string safe_mime(const std::string& mime) {
    const bool is_shown = (mime.starts_with("image/") && mime != "image/svg+xml") || mime.starts_with("audio/") ||
                          mime.starts_with("video/") || mime == "application/pdf" || mime == "text/plain";
    return is_shown ? mime : "application/octet-stream";
}

static std::string disposition_of(const Media& media) {
    std::string name;
    for (const char c : media.name.empty() ? media.kind : media.name) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                              c == '-' || c == '_';
        name += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return "attachment; filename*=UTF-8''" + name;
}

// Whether If-None-Match holds the tag: one of a list, weak or not, or any.
static bool names_tag(std::string_view header, const std::string& tag) {
    return header == "*" || header.find(tag) != std::string_view::npos;
}

// The head of the answer; `is_with_body` when the piece of the file is still to be set.
struct FileAnswer {
    Reply reply;
    ByteRange range;
    bool is_with_body = false;
};

static FileAnswer answer_about(const net::ServerRequest& request, const Media& media) {
    const auto size = static_cast<std::uint64_t>(media.size);
    const std::string tag = "\"" + media.sha256 + "\"";
    FileAnswer out;
    Reply& reply = out.reply;
    reply.headers.set("ETag", tag);
    reply.headers.set("Accept-Ranges", "bytes");
    reply.headers.set("Cache-Control", "private, max-age=600");
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
    reply.headers.set("Content-Disposition", disposition_of(media));
    reply.headers.set("Content-Type", safe_mime(media.mime));
    if (names_tag(request.headers.get("If-None-Match"), tag)) {
        reply.status = 304;
        return out;
    }
    const std::string_view only_if = request.headers.get("If-Range");
    const bool is_same = only_if.empty() || only_if == tag;
    const ByteRange range = read_byte_range(is_same ? request.headers.get("Range") : "", size);
    if (range.is_unsatisfiable) {
        reply.status = 416;
        reply.headers.set("Content-Range", fmt::format("bytes */{}", size));
        return out;
    }
    if (range.is_partial) {
        reply.status = 206;
        reply.headers.set("Content-Range",
                          fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.size - 1, size));
    }
    out.range = range;
    out.is_with_body = true;
    return out;
}

static boost::asio::awaitable<Result<Reply>> get_file(std::shared_ptr<const Call> call) {
    const auto link = read_file_link(call->services->link_key, call->path.at("token"), Clock::real_now());
    if (!link) co_return no_file();
    auto reading = read(call->services->store,
                        [link](StoreSession& session) { return session.in(link->workspace).media(link->media); });
    const std::optional<Media> media = co_await std::move(reading);
    if (!media || media->state != MediaState::ready) co_return no_file();
    FileAnswer answer = answer_about(call->request, *media);
    if (!answer.is_with_body) co_return std::move(answer.reply);
    auto bringing = path_here(call->services->files, call->services->file_work, media->sha256);
    const Result<std::string> path = co_await std::move(bringing);
    if (!path) co_return std::unexpected(path.error());
    answer.reply.file = net::FilePiece{*path, answer.range.offset, answer.range.size};
    co_return std::move(answer.reply);
}

std::vector<Endpoint> media_endpoints() {
    return {
        {"POST", "/api/v1/uploads", Access::member, Wait{upload}},
        {"GET", "/api/v1/media/{id}", Access::member, Read{get_media}},
        {"GET", "/files/{token}", Access::anybody, Wait{get_file}},
        {"GET", "/files/{token}/{name}", Access::anybody, Wait{get_file}},  // for providers that look at its ending
    };
}

}  // namespace okno::http
