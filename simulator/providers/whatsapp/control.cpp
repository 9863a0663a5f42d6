#include "providers/whatsapp/control.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/handshake.hpp"
#include "core/reading.hpp"
#include "providers/whatsapp/control_objects.hpp"
#include "providers/whatsapp/delivery.hpp"
#include "providers/whatsapp/objects.hpp"
#include "providers/whatsapp/phone_view.hpp"
#include "providers/whatsapp/phones.hpp"
#include "providers/whatsapp/webhooks.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

constexpr auto kMediaLife = 7 * 24h;

struct Ask {
    net::ServerRequest request;
    std::vector<std::string> parts;  // without "sim"
    json::object body;
};

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }
net::ServerReply ok() { return json_reply(200, {{"success", true}}); }

net::ServerReply id_or_problem(const std::expected<std::string, NotPossible>& done) {
    return done ? json_reply(200, {{"id", *done}}) : refusal(done.error().status, done.error().why);
}

// The number the body means; the only one there is when it names none.
Number* number_meant(Site& site, const json::object& body) {
    const std::string id = text_at(body, "to");
    if (id.empty() && site.world.numbers.size() == 1) return &site.world.numbers.begin()->second;
    const auto found = site.world.numbers.find(id);
    return found == site.world.numbers.end() ? nullptr : &found->second;
}

net::ServerReply open_chat(Site& site, const Phone& phone, const Number& number, const json::object& body) {
    Chat& chat = site.world.chat(number.id, phone.wa_id);
    chat.is_open = flag_at(body, "open", chat.is_open);
    if (flag_at(body, "open", true)) read_chat(site, number.id, phone.wa_id);
    return ok();
}

net::ServerReply play_voice(Site& site, const Phone& phone, const json::object& body) {
    Message* message = site.world.message(text_at(body, "message"));
    if (message == nullptr || message->wa_id != phone.wa_id || message->type != "audio") return not_found();
    if (message->status != "played") set_status(site, *message, "played");
    return ok();
}

// Every number the person ever wrote to hears of a change.
std::vector<const Number*> numbers_known_to(const Site& site, const Phone& phone) {
    std::vector<const Number*> known;
    for (const auto& [key, chat] : site.world.chats)
        if (key.second == phone.wa_id && chat.last_user_message) known.push_back(&site.world.numbers.at(key.first));
    return known;
}

net::ServerReply change_phone_number(Site& site, Phone& phone, const json::object& body) {
    const std::string fresh = digits_of(text_at(body, "new_wa_id"));
    if (fresh.empty() || site.world.phones.contains(fresh)) return refusal(400, "new_wa_id must be a free number.");
    const std::string old = phone.wa_id;
    for (const Number* number : numbers_known_to(site, phone))
        tell_system(site, *number, phone,
                    {{"body", "User " + phone.name + " changed from " + old + " to " + fresh},
                     {"wa_id", fresh},
                     {"type", "user_changed_number"}});
    site.world.rename_phone(old, fresh);
    return ok();
}

net::ServerReply change_user_id(Site& site, Phone& phone, const json::object& body) {
    const std::string fresh = text_at(body, "new_bsuid").empty() ? new_bsuid(phone.wa_id) : text_at(body, "new_bsuid");
    const std::string old = phone.bsuid;
    for (const Number* number : numbers_known_to(site, phone)) {
        tell_system(site, *number, phone,
                    {{"body", "User " + phone.name + " changed from " + old + " to " + fresh},
                     {"user_id", fresh},
                     {"type", "user_changed_user_id"}});
        json::object update{{"detail", "User ID has been updated"},
                            {"user_id", {{"previous", old}, {"current", fresh}}},
                            {"timestamp", unix_text(site.now())}};
        if (!phone.hides_number) update["wa_id"] = phone.wa_id;
        tell_number(site, *number, "user_id_update",
                    {{"messaging_product", "whatsapp"},
                     {"metadata", metadata_of(*number)},
                     {"contacts", json::array{contact_of(phone)}},
                     {"user_id_update", json::array{std::move(update)}}},
                    {{"what", "user_id_update"}, {"wa_id", phone.wa_id}});
    }
    phone.bsuid = fresh;
    return json_reply(200, {{"bsuid", fresh}});
}

