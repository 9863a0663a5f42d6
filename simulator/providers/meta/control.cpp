#include "providers/meta/control.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/handshake.hpp"
#include "core/reading.hpp"
#include "providers/meta/control_objects.hpp"
#include "providers/meta/people.hpp"
#include "providers/meta/phone_view.hpp"
#include "providers/meta/webhooks.hpp"

#include <charconv>

namespace okno::sim::meta {

namespace {

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }
net::ServerReply ok() { return json_reply(200, {{"success", true}}); }
net::ServerReply ok_unless(const std::string& wrong) { return wrong.empty() ? ok() : refusal(400, wrong); }

net::ServerReply done_or_not(const Done& done) { return done ? json_reply(200, *done) : refusal(400, done.error()); }

struct Ask {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // behind "sim/meta"
    json::object body;

    bool is_get() const { return request.method == "GET"; }
};

bool is_number(const std::string& id) { return !id.empty() && id.find_first_not_of("0123456789") == std::string::npos; }

// Made when there is none of that id.
template <typename Object, typename Change>
std::string put(std::map<std::string, Object, std::less<>>& objects, const JsonView& wanted, const Change& change) {
    const std::string id = wanted["id"].text_or("");
    if (!is_number(id)) return "an id is a number";
    const auto before = objects.find(id);
    Object object = before == objects.end() ? Object{} : before->second;
    object.id = id;
    if (std::string wrong = change(object, wanted); !wrong.empty()) return wrong;
    objects[id] = std::move(object);
    return {};
}

std::string put_app(Site& site, const JsonView& wanted) { return put(site.world.apps, wanted, change_app); }

std::string put_account(Site& site, const JsonView& wanted) {
    return put(site.world.accounts, wanted,
               [&](Account& account, const JsonView& wish) { return change_account(site, account, wish); });
}

std::string put_person(Site& site, const JsonView& wanted) {
    return put(site.world.people, wanted,
               [&](Person& person, const JsonView& wish) { return change_person(site, person, wish); });
}

struct List {
    const char* name;
    std::string (*put)(Site&, const JsonView&);
};
constexpr List kLists[] = {{"apps", put_app}, {"accounts", put_account}, {"people", put_person}};

net::ServerReply answer_person(Site& site, Person& person, const Ask& ask) {
    const std::string& what = ask.parts[2];
    if (what == "messages" && ask.is_get()) {
        std::int64_t since = 0;
        const std::string_view text = ask.request.query_value("since");
        std::from_chars(text.data(), text.data() + text.size(), since);
        return json_reply(200, phone_view(site, person, since));
    }
    if (what == "messages") return done_or_not(act(site, person, ask.body));
    if (what == "read") return read_all(site, person), ok();
    if (what == "answers") return done_or_not(answer_by_hand(site, person, ask.body));
    if (what == "leader") return set_leader(site, person, text_at(ask.body, "app")), ok();
    if (what != "records") return not_found();
    tell(site, site.world.accounts.at(person.account_id), person, text_at(ask.body, "field"),
         object_at(ask.body, "record"), {{"what", "record"}});
    return ok();
}

net::ServerReply answer_account(Site& site, const Account& account, const Ask& ask) {
    if (ask.parts[2] != "policy") return not_found();
    tell_account(site, account, "messaging_policy_enforcement", {{"policy_enforcement", ask.body}});
    return ok();
}

net::ServerReply show_one(const Site& site, const std::string& list, const std::string& id) {
    if (list == "apps" && site.world.apps.contains(id)) return json_reply(200, shown(site.world.apps.at(id)));
    if (list == "accounts" && site.world.accounts.contains(id))
        return json_reply(200, shown(site.world.accounts.at(id)));
    if (list == "people" && site.world.people.contains(id)) return json_reply(200, shown(site.world.people.at(id)));
    return not_found();
}

net::ServerReply answer_list(Site& site, const List& list, const Ask& ask) {
    if (ask.parts.size() == 1 && ask.is_get()) return json_reply(200, {{list.name, show_world(site).at(list.name)}});
    if (ask.parts.size() == 2 && ask.is_get()) return show_one(site, list.name, ask.parts[1]);
    if (ask.parts.size() == 3) {
        Person* person = ask.parts[0] == "people" ? site.world.person(ask.parts[1]) : nullptr;
        if (person != nullptr) return answer_person(site, *person, ask);
        const Account* account = ask.parts[0] == "accounts" ? site.world.account(ask.parts[1]) : nullptr;
        return account == nullptr ? not_found() : answer_account(site, *account, ask);
    }
    json::object wanted = ask.body;
    if (ask.parts.size() == 2) wanted["id"] = ask.parts[1];
    const json::value whole(std::move(wanted));
    return ok_unless(list.put(site, JsonView(whole)));
}

net::ServerReply route(Site& site, const Ask& ask) {
    const std::string& what = ask.parts[0];
    for (const List& list : kLists)
        if (what == list.name) return answer_list(site, list, ask);
    if (what == "world" && ask.is_get()) return json_reply(200, show_world(site));
    if (what == "world") return ok_unless(create_world(site, ask.body));
    if (what != "reset") return not_found();
    reset(site, false);
    return ok();
}

// `POST apps/<id>/callbacks`: Meta keeps an address only when it gave the challenge back.
bool is_new_callback(const Ask& ask) {
    return ask.parts.size() == 3 && ask.parts[0] == "apps" && ask.parts[2] == "callbacks" && !ask.is_get();
}

void prove_callback(Site& site, const Ask& ask, net::Respond respond) {
    const std::string app_id = ask.parts[1];
    const std::string object = text_at(ask.body, "object");
    const Callback callback{text_at(ask.body, "callback_url"), text_at(ask.body, "verify_token")};
    shake_hands(site.core, callback.url, callback.verify_token,
                [&site, app_id, object, callback, respond = std::move(respond)](const std::string& why) {
                    if (!why.empty()) return respond(json_reply(422, {{"verified", false}, {"error", why}}));
                    {
                        const std::scoped_lock lock(site.guard);
                        const auto app = site.world.apps.find(app_id);
                        if (app == site.world.apps.end()) return respond(not_found());
                        app->second.callbacks[object] = callback;
                    }
                    respond(json_reply(200, {{"verified", true}}));
                });
}

template <typename Object>
json::array all_of(const std::map<std::string, Object, std::less<>>& objects) {
    json::array out;
    for (const auto& [id, object] : objects)
        out.push_back(shown(object));
    return out;
}

}  // namespace

