#include "providers/gateway/events.hpp"

#include "providers/gateway/evolution/events.hpp"
#include "providers/gateway/green_api/events.hpp"
#include "providers/gateway/waha/events.hpp"

#include <fmt/format.h>

namespace okno::sim::gateway {

constexpr std::size_t kMostStatuses = 10;

void enter(Site& site, Session& session, const std::string& status) {
    session.status = status;
    session.statuses.emplace_back(status, site.now());
    if (session.statuses.size() > kMostStatuses) session.statuses.pop_front();
    waha::tell_state(site, session);
    green_api::tell_state(site, session);
    evolution::tell_state(site, session);
}

void start(Site& site, Session& session) {
    enter(site, session, "STARTING");
    if (session.is_banned) return enter(site, session, "FAILED");
    enter(site, session, session.number.empty() ? "SCAN_QR_CODE" : "WORKING");
}

void restart(Site& site, Session& session) {
    enter(site, session, "STOPPED");
    start(site, session);
}

void tell_message(Site& site, Session& session, const Person& person, Message& message) {
    if (session.status != "WORKING" && session.status != "LIMITED") return;
    waha::tell_message(site, session, person, message);
    green_api::tell_message(site, session, person, message);
    evolution::tell_message(site, session, person, message);
}

void acknowledge(Site& site, Session& session, const Person& person, Message& message, int ack) {
    if (ack >= 0 && ack <= message.ack) return;
    message.ack = ack;
    if (session.status != "WORKING" && session.status != "LIMITED") return;
    waha::tell_ack(site, session, person, message);
    green_api::tell_ack(site, session, person, message);
    evolution::tell_ack(site, session, person, message);
}

void tell_reaction(Site& site, Session& session, const Person& person, const Message& message) {
    if (session.status != "WORKING") return;
    waha::tell_reaction(site, session, person, message);
    green_api::tell_reaction(site, session, person, message);
    evolution::tell_reaction(site, session, person, message);
}

void tell_edit(Site& site, Session& session, const Person& person, const Message& message) {
    if (session.status != "WORKING") return;
    waha::tell_edit(site, session, person, message);
    green_api::tell_edit(site, session, person, message);
    evolution::tell_edit(site, session, person, message);
}

void tell_removal(Site& site, Session& session, const Person& person, const Message& message) {
    if (session.status != "WORKING") return;
    waha::tell_removal(site, session, person, message);
    green_api::tell_removal(site, session, person, message);
    evolution::tell_removal(site, session, person, message);
}

void tell_call(Site& site, Session& session, const Person& person, const std::string& id, bool is_video) {
    if (session.status != "WORKING") return;
    waha::tell_call(site, session, person, id, is_video);
    green_api::tell_call(site, session, person, id);
    evolution::tell_call(site, session, person, id, is_video);
}

Message& say_by_api(Site& site, Session& session, const Person& person, Message message) {
    Chat& chat = session.chats[person.number];
    message.is_from_account = message.is_by_api = true;
    message.at = site.now();
    message.ack = 0;
    chat.messages.push_back(std::move(message));
    chat.is_typing = false;
    ++chat.version;
    Message& said = chat.messages.back();
    tell_message(site, session, person, said);
    // Delivered unless the phone is off or the person takes nothing; nothing tells which.
    const bool is_refused = !person.has_whatsapp || session.status == "LIMITED";
    acknowledge(site, session, person, said, is_refused ? -1 : 1);
    if (!is_refused && person.is_online && !chat.is_blocked) acknowledge(site, session, person, said, 2);
    return said;
}

std::string new_id(Site& site) { return fmt::format("3EB0{:018X}", ++site.world.last_id); }

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace okno::sim::gateway
