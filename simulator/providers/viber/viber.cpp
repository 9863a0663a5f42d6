#include "providers/viber/viber.hpp"

#include "core/answer.hpp"
#include "core/samples.hpp"
#include "providers/viber/api.hpp"
#include "providers/viber/control.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::viber {

namespace {

// What a person sent, until its address dies.
net::ServerReply give_file(const Site& site, const std::string& link) {
    const auto file = site.world.files.find(link);
    if (file == site.world.files.end() || site.now() >= file->second.until) {
        net::ServerReply gone = file_reply("text/plain", "Not found\n");
        gone.status = 404;
        return gone;
    }
    net::ServerReply reply = file_reply(file->second.mime, *file->second.bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

net::ServerReply give_sticker() {
    const Sample sample = sample_of("image");
    return file_reply(sample.mime_type, sample.bytes);
}

}  // namespace

bool Viber::owns(std::string_view path) const {
    return std::ranges::any_of(
        std::array<std::string_view, 4>{"/pa/", "/sim/viber/", "/viber-files/", "/viber-stickers/"},
        [&](std::string_view begin) { return path.starts_with(begin); });
}

void Viber::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/pa/")) return answer_api(*site_, std::move(request), std::move(respond));
    if (request.path.starts_with("/sim/viber/")) return answer_control(*site_, std::move(request), std::move(respond));
    const std::vector<std::string> parts = path_parts(request.path);
    if (parts.size() < 2) return respond(refusal(404, "There is no such address."));
    if (parts[0] == "viber-stickers") return respond(give_sticker());
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site_->guard);
        reply = give_file(*site_, parts[1]);
    }
    respond(std::move(reply));
}

std::string Viber::create(const json::object& world) {
    const std::scoped_lock lock(site_->guard);
    return create_world(*site_, world);
}

json::object Viber::show_world() {
    const std::scoped_lock lock(site_->guard);
    return viber::show_world(*site_);
}

void Viber::reset(bool keeps_world) {
    const std::scoped_lock lock(site_->guard);
    viber::reset(*site_, keeps_world);
}

bool Viber::is_idle() {
    const std::scoped_lock lock(site_->guard);
    return site_->under_way == 0;
}

}  // namespace okno::sim::viber