json::object show_world(const Site& site) {
    return {{"apps", all_of(site.world.apps)},
            {"accounts", all_of(site.world.accounts)},
            {"people", all_of(site.world.people)}};
}

void reset(Site& site, bool keeps_world) {
    if (!keeps_world) {
        const std::int64_t version = site.world.version;
        site.world = World();
        site.world.version = version + 1;
        return;
    }
    for (auto& [id, person] : site.world.people) {
        person.messages.clear();
        person.last_incoming_at.reset();
        person.is_started = false;
        person.leader.clear();
    }
    ++site.world.version;
}

std::string create_world(Site& site, const json::object& world) {
    const json::value whole(world);
    const JsonView view(whole);
    for (const List& list : kLists)
        for (std::size_t i = 0; i < view[list.name].size(); ++i)
            if (std::string wrong = list.put(site, view[list.name].at(i)); !wrong.empty()) return wrong;
    return {};
}

void answer_control(Site& site, net::ServerRequest request, net::Respond respond) {
    Ask ask{request, path_parts(request.path), {}};
    ask.parts.erase(ask.parts.begin(), ask.parts.begin() + 2);
    if (ask.parts.empty()) return respond(not_found());
    if (!ask.is_get() && !request.body.empty()) {
        const Result<json::value> parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(refusal(400, "The body is no JSON object."));
        ask.body = parsed->get_object();
    }
    if (is_new_callback(ask)) return prove_callback(site, ask, std::move(respond));
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site.guard);
        reply = route(site, ask);
    }
    respond(std::move(reply));
}

}  // namespace okno::sim::meta
