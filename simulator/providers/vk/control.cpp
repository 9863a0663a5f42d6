#include "providers/vk/control.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/vk/events.hpp"
#include "providers/vk/people.hpp"

#include <charconv>

namespace okno::sim::vk {

namespace {

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }
net::ServerReply ok() { return json_reply(200, {{"success", true}}); }

net::ServerReply done_or_not(const std::expected<json::object, std::string>& done) {
    return done ? json_reply(200, *done) : refusal(400, done.error());
}

std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// Changes what is named; a new one gets what is not from its own defaults.
std::string change_group(Group& group, const JsonView& wanted) {
    group.name = wanted["name"].text_or(group.name);
    group.screen_name = wanted["screen_name"].text_or(group.screen_name);
    group.has_bot_features = wanted["bot_features"].boolean().value_or(group.has_bot_features);
    group.calls_per_second = wanted["calls_per_second"].integer().value_or(group.calls_per_second);
    if (const JsonView tokens = wanted["tokens"]; tokens.is_there()) {
        group.tokens.clear();
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            auto& rights = group.tokens[tokens.at(i)["token"].text_or("")];
            const JsonView list = tokens.at(i)["permissions"];
            for (std::size_t k = 0; k < list.size(); ++k)
                rights.insert(list.at(k).text_or(""));
            if (!list.is_there()) rights = {"messages", "photos", "docs", "manage"};
        }
    }
    if (wanted["access_token"].is_there())
        group.tokens[wanted["access_token"].text_or("")] = {"messages", "photos", "docs", "manage"};
    return {};
}

std::string change_person(Person& person, const JsonView& wanted) {
    person.first_name = wanted["first_name"].text_or(person.first_name);
    person.last_name = wanted["last_name"].text_or(person.last_name);
    person.is_deleted = wanted["deleted"].boolean().value_or(person.is_deleted);
    person.is_private = wanted["private"].boolean().value_or(person.is_private);
    if (const JsonView actions = wanted["button_actions"]; actions.is_there()) {
        person.button_actions.clear();
        for (std::size_t i = 0; i < actions.size(); ++i)
            person.button_actions.insert(actions.at(i).text_or(""));
    }
    return {};
}

std::string create_group(Site& site, const JsonView& wanted) {
    const auto id = wanted["id"].integer();
    if (!id || *id <= 0) return "a group needs an id";
    Group& group = site.world.groups[*id];
    group.id = *id;
    group.screen_name = "club" + std::to_string(*id);
    group.confirmation_code = to_hex(random_token(4).data(), 4);
    return change_group(group, wanted);
}

