#include "providers/max/uploads.hpp"

#include "base/crypto.hpp"
#include "core/answer.hpp"
#include "core/multipart.hpp"
#include "providers/max/objects.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::max {

namespace {

constexpr std::array<std::string_view, 4> kKinds{"image", "video", "audio", "file"};

bool is_picture(std::string_view bytes) {
    return bytes.starts_with("\x89PNG") || bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("GIF8");
}

File& new_file(Site& site, const std::string& kind, const std::string& token) {
    File file;
    file.kind = kind;
    file.token = token;
    return add_file(site, std::move(file));
}

net::ServerReply refused(const std::string& why) { return json_reply(400, {{"error_code", "4"}, {"error_data", why}}); }

}  // namespace

Answer upload_place(Site& site, const Call& call) {
    const std::string kind = call.text("type");
    if (std::ranges::find(kKinds, kind) == kKinds.end()) return wrong("Unknown upload type: " + kind);
    UploadPlace place{kind, call.bot->id, {}};
    const std::string key = random_token(18);
    json::object out{{"url", site.core.public_url + "/max/upload/" + key}};
    if (kind == "video" || kind == "audio") {
        place.token = random_token(18);
        out["token"] = place.token;
        new_file(site, kind, place.token);
    }
    site.world.places[key] = std::move(place);
    return json::value(std::move(out));
}

net::ServerReply take_upload(Site& site, const std::string& key, const net::ServerRequest& request) {
    const auto found = site.world.places.find(key);
    if (request.method != "POST" || found == site.world.places.end()) return refused("BAD_UPLOAD_URL");
    const UploadPlace place = found->second;
    site.world.places.erase(found);
    auto parts = read_form(request.headers.get("Content-Type"), request.body);
    const auto part = parts ? std::ranges::find(*parts, "data", &FormPart::name) : std::vector<FormPart>::iterator{};
    if (!parts || part == parts->end() || part->data.empty()) return refused("NO_FILE");
    if (place.kind == "image" && !is_picture(part->data)) return refused("NOT_AN_IMAGE");
    const auto bot = site.world.bots.find(place.bot);
    const std::int64_t work = bot == site.world.bots.end() || place.kind == "image" ? 0 : bot->second.processing_ms;
    File* file = place.token.empty() ? &new_file(site, place.kind, {}) : site.world.file_by_token(place.token);
    if (file == nullptr) return refused("BAD_UPLOAD_URL");  // the world was made anew meanwhile
    file->name = part->filename;
    file->mime = part->content_type;
    file->bytes = std::make_shared<const std::string>(std::move(part->data));
    file->ready_at_ms = site.pace_ms() + work;
    if (place.kind == "file") return json_reply(200, {{"fileId", file->id}, {"token", file->token}});
    if (place.kind != "image") return file_reply("text/plain", "<retval>1</retval>");
    return json_reply(200, {{"photos", json::object{{random_token(6), json::object{{"token", file->token}}}}}});
}

Answer video_details(Site& site, const Call& call) {
    const File* file = site.world.file_by_token(call.path.at(1));
    if (file == nullptr || file->kind != "video") return refuse(404, "video.not.found", "Video not found");
    json::object out{{"token", file->token}, {"width", 640}, {"height", 360}, {"duration", 3}, {"urls", nullptr}};
    if (file->bytes && site.pace_ms() >= file->ready_at_ms) {
        const std::string url = site.address_of(file->link);
        out["urls"] = json::object{{"mp4_720", url}, {"mp4_360", url + "?size=360"}, {"mp4_1080", nullptr}};
    }
    return json::value(std::move(out));
}

net::ServerReply give_file(Site& site, const std::string& link) {
    const File* file = site.world.file_by_link(link);
    if (file == nullptr || !file->bytes) {
        net::ServerReply gone = file_reply("text/plain", "Not found\n");
        gone.status = 404;
        return gone;
    }
    net::ServerReply reply = file_reply(file->mime, *file->bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

}  // namespace okno::sim::max
