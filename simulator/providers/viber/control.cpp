#include "providers/viber/control.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/reading.hpp"
#include "providers/viber/callbacks.hpp"
#include "providers/viber/chats.hpp"
#include "providers/viber/people.hpp"
#include "providers/viber/phone_view.hpp"

namespace okno::sim::viber {

namespace {

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }
net::ServerReply ok() { return json_reply(200, {{"success", true}}); }

void change_text(const json::object& wanted, std::string_view name, std::string& what) {
    if (wanted.contains(name)) what = text_at(wanted, name);
}

// Changes what is named.
void change_bot(Bot& bot, const json::object& wanted) {
    change_text(wanted, "name", bot.name);
    change_text(wanted, "token", bot.token);
    change_text(wanted, "state", bot.state);
    change_text(wanted, "webhook", bot.webhook);
    bot.free_messages = number_at(wanted, "free_messages", bot.free_messages);
    bot.pays = flag_at(wanted, "pays", bot.pays);
    bot.has_balance = flag_at(wanted, "balance", bot.has_balance);
}

void change_person(Site& site, Person& person, const json::object& wanted) {
    change_text(wanted, "name", person.name);
    change_text(wanted, "phone", person.phone);
    change_text(wanted, "language", person.language);
    change_text(wanted, "country", person.country);
    change_text(wanted, "fails_with", person.fails_with);
    person.api_version = number_at(wanted, "api_version", person.api_version);
    person.devices = number_at(wanted, "devices", person.devices);
    person.is_registered = flag_at(wanted, "registered", person.is_registered);
    person.has_suitable_device = flag_at(wanted, "suitable_device", person.has_suitable_device);
    person.is_country_supported = flag_at(wanted, "country_supported", person.is_country_supported);
    const bool was_online = person.is_online;
    person.is_online = flag_at(wanted, "online", was_online);
    if (person.is_online && !was_online) deliver_waiting(site, person);
}

std::string create_bot(Site& site, const json::object& wanted) {
    const std::string uri = text_at(wanted, "uri");
    if (uri.empty() || text_at(wanted, "token").empty()) return "a bot needs uri and token";
    Bot& bot = site.world.bots[uri];
    bot.uri = uri;
    change_bot(bot, wanted);
    return {};
}

std::string create_person(Site& site, const json::object& wanted) {
    const std::string id = text_at(wanted, "id");
    const std::string key = wanted.contains("key") ? text_at(wanted, "key") : id;
    if (id.empty() || key.find('/') != std::string::npos) return "a person needs an id, and a key without a slash";
    Person& person = site.world.people[key];
    person.id = id;
    person.key = key;
    change_person(site, person, wanted);
    return {};
}

json::object shown(const Bot& bot) {
    return {{"uri", bot.uri},
            {"name", bot.name},
            {"state", bot.state},
            {"webhook", bot.webhook},
            {"event_types", json::array(bot.event_types.begin(), bot.event_types.end())},
            {"free_messages", bot.free_messages}};
}

json::object shown(const Person& person) {
    return {{"id", person.id},          {"key", person.key},          {"name", person.name},
            {"phone", person.phone},    {"online", person.is_online}, {"api_version", person.api_version},
            {"devices", person.devices}};
}

struct Ask {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // behind "sim/viber"
    json::object body;