net::ServerReply prefer_marketing(Site& site, Phone& phone, const json::object& body) {
    const std::string value = text_at(body, "value");
    if (value != "stop" && value != "resume") return refusal(400, "value is stop or resume.");
    phone.has_stopped_marketing = value == "stop";
    for (const Number* number : numbers_known_to(site, phone)) {
        json::object preference{{"user_id", phone.bsuid},
                                {"detail", "User requested to " + value + " marketing messages"},
                                {"category", "marketing_messages"},
                                {"value", value},
                                {"timestamp", unix_text(site.now())}};
        if (!phone.hides_number) preference["wa_id"] = phone.wa_id;
        tell_number(site, *number, "user_preferences",
                    {{"messaging_product", "whatsapp"},
                     {"metadata", metadata_of(*number)},
                     {"contacts", json::array{contact_of(phone)}},
                     {"user_preferences", json::array{std::move(preference)}}},
                    {{"what", "user_preferences"}, {"wa_id", phone.wa_id}});
    }
    return ok();
}

net::ServerReply answer_phone(Site& site, Phone& phone, const Ask& ask) {
    const std::string& action = ask.parts[2];
    if (action == "messages" && ask.request.method == "GET") {
        const std::int64_t since = number_at({{"since", ask.request.query_value("since")}}, "since");
        return json_reply(200, phone_view(site, phone, ask.request.query_value("number"),
                                          !ask.request.query_value("all").empty(), since));
    }
    if (ask.request.method != "POST") return refusal(405, "This is done with POST.");
    if (action == "played") return play_voice(site, phone, ask.body);
    if (action == "change_number") return change_phone_number(site, phone, ask.body);
    if (action == "change_user_id") return change_user_id(site, phone, ask.body);
    if (action == "marketing") return prefer_marketing(site, phone, ask.body);
    Number* number = number_meant(site, ask.body);
    if (number == nullptr) return refusal(404, "to must be the id of a number.");
    if (action == "messages") return id_or_problem(act_on_phone(site, phone, *number, ask.body));
    if (action == "read") return open_chat(site, phone, *number, ask.body);
    return not_found();
}

// `/sim/messages/{wamid}/status`; the wamid is base64 and may hold slashes.
net::ServerReply set_by_hand(Site& site, const Ask& ask) {
    constexpr std::string_view start = "/sim/messages/";
    constexpr std::string_view end = "/status";
    std::string_view path = ask.request.path;
    if (!path.starts_with(start) || !path.ends_with(end)) return not_found();
    path.remove_prefix(start.size());
    path.remove_suffix(end.size());
    Message* message = site.world.message(path);
    if (message == nullptr) return not_found();
    const std::string status = text_at(ask.body, "status");
    if (status != "failed") {
        set_status(site, *message, status);
        return ok();
    }
    const auto code = static_cast<int>(number_at(ask.body, "code", 131000));
    set_status(site, *message, status, Refusal{code, text_at(ask.body, "details")});
    return ok();
}

net::ServerReply send_any_webhook(Site& site, const json::object& body) {
    const std::string field = text_at(body, "field");
    const json::object value = object_at(body, "value");
    if (const auto number = site.world.numbers.find(text_at(body, "number")); number != site.world.numbers.end()) {
        tell_number(site, number->second, field, value, {{"what", "by_hand"}});
        return ok();
    }
    const auto waba = site.world.wabas.find(text_at(body, "waba_id"));
    if (waba == site.world.wabas.end()) return refusal(404, "waba_id or number must exist.");
    tell_account(site, waba->second, field, value);
    return ok();
}