std::string create_person(Site& site, const JsonView& wanted) {
    const auto id = wanted["id"].integer();
    if (!id || *id <= 0 || *id >= 2'000'000'000) return "a person needs an id";
    Person& person = site.world.people[*id];
    person.id = *id;
    return change_person(person, wanted);
}

json::object shown(const Group& group) {
    json::array servers;
    for (const CallbackServer& server : group.servers)
        servers.push_back(json::object{{"id", server.id},
                                       {"url", server.url},
                                       {"status", server.status},
                                       {"events", json::array(server.events.begin(), server.events.end())}});
    return {{"id", group.id},
            {"name", group.name},
            {"screen_name", group.screen_name},
            {"bot_features", group.has_bot_features},
            {"confirmation_code", group.confirmation_code},
            {"long_poll", group.long_poll.is_enabled},
            {"servers", std::move(servers)}};
}

json::object shown(const Person& person) {
    return {{"id", person.id},
            {"first_name", person.first_name},
            {"last_name", person.last_name},
            {"deleted", person.is_deleted},
            {"private", person.is_private}};
}

// The community the body or the query means; the only one there is when neither names one.
Group* group_meant(Site& site, const std::string& name) {
    if (name.empty() && site.world.groups.size() == 1) return &site.world.groups.begin()->second;
    const auto found = site.world.groups.find(number_in(name));
    return found == site.world.groups.end() ? nullptr : &found->second;
}

struct Ask {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // behind "sim/vk"
    json::object body;
};

net::ServerReply answer_person(Site& site, Person& person, const Ask& ask) {
    const json::value whole(ask.body);
    const JsonView body(whole);
    const bool is_get = ask.request.method == "GET";
    Group* group = group_meant(site, is_get ? std::string(ask.request.query_value("group")) : body["to"].text_or(""));
    if (group == nullptr) return not_found();
    const std::string& what = ask.parts[2];
    if (what == "messages" && is_get) return json_reply(200, chat_of(site, *group, person));
    if (what == "messages") return done_or_not(act(site, *group, person, ask.body));
    if (what == "read") return read_all(site, *group, person), ok();
    if (what == "allow") return allow(site, *group, person, body["key"].text_or("")), ok();
    if (what == "deny") return deny(site, *group, person), ok();
    if (what == "answers") return done_or_not(answer_by_hand(site, *group, person, ask.body));
    if (what != "blacklist") return not_found();
    site.world.conversations[{group->id, person.id}].is_blacklisted = body["on"].boolean().value_or(true);
    return ok();
}

net::ServerReply answer_people(Site& site, const Ask& ask) {
    if (ask.parts.size() == 1) {
        if (ask.request.method == "GET") return json_reply(200, {{"people", show_world(site).at("people")}});
        const json::value whole(ask.body);
        const std::string wrong = create_person(site, JsonView(whole));
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    const auto person = site.world.people.find(number_in(ask.parts[1]));
    if (person == site.world.people.end()) return not_found();
    if (ask.parts.size() == 3) return answer_person(site, person->second, ask);
    const json::value whole(ask.body);
    if (ask.request.method == "PATCH") change_person(person->second, JsonView(whole));
    return json_reply(200, shown(person->second));
}

net::ServerReply answer_groups(Site& site, const Ask& ask) {
    const json::value whole(ask.body);
    if (ask.parts.size() == 1) {
        if (ask.request.method == "GET") return json_reply(200, {{"groups", show_world(site).at("groups")}});
        const std::string wrong = create_group(site, JsonView(whole));
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    Group* group = group_meant(site, ask.parts[1]);
    if (group == nullptr) return not_found();
    if (ask.parts.size() == 3) {
        if (ask.parts[2] == "renew_key") return renew_key(*group), ok();
        if (ask.parts[2] != "confirm") return not_found();
        confirm(site, *group, JsonView(whole)["server_id"].integer().value_or(0));
        return ok();
    }
    if (ask.request.method == "PATCH") change_group(*group, JsonView(whole));
    if (ask.request.method == "DELETE") {
        site.world.groups.erase(group->id);
        return ok();
    }
    return json_reply(200, shown(*group));
}

net::ServerReply send_any_event(Site& site, const JsonView& body) {
    Group* group = group_meant(site, body["group"].text_or(""));
    const json::value* object = body["object"].raw();
    if (group == nullptr || object == nullptr || !object->is_object()) return not_found();
    tell(site, *group, body["type"].text_or(""), object->get_object());
    return ok();
}

net::ServerReply show_press(const Site& site, const std::string& id) {
    const auto press = site.world.presses.find(id);
    if (press == site.world.presses.end()) return not_found();
    return json_reply(200, {{"is_answered", press->second.is_answered}, {"event_data", press->second.event_data}});
}

net::ServerReply route(Site& site, const Ask& ask) {
    const std::string& what = ask.parts[0];
    if (what == "world" && ask.request.method == "GET") return json_reply(200, show_world(site));
    if (what == "world") {
        const std::string wrong = create_world(site, ask.body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    if (what == "groups") return answer_groups(site, ask);
    if (what == "people") return answer_people(site, ask);
    if (what == "presses" && ask.parts.size() == 2) return show_press(site, ask.parts[1]);
    if (what == "reset") {
        reset(site, false);
        return ok();
    }
    if (what == "settled") return json_reply(200, {{"settled", site.posts_under_way == 0}});
    const json::value whole(ask.body);
    if (what == "events") return send_any_event(site, JsonView(whole));
    return not_found();
}

}  // namespace

json::object show_world(const Site& site) {
    json::array groups;
    for (const auto& [id, group] : site.world.groups)
        groups.push_back(shown(group));
    json::array people;
    for (const auto& [id, person] : site.world.people)
        people.push_back(shown(person));
    return {{"groups", std::move(groups)}, {"people", std::move(people)}};
}

void reset(Site& site, bool keeps_world) {
    if (keeps_world) {
        site.world.conversations.clear();
        site.world.presses.clear();
    } else {
        site.world = World();
    }
    site.posts_under_way = 0;
    ++site.generation;
}

std::string create_world(Site& site, const json::object& world) {
    const json::value whole(world);
    const JsonView view(whole);
    for (std::size_t i = 0; i < view["groups"].size(); ++i)
        if (std::string wrong = create_group(site, view["groups"].at(i)); !wrong.empty()) return wrong;
    for (std::size_t i = 0; i < view["people"].size(); ++i)
        if (std::string wrong = create_person(site, view["people"].at(i)); !wrong.empty()) return wrong;
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

}  // namespace okno::sim::vk