    bool is_get() const { return request.method == "GET"; }
};

// The bot the body or the query means; the only one there is when neither names one.
Bot* bot_meant(Site& site, const std::string& uri) {
    if (uri.empty() && site.world.bots.size() == 1) return &site.world.bots.begin()->second;
    const auto found = site.world.bots.find(uri);
    return found == site.world.bots.end() ? nullptr : &found->second;
}

net::ServerReply answer_person(Site& site, Person& person, const Ask& ask) {
    const Bot* bot =
        bot_meant(site, ask.is_get() ? std::string(ask.request.query_value("bot")) : text_at(ask.body, "to"));
    if (bot == nullptr) return not_found();
    if (ask.parts[2] == "messages" && ask.is_get()) {
        const std::string since(ask.request.query_value("since"));
        return json_reply(200, phone_view(site, *bot, person, std::atoll(since.c_str())));
    }
    if (ask.parts[2] == "messages") {
        const auto done = act(site, *bot, person, ask.body);
        return done ? json_reply(200, *done) : refusal(400, done.error());
    }
    if (ask.parts[2] != "seen") return not_found();
    see_all(site, *bot, person);
    return ok();
}

net::ServerReply answer_people(Site& site, const Ask& ask) {
    if (ask.parts.size() == 1) {
        if (ask.is_get()) return json_reply(200, {{"people", show_world(site).at("people")}});
        const std::string wrong = create_person(site, ask.body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    const auto person = site.world.people.find(ask.parts[1]);
    if (person == site.world.people.end()) return not_found();
    if (ask.parts.size() == 3) return answer_person(site, person->second, ask);
    if (ask.request.method == "PATCH") change_person(site, person->second, ask.body);
    return json_reply(200, shown(person->second));
}

net::ServerReply answer_bots(Site& site, const Ask& ask) {
    if (ask.parts.size() == 1) {
        if (ask.is_get()) return json_reply(200, {{"bots", show_world(site).at("bots")}});
        const std::string wrong = create_bot(site, ask.body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    Bot* bot = bot_meant(site, ask.parts[1]);
    if (bot == nullptr) return not_found();
    if (ask.request.method == "PATCH") change_bot(*bot, ask.body);
    if (ask.request.method == "DELETE") {
        site.world.bots.erase(bot->uri);
        return ok();
    }
    return json_reply(200, shown(*bot));
}

// Any callback, with a token and the time of now unless it has its own.
net::ServerReply send_any_callback(Site& site, const json::object& body) {
    const Bot* bot = bot_meant(site, text_at(body, "to"));
    const json::object& callback = object_at(body, "callback");
    if (bot == nullptr || callback.empty()) return not_found();
    tell(site, *bot, callback_of(site, text_at(callback, "event"), new_token(site), callback));
    return ok();
}

net::ServerReply show_file(Site& site, const std::string& link) {
    const auto file = site.world.files.find(link);
    if (file == site.world.files.end()) return not_found();
    net::ServerReply reply = file_reply(file->second.mime, *file->second.bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

net::ServerReply route(Site& site, const Ask& ask) {
    const std::string& what = ask.parts[0];
    if (what == "world" && ask.is_get()) return json_reply(200, show_world(site));
    if (what == "world") {
        const std::string wrong = create_world(site, ask.body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    if (what == "bots") return answer_bots(site, ask);
    if (what == "people") return answer_people(site, ask);
    if (what == "files" && ask.parts.size() == 2) return show_file(site, ask.parts[1]);
    if (what == "callbacks") return send_any_callback(site, ask.body);
    if (what == "settled") return json_reply(200, {{"settled", site.under_way == 0}});
    if (what != "reset") return not_found();
    reset(site, false);
    return ok();
}

}  // namespace

json::object show_world(const Site& site) {
    json::array bots;
    for (const auto& [uri, bot] : site.world.bots)
        bots.push_back(shown(bot));
    json::array people;
    for (const auto& [key, person] : site.world.people)
        people.push_back(shown(person));
    return {{"bots", std::move(bots)}, {"people", std::move(people)}};
}

void reset(Site& site, bool keeps_world) {
    const std::int64_t token = site.world.last_token;  // never the same twice
    const std::int64_t version = site.world.version + 1;
    if (keeps_world) {
        site.world.chats.clear();
        site.world.files.clear();
    } else {
        site.world = World();
    }
    site.world.last_token = token;
    site.world.version = version;
    site.under_way = 0;
    ++site.generation;
}

std::string create_world(Site& site, const json::object& world) {
    for (const json::value& one : array_at(world, "bots"))
        if (std::string wrong = create_bot(site, one.as_object()); !wrong.empty()) return wrong;
    for (const json::value& one : array_at(world, "people"))
        if (std::string wrong = create_person(site, one.as_object()); !wrong.empty()) return wrong;
    return {};
}

void answer_control(Site& site, net::ServerRequest request, net::Respond respond) {
    Ask ask{request, path_parts(request.path), {}};
    ask.parts.erase(ask.parts.begin(), ask.parts.begin() + 2);
    if (ask.parts.empty()) return respond(not_found());
    if (request.method != "GET" && !request.body.empty()) {
        Result<json::value> parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(refusal(400, "The body is no JSON object."));
        ask.body = std::move(parsed->get_object());
    }
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site.guard);
        reply = route(site, ask);
    }
    respond(std::move(reply));
}

}  // namespace okno::sim::viber
