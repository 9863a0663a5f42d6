#include "providers/gateway/green_api/api.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/files.hpp"
#include "providers/gateway/green_api/call.hpp"
#include "providers/gateway/green_api/events.hpp"
#include "providers/gateway/green_api/objects.hpp"
#include "providers/gateway/green_api/sending.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace okno::sim::gateway::green_api {

namespace {

constexpr std::string_view kPrefix = "/waInstance";
constexpr std::string_view kStore = "/waMedia/";
// A small picture in base64, in place of a drawn code.
constexpr const char* kCode =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

constexpr std::array<std::string_view, 8> kSwitches{
    "incomingWebhook", "outgoingWebhook",     "outgoingMessageWebhook", "outgoingAPIMessageWebhook",
    "stateWebhook",    "incomingCallWebhook", "editedMessageWebhook",   "deletedMessageWebhook"};

net::ServerReply no_such_method() { return json_reply(404, {{"statusCode", 404}, {"message", "Not Found"}}); }

json::object settings_of(const Session& session) {
    json::object out{{"wid", session.number.empty() ? "" : session.number + "@c.us"},
                     {"typeAccount", "trial"},
                     {"webhookUrl", ""},
                     {"webhookUrlToken", ""},
                     {"delaySendMessagesMilliseconds", 3000}};
    for (const std::string_view one : kSwitches)
        out[one] = "no";
    for (const auto& [name, value] : session.settings)
        out[name] = value;
    return out;
}

// It starts the instance anew.
Answer set_settings(Site& site, Session& session, const Call& call) {
    if (call.body.as_object().empty()) return std::unexpected(bad_request(call, "bad request data"));
    for (const auto& [name, value] : call.body.as_object()) {
        const bool is_switch = std::ranges::find(kSwitches, std::string_view(name)) != kSwitches.end();
        if (is_switch && value != "yes" && value != "no")
            return std::unexpected(bad_request(call, "bad request data: '" + std::string(name) + "' is yes or no"));
        session.settings[name] = value;
    }
    restart(site, session);
    return json_reply(200, {{"saveSettings", true}});
}

Answer show_code(const Session& session) {
    if (session.status == "WORKING" || session.status == "LIMITED")
        return json_reply(200, {{"type", "alreadyLogged"}, {"message", "instance account already authorized"}});
    if (session.status != "SCAN_QR_CODE")
        return json_reply(200, {{"type", "error"}, {"message", "instance in starting process try later"}});
    return json_reply(200, {{"type", "qrCode"}, {"message", kCode}});
}

std::int64_t minutes_of(const Call& call) {
    const std::string_view text = call.request.query_value("minutes");
    std::int64_t out = 1440;
    if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

// Newest first.
Answer journal(Site& site, Session& session, const Call& call, bool is_outgoing) {
    const Timestamp since = site.now() - std::chrono::minutes{minutes_of(call)};
    std::vector<std::pair<Timestamp, json::object>> found;
    for (auto& [number, chat] : session.chats)
        for (Message& message : chat.messages)
            if (message.is_from_account == is_outgoing && message.at >= since)
                found.emplace_back(message.at, journal_entry(site, session, site.world.people[number], message));
    std::ranges::stable_sort(found, std::greater(), &std::pair<Timestamp, json::object>::first);
    json::array out;
    for (auto& [at, entry] : found)
        out.push_back(std::move(entry));
    return json_reply(200, std::move(out));
}

Answer give_address(Site& site, Session& session, const Call& call) {
    Person* person = site.world.person_of_chat(call.view()["chatId"].text_or(""));
    Message* message =
        person == nullptr ? nullptr : session.chats[person->number].message(call.view()["idMessage"].text_or(""));
    if (message == nullptr || !message->file) return std::unexpected(bad_request(call, "bad request data"));
    return json_reply(200, {{"downloadUrl", store_address(site, *message->file)}});
}

Answer check_number(Site& site, const Call& call) {
    const auto person = site.world.people.find(call.view()["phoneNumber"].text_or(""));
    const bool is_there = person != site.world.people.end() && person->second.has_whatsapp;
    return json_reply(200, {{"existsWhatsapp", is_there}});
}

Answer route(Site& site, Session& session, const Call& call) {
    const std::string& method = call.method;
    if (method == "getStateInstance") return json_reply(200, {{"stateInstance", state_of(session)}});
    if (method == "getSettings") return json_reply(200, settings_of(session));
    if (method == "setSettings") return set_settings(site, session, call);
    if (method == "qr") return show_code(session);
    if (method == "reboot") {
        restart(site, session);
        return json_reply(200, {{"isReboot", true}});
    }
    if (method == "logout") {
        session.number.clear();
        enter(site, session, "SCAN_QR_CODE");
        return json_reply(200, {{"isLogout", true}});
    }
    if (auto sent = answer_sending(site, session, call)) return std::move(*sent);
    if (auto refusal = not_ready(session, call)) return std::unexpected(std::move(*refusal));
    if (method == "lastIncomingMessages") return journal(site, session, call, false);
    if (method == "lastOutgoingMessages") return journal(site, session, call, true);
    if (method == "downloadFile") return give_address(site, session, call);
    if (method == "checkWhatsapp") return check_number(site, call);
    return std::unexpected(no_such_method());
}

net::ServerReply give_file(Site& site, std::string_view link) {
    const std::scoped_lock lock(site.guard);
    const File* file = file_at(site, link);
    return file == nullptr ? no_such_method() : file_reply(file->mime, *file->bytes);
}

std::optional<net::ServerReply> planned_refusal(Site& site, const Call& call, const json::object& at_hand) {
    if (site.core.faults.take("429", at_hand))
        return json_reply(429, {{"statusCode", 429}, {"message", "Too many requests"}});
    if (site.core.faults.take("expired_token", at_hand)) return net::ServerReply{.status = 401};
    if (const auto fault = site.core.faults.take("500", at_hand)) {
        const int status = static_cast<int>(fault_number(*fault, "status", 500));
        if (status == 466) return spent_quota(call.method);
        return json_reply(status, {{"statusCode", status}, {"message", "Internal server error"}});
    }
    return std::nullopt;
}

// The token stays out of the journal.
void note(Site& site, const Call& call, const Session* session, const net::ServerReply& reply) {
    site.core.journal.write("api", {{"provider", "gateway"},
                                    {"method", call.request.method},
                                    {"path", "/waInstance" + (session ? session->name : "") + "/" + call.method},
                                    {"body", call.body},
                                    {"status", reply.status}});
}

net::ServerReply answer(Site& site, const Call& call, const std::vector<std::string>& parts,
                        const json::object& at_hand) {
    const std::scoped_lock lock(site.guard);
    const auto found = site.world.sessions.find(parts[0].substr(kPrefix.size() - 1));
    Session* session = found == site.world.sessions.end() ? nullptr : &found->second;
    net::ServerReply reply;
    if (session == nullptr) {
        reply.status = 403;
    } else if (parts.size() != 3 || parts[2] != site.world.api_key) {
        reply.status = 401;
    } else if (auto refusal = planned_refusal(site, call, at_hand)) {
        reply = std::move(*refusal);
    } else {
        Answer routed = route(site, *session, call);
        reply = routed ? std::move(*routed) : std::move(routed.error());
    }
    note(site, call, session, reply);
    return reply;
}

}  // namespace

bool owns(std::string_view path) { return path.starts_with(kPrefix) || path.starts_with(kStore); }

void answer_api(Site& site, const net::ServerRequest& request, const net::Respond& respond) {
    if (request.path.starts_with(kStore)) return respond(give_file(site, request.path.substr(kStore.size())));
    const std::vector<std::string> parts = path_parts(request.path);
    Call call{request, parts.size() > 1 ? parts[1] : std::string(), json::object()};
    if (!request.body.empty()) {
        const auto parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(bad_request(call, "bad request data"));
        call.body = *parsed;
    }
    const bool is_message = call.method.starts_with("send") && call.method != "sendTyping";
    const json::object at_hand{{"provider", "gateway"}, {"edge", is_message ? std::string("messages") : call.method}};
    if (site.core.faults.take("timeout_before_accept", at_hand)) return site.core.silence.keep(respond);
    net::ServerReply reply = answer(site, call, parts, at_hand);
    if (site.core.faults.take("timeout_after_accept", at_hand)) return site.core.silence.keep(respond);
    respond(std::move(reply));
}

}  // namespace okno::sim::gateway::green_api
