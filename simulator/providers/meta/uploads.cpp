#include "providers/meta/uploads.hpp"

#include "base/json.hpp"
#include "core/multipart.hpp"
#include "providers/meta/conversations.hpp"

#include <algorithm>

namespace okno::sim::meta {

static bool is_picture(std::string_view bytes) {
    return bytes.starts_with("\x89PNG") || bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("GIF8");
}

static bool is_kind(const std::string& kind) {
    return kind == "image" || kind == "video" || kind == "audio" || kind == "file";
}

Answer take_upload(Site& site, const Account& caller, const net::ServerRequest& request) {
    const auto parts = read_form(request.headers.get("Content-Type"), request.body);
    if (!parts) return refuse(100, 2018047);
    const auto message = std::ranges::find(*parts, "message", &FormPart::name);
    const auto file = std::ranges::find(*parts, "filedata", &FormPart::name);
    if (message == parts->end() || file == parts->end() || file->data.empty()) return refuse(100, 2018047);
    const auto document = parse_json(message->data);
    const std::string kind = document ? JsonView(*document)["attachment"]["type"].text_or("") : std::string();
    if (!is_kind(kind)) return refuse(100, 0, "Param message[attachment][type] is unknown");
    constexpr std::size_t most = 25 << 20;
    if (file->data.size() > most) return refuse(100, 2018109);
    if (kind == "image" && !is_picture(file->data)) return refuse(100, 2018047);
    File kept;
    kept.account_id = caller.id;
    kept.kind = kind;
    kept.name = file->filename;
    kept.mime = file->content_type;
    kept.bytes = std::make_shared<const std::string>(file->data);
    return json::object{{"attachment_id", add_file(site, std::move(kept)).id}};
}

net::ServerReply give_file(const Site& site, const std::string& link) {
    const File* file = site.world.file_by_link(link);
    if (file == nullptr) {
        net::ServerReply gone = file_reply("text/plain", "URL signature expired\n");
        gone.status = 403;
        return gone;
    }
    net::ServerReply reply = file_reply(file->mime, *file->bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

}  // namespace okno::sim::meta
