#include "providers/gateway/control.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/people.hpp"
#include "providers/gateway/waha/events.hpp"

#include <algorithm>
#include <charconv>

namespace okno::sim::gateway {

namespace {

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }
net::ServerReply ok() { return json_reply(200, {{"success", true}}); }

net::ServerReply done_or_not(const std::expected<json::object, std::string>& done) {
    return done ? json_reply(200, *done) : refusal(400, done.error());
}

std::string digits_of(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c >= '0' && c <= '9') out += c;
    return out;
}

// Changes what is named; a state that is named is entered, so that it is told.
void change_session(Site& site, Session& session, const JsonView& wanted) {
    if (wanted["number"].is_there()) session.number = digits_of(wanted["number"].text_or(""));
    session.engine = wanted["engine"].text_or(session.engine);
    session.is_banned = wanted["banned"].boolean().value_or(session.is_banned);
    if (wanted["status"].is_there()) enter(site, session, wanted["status"].text_or(""));
}

std::string create_session(Site& site, const JsonView& wanted) {
    const std::string name = wanted["name"].text_or("");
    if (name.empty()) return "a session needs a name";
    Session& session = site.world.sessions[name];
    session.name = name;
    change_session(site, session, wanted);
    if (!wanted["status"].is_there() && session.status == "STOPPED")
        enter(site, session, session.number.empty() ? "SCAN_QR_CODE" : "WORKING");
    return {};
}

void change_person(Person& person, const JsonView& wanted) {
    person.name = wanted["name"].text_or(person.name);
    if (wanted["lid"].is_there()) person.lid = digits_of(wanted["lid"].text_or(""));
    person.has_whatsapp = wanted["has_whatsapp"].boolean().value_or(person.has_whatsapp);
    person.is_online = wanted["online"].boolean().value_or(person.is_online);
}

std::string create_person(Site& site, const JsonView& wanted) {
    const std::string number = digits_of(wanted["number"].text_or(""));
    if (number.empty()) return "a person needs a number";
    Person& person = site.world.people[number];
    person.number = number;
    change_person(person, wanted);
    return {};
}

json::object shown(const Session& session) {
    return {{"name", session.name},         {"number", session.number},    {"status", session.status},
            {"engine", session.engine},     {"banned", session.is_banned}, {"config", session.config},
            {"settings", session.settings}, {"webhook", session.webhook},  {"id", session.name},
            {"verified_name", session.name}};
}

json::object shown(const Person& person) {
    return {{"number", person.number},
            {"name", person.name},
            {"lid", person.lid},
            {"has_whatsapp", person.has_whatsapp},
            {"online", person.is_online}};
}

// The one that is named; the only one there is when none is.
Session* session_meant(Site& site, std::string_view name) {
    if (name.empty() && site.world.sessions.size() == 1) return &site.world.sessions.begin()->second;
    const auto found = site.world.sessions.find(name);
    return found == site.world.sessions.end() ? nullptr : &found->second;
}

struct Ask {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // behind "sim/gateway"
    json::object body;
};