net::ServerReply answer_media_store(Site& site, const Ask& ask) {
    if (ask.request.method == "POST") {
        const std::string type(ask.request.headers.get("Content-Type"));
        if (type.empty() || ask.request.body.empty()) return refusal(400, "Give the bytes and their Content-Type.");
        const Media& media = site.world.add_media("", type, std::string(ask.request.query_value("filename")),
                                                  ask.request.body, site.now() + kMediaLife);
        return json_reply(200, {{"id", media.id}});
    }
    const auto found = ask.parts.size() > 1 ? site.world.media.find(ask.parts[1]) : site.world.media.end();
    if (found == site.world.media.end()) return not_found();
    net::ServerReply reply = file_reply(found->second.mime_type, *found->second.bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

net::ServerReply route(Site& site, const Ask& ask) {
    const std::string& what = ask.parts[0];
    const std::size_t depth = ask.parts.size();
    if (what == "phones" && depth == 3) {
        Phone* phone = site.world.phone_by_number(ask.parts[1]);
        return phone == nullptr ? not_found() : answer_phone(site, *phone, ask);
    }
    if (what == "numbers" && depth == 3 && ask.parts[2] == "echoes") {
        const auto number = site.world.numbers.find(ask.parts[1]);
        if (number == site.world.numbers.end()) return not_found();
        return id_or_problem(act_in_business_app(site, number->second, ask.body));
    }
    if (what == "messages") return set_by_hand(site, ask);
    if (what == "webhooks") return send_any_webhook(site, ask.body);
    if (what == "media") return answer_media_store(site, ask);
    if (is_object_kind(what) && depth <= 2)
        return answer_objects(site, ask.request.method, what, depth == 2 ? ask.parts[1] : "", ask.body);
    return not_found();
}

// The app whose new callback must pass the handshake before anything is changed.
struct Pending {
    std::string app_id;
    std::string url;
    std::string verify_token;
};

std::optional<Pending> callback_to_prove(Site& site, const Ask& ask) {
    if (ask.parts[0] != "apps" || ask.request.method == "GET" || ask.request.method == "DELETE") return std::nullopt;
    const std::string id = ask.parts.size() > 1 ? ask.parts[1] : text_at(ask.body, "id");
    if (ask.parts.size() == 3 && ask.parts[2] == "handshake") {
        const auto app = site.world.apps.find(id);
        if (app == site.world.apps.end()) return std::nullopt;
        return Pending{id, app->second.callback_url, app->second.verify_token};
    }
    const std::string url = text_at(ask.body, "callback_url");
    const std::string verify_token = text_at(ask.body, "verify_token");
    if (url.empty() || verify_token.empty()) return std::nullopt;
    return Pending{id, url, verify_token};
}

void prove_callback(Site& site, Pending pending, Ask ask, net::Respond respond) {
    shake_hands(site.core, pending.url, pending.verify_token,
                [&site, ask = std::move(ask), respond = std::move(respond)](const std::string& why) {
                    if (!why.empty()) return respond(json_reply(422, {{"verified", false}, {"error", why}}));
                    if (ask.parts.size() == 3) return respond(json_reply(200, {{"verified", true}}));
                    net::ServerReply reply;
                    {
                        const std::scoped_lock lock(site.guard);
                        reply = route(site, ask);
                    }
                    respond(std::move(reply));
                });
}

}  // namespace

void reset_world(Site& site, bool keeps_objects) {
    const std::int64_t version = site.world.version;
    if (keeps_objects) {
        site.world.chats.clear();
        site.world.messages.clear();
        for (auto& [id, number] : site.world.numbers)
            number.tokens_left = -1;
    } else {
        site.world = World();
    }
    site.world.version = version + 1;
}

void answer_control(Site& site, net::ServerRequest request, net::Respond respond) {
    Ask ask;
    ask.parts = path_parts(request.path);
    ask.parts.erase(ask.parts.begin());
    if (ask.parts.empty()) return respond(not_found());
    if (request.method != "GET" && ask.parts[0] != "media" && !request.body.empty()) {
        const Result<json::value> parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(refusal(400, "The body is no JSON object."));
        ask.body = parsed->get_object();
    }
    ask.request = std::move(request);
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site.guard);
        if (auto pending = callback_to_prove(site, ask))
            return prove_callback(site, std::move(*pending), std::move(ask), std::move(respond));
        reply = route(site, ask);
    }
    respond(std::move(reply));
}

}  // namespace okno::sim::whatsapp
