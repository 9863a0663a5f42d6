#include "providers/max/control.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/max/people.hpp"
#include "providers/max/phone_view.hpp"
#include "providers/max/updates.hpp"

#include <charconv>

namespace okno::sim::max {

namespace {

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }
net::ServerReply ok() { return json_reply(200, {{"success", true}}); }

std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// Changes what is named; the rest stays as it is.
void change(Bot& bot, const JsonView& wanted) {
    bot.name = wanted["name"].text_or(bot.name);
    bot.nick = wanted["username"].text_or(bot.nick);
    bot.token = wanted["token"].text_or(bot.token);
    bot.takes_http = wanted["takes_http"].boolean().value_or(bot.takes_http);
    bot.requests_per_second = wanted["requests_per_second"].integer().value_or(bot.requests_per_second);
    bot.processing_ms = wanted["processing_ms"].integer().value_or(bot.processing_ms);
}

void change(Person& person, const JsonView& wanted) {
    person.first_name = wanted["first_name"].text_or(person.first_name);
    person.last_name = wanted["last_name"].text_or(person.last_name);
    person.nick = wanted["username"].text_or(person.nick);
    person.phone = wanted["phone"].text_or(person.phone);
    person.is_deleted = wanted["deleted"].boolean().value_or(person.is_deleted);
}

template <typename Thing>
std::string create(std::map<std::int64_t, Thing>& things, const JsonView& wanted) {
    const auto id = wanted["id"].integer();
    if (!id || *id <= 0) return "it needs an id";
    Thing& thing = things[*id];
    thing.id = *id;
    change(thing, wanted);
    return {};
}

json::object shown(const Bot& bot) {
    json::array subscriptions;
    for (const Subscription& one : bot.subscriptions)
        subscriptions.push_back(json::object{
            {"url", one.url}, {"secret", one.secret}, {"types", json::array(one.types.begin(), one.types.end())}});
    return {{"id", bot.id},
            {"name", bot.name},
            {"username", bot.nick},
            {"takes_http", bot.takes_http},
            {"requests_per_second", bot.requests_per_second},
            {"processing_ms", bot.processing_ms},
            {"kept", bot.kept.size()},
            {"subscriptions", std::move(subscriptions)}};
}

json::object shown(const Person& person) {
    return {{"id", person.id},         {"first_name", person.first_name}, {"last_name", person.last_name},
            {"username", person.nick}, {"phone", person.phone},           {"deleted", person.is_deleted}};
}

// The bot the body or the query means; the only one there is when neither names one.
Bot* bot_meant(Site& site, const std::string& name) {
    if (name.empty() && site.world.bots.size() == 1) return &site.world.bots.begin()->second;
    const auto found = site.world.bots.find(number_in(name));
    return found == site.world.bots.end() ? nullptr : &found->second;
}

struct Ask {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // behind "sim/max"
    json::object body;
};

net::ServerReply answer_messages(Site& site, Person& person, const Ask& ask) {
    const json::value whole(ask.body);
    const bool is_get = ask.request.method == "GET";
    Bot* bot =
        bot_meant(site, is_get ? std::string(ask.request.query_value("bot")) : JsonView(whole)["bot"].text_or(""));
    if (bot == nullptr) return not_found();
    if (is_get) return json_reply(200, phone_view(site, *bot, person, number_in(ask.request.query_value("since"))));
    const auto done = act(site, *bot, person, ask.body);
    return done ? json_reply(200, *done) : refusal(400, done.error());
}

template <typename Thing>
net::ServerReply answer_things(std::map<std::int64_t, Thing>& things, const std::string& name, const Ask& ask) {
    const json::value whole(ask.body);
    const bool is_get = ask.request.method == "GET";
    if (ask.parts.size() == 1 && is_get) {
        json::array all;
        for (const auto& [id, thing] : things)
            all.push_back(shown(thing));
        return json_reply(200, {{name, std::move(all)}});
    }
    if (ask.parts.size() == 1) {
        const std::string wrong = create(things, JsonView(whole));
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    const auto found = things.find(number_in(ask.parts[1]));
    if (found == things.end()) return not_found();
    if (ask.request.method == "DELETE") {
        things.erase(found);
        return ok();
    }
    if (ask.request.method == "PATCH") change(found->second, JsonView(whole));
    return json_reply(200, shown(found->second));
}

net::ServerReply send_any_update(Site& site, const JsonView& body) {
    Bot* bot = bot_meant(site, body["bot"].text_or(""));
    const json::value* members = body["members"].raw();
    if (bot == nullptr || members == nullptr || !members->is_object()) return not_found();
    tell(site, *bot, body["type"].text_or(""), members->get_object());
    return ok();
}

net::ServerReply route(Site& site, const Ask& ask) {
    const std::string& what = ask.parts[0];
    if (what == "world" && ask.request.method == "GET") return json_reply(200, show_world(site));
    if (what == "world") {
        const std::string wrong = create_world(site, ask.body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    if (what == "bots") return answer_things(site.world.bots, "bots", ask);
    const bool is_of_person = what == "people" && ask.parts.size() == 3 && ask.parts[2] == "messages";
    if (is_of_person) {
        const auto person = site.world.people.find(number_in(ask.parts[1]));
        return person == site.world.people.end() ? not_found() : answer_messages(site, person->second, ask);
    }
    if (what == "people") return answer_things(site.world.people, "people", ask);
    if (what == "reset") {
        reset(site, false);
        return ok();
    }
    if (what == "settled") return json_reply(200, {{"settled", site.posts_under_way == 0}});
    const json::value whole(ask.body);
    if (what == "updates") return send_any_update(site, JsonView(whole));
    return not_found();
}

}  // namespace

json::object show_world(const Site& site) {
    json::array bots;
    for (const auto& [id, bot] : site.world.bots)
        bots.push_back(shown(bot));
    json::array people;
    for (const auto& [id, person] : site.world.people)
        people.push_back(shown(person));
    return {{"bots", std::move(bots)}, {"people", std::move(people)}};
}

void reset(Site& site, bool keeps_world) {
    const std::int64_t version = site.world.version;
    if (keeps_world) {
        site.world.dialogs.clear();
        for (auto& [id, bot] : site.world.bots)
            bot.kept.clear();
    } else {
        site.world = World();
    }
    site.world.version = version + 1;
    site.posts_under_way = 0;
    ++site.generation;
}

std::string create_world(Site& site, const json::object& world) {
    const json::value whole(world);
    const JsonView view(whole);
    for (std::size_t i = 0; i < view["bots"].size(); ++i)
        if (std::string wrong = create(site.world.bots, view["bots"].at(i)); !wrong.empty()) return wrong;
    for (std::size_t i = 0; i < view["people"].size(); ++i)
        if (std::string wrong = create(site.world.people, view["people"].at(i)); !wrong.empty()) return wrong;
    return {};
}

void answer_control(Site& site, net::ServerRequest request, net::Respond respond) {
    Ask ask{request, path_parts(request.path), {}};
    ask.parts.erase(ask.parts.begin(), ask.parts.begin() + 2);
    if (ask.parts.empty()) return respond(not_found());
    if (request.method != "GET" && !request.body.empty()) {
        const Result<json::value> parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(refusal(400, "The body is no JSON object."));
        ask.body = parsed->get_object();
    }
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site.guard);
        reply = route(site, ask);
    }
    respond(std::move(reply));
}

}  // namespace okno::sim::max
