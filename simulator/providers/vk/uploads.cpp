#include "providers/vk/uploads.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/multipart.hpp"
#include "providers/vk/conversations.hpp"
#include "providers/vk/send.hpp"

#include <algorithm>

namespace okno::sim::vk {

namespace {

constexpr auto kPlaceLife = 1h;
constexpr std::size_t kMostPhoto = 50 << 20;
constexpr std::size_t kMostDoc = 200 << 20;
constexpr int kServer = 7;

Answer make_place(Site& site, const Call& call, const std::string& kind) {
    const auto peer = call.number("peer_id");
    if (peer && *peer != 0) {
        if (auto refusal = check_recipient(site, *call.group, *peer)) return std::unexpected(std::move(*refusal));
    }
    const std::string key = random_token(18);
    site.world.upload_places[key] = {kind, call.group->id, site.now() + kPlaceLife};
    return json::value{{"upload_url", site.core.public_url + "/vk-up/" + key + "?act=do_add"}};
}

bool is_picture(std::string_view bytes) {
    return bytes.starts_with("\x89PNG") || bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("GIF8");
}

std::string lower_ending(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    std::string ending = dot == std::string::npos ? "" : name.substr(dot + 1);
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ending;
}

// Empty, or why this file is not taken.
std::string why_not(const std::string& kind, const FormPart& part) {
    if (part.data.empty()) return "no_file";
    if (kind == "audio_message") return part.data.starts_with("OggS") ? "" : "wrong audio format";
    if (part.data.size() > kMostDoc) return "file is too big";
    const std::string ending = lower_ending(part.filename);
    return ending == "exe" || ending == "mp3" ? "file type is not allowed" : "";
}

std::string hash_of(const std::string& handle) { return to_hex(sha256(handle).data(), 16); }

const File& keep(Site& site, Left left, std::int64_t group) {
    File file;
    file.kind = left.place.kind;
    file.owner_id = -group;
    file.name = std::move(left.name);
    file.mime = std::move(left.mime);
    file.bytes = std::make_shared<const std::string>(std::move(left.bytes));
    return add_file(site, std::move(file));
}

}  // namespace

Answer photo_upload_server(Site& site, const Call& call) { return make_place(site, call, "photo"); }

Answer doc_upload_server(Site& site, const Call& call) {
    const std::string type = call.text("type");
    if (type != "doc" && type != "audio_message" && !type.empty()) return refuse(100, "type is invalid");
    return make_place(site, call, type.empty() ? "doc" : type);
}

net::ServerReply take_upload(Site& site, const std::string& key, const net::ServerRequest& request) {
    const auto place = site.world.upload_places.find(key);
    if (place == site.world.upload_places.end() || site.now() > place->second.until)
        return json_reply(200, {{"error", "ERR_UPLOAD_BAD_SERVER"}});
    const UploadPlace taken = place->second;
    site.world.upload_places.erase(place);
    const std::string wanted = taken.kind == "photo" ? "photo" : "file";
    auto parts = read_form(request.headers.get("Content-Type"), request.body);
    const auto part = parts ? std::ranges::find(*parts, wanted, &FormPart::name) : std::vector<FormPart>::iterator{};
    if (!parts || part == parts->end()) return json_reply(200, {{"error", "ERR_UPLOAD_FILE_NOT_UPLOADED"}});
    const std::string handle = random_token(18);
    if (taken.kind == "photo") {
        if (!is_picture(part->data) || part->data.size() > kMostPhoto)
            return json_reply(200, {{"server", kServer}, {"photo", "[]"}, {"hash", hash_of(handle)}});
        site.world.left[handle] = {taken, part->filename, part->content_type, part->data};
        const std::string photo = json::serialize(json::array{json::object{{"photo", handle}}});
        return json_reply(200, {{"server", kServer}, {"photo", photo}, {"hash", hash_of(handle)}});
    }
    if (const std::string why = why_not(taken.kind, *part); !why.empty())
        return json_reply(200, {{"error", why}, {"error_descr", why}});
    site.world.left[handle] = {taken, part->filename, part->content_type, part->data};
    return json_reply(200, {{"file", handle}});
}

Answer save_photo(Site& site, const Call& call) {
    const auto told = parse_json(call.text("photo"));
    const std::string handle = told ? JsonView(*told).at(0)["photo"].text_or("") : std::string();
    if (handle.empty()) return refuse(100, "photos_list is invalid");
    if (call.number("server") != kServer) return refuse(118);
    const auto left = site.world.left.find(handle);
    const bool is_there = left != site.world.left.end() && left->second.place.group == call.group->id;
    if (!is_there || call.text("hash") != hash_of(handle)) return refuse(121);
    const File& file = keep(site, std::move(left->second), call.group->id);
    site.world.left.erase(left);
    return json::value(json::array{attachment_of(site, file).at("photo")});
}

Answer save_doc(Site& site, const Call& call) {
    const auto left = site.world.left.find(call.text("file"));
    const bool is_there = left != site.world.left.end() && left->second.place.group == call.group->id;
    if (!is_there) return refuse(105);
    if (!call.text("title").empty()) left->second.name = call.text("title");
    const File& file = keep(site, std::move(left->second), call.group->id);
    site.world.left.erase(left);
    return json::value(attachment_of(site, file));
}

net::ServerReply give_file(Site& site, const std::string& link) {
    const File* file = site.world.file_by_link(link);
    if (file == nullptr) {
        net::ServerReply gone = file_reply("text/plain", "Not found\n");
        gone.status = 404;
        return gone;
    }
    net::ServerReply reply = file_reply(file->mime, *file->bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

net::ServerReply lead_to_file(Site& site, const std::string& link) {
    net::ServerReply reply;
    reply.status = 302;
    reply.headers.set("Location", site.core.public_url + "/vk-files/" + link);
    return reply;
}

}  // namespace okno::sim::vk
