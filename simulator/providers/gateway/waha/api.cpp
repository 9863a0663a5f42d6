#include "providers/gateway/waha/api.hpp"

#include "providers/gateway/events.hpp"
#include "providers/gateway/files.hpp"
#include "providers/gateway/waha/call.hpp"
#include "providers/gateway/waha/changing.hpp"
#include "providers/gateway/waha/objects.hpp"
#include "providers/gateway/waha/sending.hpp"
#include "providers/gateway/waha/sessions.hpp"

#include <algorithm>

namespace okno::sim::gateway::waha {

namespace {

net::ServerReply not_found(const net::ServerRequest& request) {
    return json_reply(
        404,
        {{"message", "Cannot " + request.method + " " + request.path}, {"error", "Not Found"}, {"statusCode", 404}});
}

// The chats by their newest message, as far as asked for.
Answer overview(Site& site, Session& session, const Call& call) {
    std::vector<std::pair<const std::string*, Chat*>> chats;
    for (auto& [number, chat] : session.chats)
        if (!chat.messages.empty()) chats.emplace_back(&number, &chat);
    std::ranges::sort(chats, std::greater(), [](const auto& one) { return one.second->messages.back().at; });
    json::array out;
    const auto offset = static_cast<std::size_t>(call.number("offset", 0));
    const auto limit = static_cast<std::size_t>(call.number("limit", 20));
    for (std::size_t i = offset; i < std::min(chats.size(), offset + limit); ++i) {
        const Person& person = site.world.people[*chats[i].first];
        out.push_back(
            json::object{{"id", person.chat_id()},
                         {"name", person.name},
                         {"picture", nullptr},
                         {"lastMessage", message_object(session, person, chats[i].second->messages.back(), false)},
                         {"_chat", json::object()}});
    }
    return json_reply(200, std::move(out));
}

Answer history(Site& site, Session& session, const Person& person, const Call& call) {
    const std::int64_t since = call.number("filter.timestamp.gte", 0);
    std::vector<Message*> found;
    for (Message& message : session.chats[person.number].messages)
        if (seconds_of(message.at) >= since) found.push_back(&message);
    if (call.request.query_value("sortOrder") != "asc") std::ranges::reverse(found);
    json::array out;
    const auto offset = static_cast<std::size_t>(call.number("offset", 0));
    const auto limit = static_cast<std::size_t>(call.number("limit", 10));
    for (std::size_t i = offset; i < std::min(found.size(), offset + limit); ++i) {
        if (found[i]->file && call.request.query_value("downloadMedia") == "true") renew_link(site, *found[i]->file);
        out.push_back(message_object(session, person, *found[i], false));
    }
    return json_reply(200, std::move(out));
}

// /api/{session}/chats/...
Answer answer_chats(Site& site, Session& session, const Call& call) {
    if (call.parts.size() == 3 && call.parts[2] == "overview") return overview(site, session, call);
    Person* person = call.parts.size() > 3 ? site.world.person_of_chat(call.parts[2]) : nullptr;
    if (person == nullptr || call.parts[3] != "messages") return std::unexpected(not_found(call.request));
    if (call.parts.size() == 4) return history(site, session, *person, call);
    Message* message = session.chats[person->number].message(bare_id(call.parts[4]));
    if (message == nullptr) return std::unexpected(not_found(call.request));
    if (call.request.method != "GET") return change_message(site, session, *person, *message, call);
    if (message->file && call.request.query_value("downloadMedia") == "true") renew_link(site, *message->file);
    return json_reply(200, message_object(session, *person, *message, false));
}

Answer answer_lid(Site& site, const Call& call) {
    Person* person = call.parts.size() > 2 ? site.world.person_of_chat(call.parts[2]) : nullptr;
    if (person == nullptr)
        return json_reply(200, {{"lid", call.parts.size() > 2 ? call.parts[2] : ""}, {"pn", nullptr}});
    return json_reply(200, {{"lid", person->lid + "@lid"}, {"pn", person->number + "@c.us"}});
}

Answer give_file(Site& site, const Call& call) {
    const File* file = call.parts.size() == 2 ? file_at(site, call.parts[1]) : nullptr;
    if (file == nullptr) return std::unexpected(not_found(call.request));
    return file_reply(file->mime, *file->bytes);
}

Answer check_exists(Site& site, const Call& call) {
    const auto session = working_session(site, call.request.query_value("session"));
    if (!session) return std::unexpected(session.error());
    const auto person = site.world.people.find(call.request.query_value("phone"));
    const bool is_there = person != site.world.people.end() && person->second.has_whatsapp;
    return json_reply(200, {{"numberExists", is_there},
                            {"chatId", is_there ? json::value(person->second.chat_id()) : json::value(nullptr)}});
}

Answer answer_session(Site& site, const Call& call) {
    const auto found = site.world.sessions.find(call.parts[0]);
    if (found == site.world.sessions.end()) return std::unexpected(no_such_session(call.parts[0]));
    const std::string& what = call.parts[1];
    if (what == "auth" && call.parts.size() == 3) return answer_auth(site, found->second, call);
    if (found->second.status != "WORKING") return std::unexpected(not_ready(found->second));
    if (what == "chats") return answer_chats(site, found->second, call);
    if (what == "lids") return answer_lid(site, call);
    return std::unexpected(not_found(call.request));
}

Answer route(Site& site, const Call& call) {
    if (call.request.headers.get("X-Api-Key") != site.world.api_key) return std::unexpected(unauthorized());
    if (call.parts.empty()) return std::unexpected(not_found(call.request));
    if (call.parts[0] == "sessions") return answer_sessions(site, call);
    if (call.parts[0] == "files") return give_file(site, call);
    if (call.parts[0] == "server")
        return json_reply(200, {{"version", "2026.7.1"}, {"engine", "NOWEB"}, {"tier", "CORE"}});
    if (call.parts[0] == "contacts" && call.parts.size() == 2 && call.parts[1] == "check-exists")
        return check_exists(site, call);
    if (call.parts.size() == 1) {
        if (auto sent = answer_sending(site, call.parts[0], call)) return std::move(*sent);
        return std::unexpected(not_found(call.request));
    }
    return answer_session(site, call);
}

bool is_message(const Call& call) {
    return call.parts.size() == 1 && call.parts[0].starts_with("send") && call.parts[0] != "sendSeen";
}

std::optional<net::ServerReply> planned_refusal(Site& site, const json::object& at_hand) {
    if (site.core.faults.take("429", at_hand))
        return json_reply(429, {{"statusCode", 429}, {"message", "Too Many Requests"}});
    if (site.core.faults.take("expired_token", at_hand)) return unauthorized();
    if (const auto fault = site.core.faults.take("500", at_hand)) {
        const json::value* words = fault->if_contains("words");
        const json::value said = words != nullptr ? *words : json::value("Internal server error");
        const int status = static_cast<int>(fault_number(*fault, "status", 500));
        return json_reply(status, {{"statusCode", status}, {"exception", json::object{{"message", said}}}});
    }
    return std::nullopt;
}

void note(Site& site, const Call& call, const net::ServerReply& reply) {
    json::object body;
    for (const auto& [name, value] : call.body.as_object())
        body[name] = name == "file" ? json::value("...") : value;
    site.core.journal.write("api", {{"provider", "gateway"},
                                    {"method", call.request.method},
                                    {"path", call.request.path},
                                    {"body", std::move(body)},
                                    {"status", reply.status}});
}

}  // namespace

bool owns(std::string_view path) { return path.starts_with("/api/") || path == "/ping" || path == "/health"; }

void answer_api(Site& site, const net::ServerRequest& request, const net::Respond& respond) {
    if (request.path == "/ping") return respond(json_reply(200, {{"message", "pong"}}));
    if (request.path == "/health") return respond(json_reply(200, {{"status", "ok"}}));
    Call call{request, path_parts(request.path), json::object()};
    call.parts.erase(call.parts.begin());
    if (!request.body.empty()) {
        const auto parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(bad_request({"The body is no JSON object."}));
        call.body = *parsed;
    }
    const json::object at_hand{{"provider", "gateway"},
                               {"edge", is_message(call)     ? "messages"
                                        : call.parts.empty() ? ""
                                                             : call.parts[0]}};
    if (site.core.faults.take("timeout_before_accept", at_hand)) return site.core.silence.keep(respond);
    net::ServerReply reply;
    {
        const std::scoped_lock lock(site.guard);
        if (auto refusal = planned_refusal(site, at_hand)) {
            reply = std::move(*refusal);
        } else {
            Answer answer = route(site, call);
            reply = answer ? std::move(*answer) : std::move(answer.error());
        }
        note(site, call, reply);
    }
    if (site.core.faults.take("timeout_after_accept", at_hand)) return site.core.silence.keep(respond);
    respond(std::move(reply));
}

}  // namespace okno::sim::gateway::waha
