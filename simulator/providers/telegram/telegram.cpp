#include "providers/telegram/telegram.hpp"

#include "providers/telegram/bot_api.hpp"
#include "providers/telegram/control.hpp"
#include "providers/telegram/updates.hpp"

namespace okno::sim::telegram {

bool Telegram::owns(std::string_view path) const { return path.starts_with("/sim/telegram/") || is_bot_api(path); }

void Telegram::answer(net::ServerRequest request, net::Respond respond) {
    if (request.path.starts_with("/sim/"))
        answer_control(site_, request, respond);
    else
        answer_bot_api(site_, std::move(request), std::move(respond));
}

std::string Telegram::create(const json::object& world) {
    const std::scoped_lock lock(site_.guard);
    return create_world(site_, world);
}

json::object Telegram::show_world() {
    const std::scoped_lock lock(site_.guard);
    return telegram::show_world(site_);
}

void Telegram::reset(bool keeps_world) {
    const std::scoped_lock lock(site_.guard);
    reset_world(site_, keeps_world);
}

bool Telegram::is_idle() {
    const std::scoped_lock lock(site_.guard);
    return !has_updates_under_way(site_);
}

std::size_t Telegram::release(std::size_t count, bool backwards) {
    const std::scoped_lock lock(site_.guard);
    return release_held(site_, count, backwards);
}

void Telegram::close() {
    site_.deadlines.stop();
    const std::scoped_lock lock(site_.guard);
    site_.is_closing = true;
    site_.polls.clear();
}

}  // namespace okno::sim::telegram
