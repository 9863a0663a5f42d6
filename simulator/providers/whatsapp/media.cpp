#include "providers/whatsapp/media.hpp"

#include "base/crypto.hpp"
#include "core/multipart.hpp"
#include "providers/whatsapp/media_rules.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

constexpr auto kUploadLife = 30 * 24h;

const FormPart* part_named(const std::vector<FormPart>& parts, std::string_view name) {
    const auto found = std::ranges::find(parts, name, &FormPart::name);
    return found == parts.end() ? nullptr : &*found;
}

}  // namespace

net::ServerReply upload_media(Site& site, const Number& number, const net::ServerRequest& request) {
    auto parts = read_form(request.headers.get("Content-Type"), request.body);
    if (!parts) return graph_error({100, "The body must be multipart/form-data."});
    const FormPart* product = part_named(*parts, "messaging_product");
    if (product == nullptr || product->data != "whatsapp")
        return graph_error({100, "The parameter messaging_product is required."});
    const FormPart* file = part_named(*parts, "file");
    if (file == nullptr) return graph_error({100, "The parameter file is required."});
    const FormPart* type = part_named(*parts, "type");
    std::string mime = !file->content_type.empty() ? file->content_type : type != nullptr ? type->data : "";
    if (mime.empty() || mime == "application/octet-stream") mime = type == nullptr ? mime : type->data;
    if (const auto refusal = check_upload(mime, file->data)) return graph_error(*refusal);
    const Media& media = site.world.add_media(number.id, mime, file->filename, file->data, site.now() + kUploadLife);
    return json_reply(200, {{"id", media.id}});
}

net::ServerReply describe_media(Site& site, const Media& media, const net::ServerRequest& request) {
    const std::string_view number_id = request.query_value("phone_number_id");
    if (!number_id.empty() && !media.number_id.empty() && media.number_id != number_id)
        return graph_error({100, "The media does not belong to this phone number."});
    const std::string link = random_token(24);
    const auto life = std::chrono::seconds(site.core.settings.get("media_url_s"));
    site.world.media_links[link] = {media.id, site.now() + life};
    return json_reply(200, {{"messaging_product", "whatsapp"},
                            {"url", site.core.public_url + "/media-files/" + link},
                            {"mime_type", media.mime_type},
                            {"sha256", media.sha256_hex},
                            {"file_size", media.bytes->size()},
                            {"id", media.id}});
}

net::ServerReply remove_media(Site& site, const std::string& media_id) {
    site.world.media.erase(media_id);
    return json_reply(200, {{"success", true}});
}

net::ServerReply download_media(Site& site, std::string_view link) {
    const auto found = site.world.media_links.find(link);
    const auto media =
        found == site.world.media_links.end() ? site.world.media.end() : site.world.media.find(found->second.media_id);
    if (media == site.world.media.end() || site.now() >= found->second.expires_at) {
        net::ServerReply gone = file_reply("text/plain", "Not found\n");
        gone.status = 404;
        return gone;
    }
    net::ServerReply reply = file_reply(media->second.mime_type, *media->second.bytes);
    reply.headers.set("Content-Disposition", "attachment");
    return reply;
}

}  // namespace okno::sim::whatsapp