net::ServerReply give_file(Session& session, const Person& person, const std::string& id) {
    const Message* message = session.chats[person.number].message(id);
    if (message == nullptr || !message->file) return not_found();
    net::ServerReply reply = file_reply(message->file->mime, *message->file->bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

net::ServerReply answer_person(Site& site, Person& person, const Ask& ask) {
    const bool is_get = ask.request.method == "GET";
    const json::value whole(ask.body);
    const JsonView body(whole);
    const std::string name = is_get ? std::string(ask.request.query_value("session")) : body["session"].text_or("");
    Session* session = session_meant(site, name);
    if (session == nullptr) return not_found();
    const std::string& what = ask.parts[2];
    if (what == "messages" && is_get) {
        const std::string_view text = ask.request.query_value("since");
        std::int64_t since = 0;
        std::from_chars(text.data(), text.data() + text.size(), since);
        return json_reply(200, chat_of(site, *session, person, since));
    }
    if (what == "files" && ask.parts.size() == 4) return give_file(*session, person, ask.parts[3]);
    if (what == "messages") return done_or_not(act(site, *session, person, ask.body));
    if (what == "answers") return done_or_not(answer_by_hand(site, *session, person, ask.body));
    if (what == "read") return read_all(site, *session, person), ok();
    if (what != "block") return not_found();
    session->chats[person.number].is_blocked = body["on"].boolean().value_or(true);
    return ok();
}

net::ServerReply answer_people(Site& site, const Ask& ask) {
    const json::value whole(ask.body);
    if (ask.parts.size() == 1) {
        if (ask.request.method == "GET") return json_reply(200, {{"people", show_world(site).at("people")}});
        const std::string wrong = create_person(site, JsonView(whole));
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    const auto person = site.world.people.find(ask.parts[1]);
    if (person == site.world.people.end()) return not_found();
    if (ask.parts.size() >= 3) return answer_person(site, person->second, ask);
    if (ask.request.method == "PATCH") change_person(person->second, JsonView(whole));
    return json_reply(200, shown(person->second));
}

net::ServerReply answer_sessions(Site& site, const Ask& ask) {
    const json::value whole(ask.body);
    const JsonView body(whole);
    if (ask.parts.size() == 1) {
        if (ask.request.method == "GET") return json_reply(200, {{"sessions", show_world(site).at("sessions")}});
        const std::string wrong = create_session(site, body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    Session* session = session_meant(site, ask.parts[1]);
    if (session == nullptr) return not_found();
    if (ask.parts.size() == 3 && ask.parts[2] == "scan") {  // a phone scans the code
        if (session->status != "SCAN_QR_CODE") return refusal(400, "There is no code to scan.");
        session->number = digits_of(body["number"].text_or(""));
        enter(site, *session, "WORKING");
        return ok();
    }
    if (ask.parts.size() == 3 && ask.parts[2] == "events") {
        const json::value* payload = body["payload"].raw();
        if (payload == nullptr || !payload->is_object()) return refusal(400, "An event has a payload.");
        waha::tell(site, *session, body["event"].text_or(""), payload->get_object());
        return ok();
    }
    if (ask.request.method == "PATCH") change_session(site, *session, body);
    return json_reply(200, shown(*session));
}

net::ServerReply route(Site& site, const Ask& ask) {
    const std::string& what = ask.parts[0];
    if (what == "world" && ask.request.method == "GET") return json_reply(200, show_world(site));
    if (what == "world") {
        const std::string wrong = create_world(site, ask.body);
        return wrong.empty() ? ok() : refusal(400, wrong);
    }
    if (what == "sessions") return answer_sessions(site, ask);
    if (what == "people") return answer_people(site, ask);
    if (what == "reset") {
        reset(site, false);
        return ok();
    }
    if (what == "settled") return json_reply(200, {{"settled", site.posts_under_way == 0}});
    return not_found();
}

}  // namespace

json::object show_world(const Site& site) {
    json::array sessions;
    for (const auto& [name, session] : site.world.sessions)
        sessions.push_back(shown(session));
    json::array people;
    for (const auto& [number, person] : site.world.people)
        people.push_back(shown(person));
    return {{"sessions", std::move(sessions)}, {"people", std::move(people)}};
}

void reset(Site& site, bool keeps_world) {
    if (keeps_world) {
        for (auto& [name, session] : site.world.sessions)
            session.chats.clear();
    } else {
        site.world = World();
    }
    site.posts_under_way = 0;
    ++site.generation;
}

std::string create_world(Site& site, const json::object& world) {
    const json::value whole(world);
    const JsonView view(whole);
    site.world.api_key = view["api_key"].text_or(site.world.api_key);
    for (std::size_t i = 0; i < view["people"].size(); ++i)
        if (std::string wrong = create_person(site, view["people"].at(i)); !wrong.empty()) return wrong;
    for (std::size_t i = 0; i < view["sessions"].size(); ++i)
        if (std::string wrong = create_session(site, view["sessions"].at(i)); !wrong.empty()) return wrong;
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

}  // namespace okno::sim::gateway
