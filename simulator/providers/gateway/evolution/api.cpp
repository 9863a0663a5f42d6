#include "providers/gateway/evolution/api.hpp"

#include "core/base64.hpp"
#include "providers/gateway/events.hpp"
#include "providers/gateway/evolution/call.hpp"
#include "providers/gateway/evolution/instances.hpp"
#include "providers/gateway/evolution/objects.hpp"
#include "providers/gateway/evolution/sending.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace okno::sim::gateway::evolution {

namespace {

constexpr std::array<std::string_view, 4> kPrefixes{"/instance/", "/webhook/", "/message/", "/chat/"};

std::string base64_of(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // the zero at its end
    return out;
}

// Both ends of the time have to be named, else all messages are meant.
Answer find_messages(Site& site, const Session& session, const Call& call) {
    const JsonView times = call.view()["where"]["messageTimestamp"];
    const auto from = parse_rfc3339(times["gte"].text_or(""));
    const auto until = parse_rfc3339(times["lte"].text_or(""));
    std::vector<std::pair<Timestamp, json::object>> found;
    for (const auto& [number, chat] : session.chats)
        for (const Message& message : chat.messages)
            if (!from || !until || (message.at >= *from && message.at <= *until))
                found.emplace_back(message.at, message_object(session, site.world.people[number], message));
    std::ranges::stable_sort(found, std::greater(), &std::pair<Timestamp, json::object>::first);
    const auto a_page =
        static_cast<std::size_t>(std::max<std::int64_t>(1, call.view()["offset"].integer().value_or(50)));
    const auto page = static_cast<std::size_t>(std::max<std::int64_t>(1, call.view()["page"].integer().value_or(1)));
    json::array records;
    for (std::size_t i = (page - 1) * a_page; i < std::min(found.size(), page * a_page); ++i)
        records.push_back(std::move(found[i].second));
    return json_reply(200, {{"messages", json::object{{"total", found.size()},
                                                      {"pages", (found.size() + a_page - 1) / a_page},
                                                      {"currentPage", page},
                                                      {"records", std::move(records)}}}});
}

Answer give_file(Session& session, const Call& call) {
    const std::string id = call.view()["message"]["key"]["id"].text_or("");
    for (auto& [number, chat] : session.chats)
        if (const Message* message = chat.message(id); message != nullptr && message->file)
            return json_reply(201, {{"mediaType", message->type + "Message"},
                                    {"fileName", message->file->name},
                                    {"mimetype", message->file->mime},
                                    {"base64", base64_of(*message->file->bytes)}});
    return std::unexpected(refused(400, json::array{json::string("Message not found")}));
}

Answer mark_read(Session& session, const Call& call) {
    const JsonView messages = call.view()["readMessages"];
    if (messages.size() == 0) return std::unexpected(lacks("readMessages"));
    for (auto& [number, chat] : session.chats)
        for (std::size_t i = 0; i < messages.size(); ++i)
            if (Message* message = chat.message(messages.at(i)["id"].text_or(""))) {
                message->ack = 3;
                ++chat.version;
            }
    return json_reply(201, {{"message", "Read messages"}, {"read", "success"}});
}

Answer show_presence(Site& site, Session& session, const Call& call) {
    Person* person = site.world.person_of_chat(call.view()["number"].text_or(""));
    if (person == nullptr) return std::unexpected(lacks("number"));
    Chat& chat = session.chats[person->number];
    chat.is_typing = call.view()["presence"].text_or("") == "composing";
    ++chat.version;
    return json_reply(201, {{"presence", call.view()["presence"].text_or("")}});
}

Answer check_numbers(Site& site, const Call& call) {
    json::array out;
    const JsonView numbers = call.view()["numbers"];
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::string number = numbers.at(i).text_or("");
        const auto person = site.world.people.find(number);
        out.push_back(json::object{{"number", number},
                                   {"jid", number + "@s.whatsapp.net"},
                                   {"exists", person != site.world.people.end() && person->second.has_whatsapp}});
    }
    return json_reply(200, std::move(out));
}

Answer answer_chat(Site& site, Session& session, const Call& call) {
    if (call.what() == "findMessages") return find_messages(site, session, call);
    if (call.what() == "getBase64FromMediaMessage") return give_file(session, call);
    if (session.status != "WORKING") return std::unexpected(refused(500, "Connection Closed"));
    if (call.what() == "markMessageAsRead") return mark_read(session, call);
    if (call.what() == "sendPresence") return show_presence(site, session, call);
    if (call.what() == "whatsappNumbers") return check_numbers(site, call);
    return std::unexpected(refused(404, json::array{json::string("Cannot POST " + std::string(call.request.path))}));
}

Answer route(Site& site, const Call& call) {
    if (call.request.headers.get("apikey") != site.world.api_key) return std::unexpected(refused(401, "Unauthorized"));
    if (call.what() == "create") return create_instance(site, call);
    if (call.what() == "fetchInstances") return list_instances(site, call);
    const std::string name = call.parts.size() > 2 ? call.parts[2] : std::string();
    const auto found = site.world.sessions.find(name);
    if (found == site.world.sessions.end()) {
        json::array said;
        said.emplace_back("The \"" + name + "\" instance does not exist");
        return std::unexpected(refused(404, std::move(said)));
    }
    if (call.parts[0] == "instance") return answer_instance(site, found->second, call);
    if (call.parts[0] == "webhook") return answer_webhook(found->second, call);
    if (call.parts[0] == "message") return answer_message(site, found->second, call);
    return answer_chat(site, found->second, call);
}

std::optional<net::ServerReply> planned_refusal(Site& site, const json::object& at_hand) {
    if (site.core.faults.take("429", at_hand)) return refused(429, "Too Many Requests");
    if (site.core.faults.take("expired_token", at_hand)) return refused(401, "Unauthorized");
    if (const auto fault = site.core.faults.take("500", at_hand)) {
        const json::value* words = fault->if_contains("words");
        return refused(static_cast<int>(fault_number(*fault, "status", 500)),
                       words != nullptr ? *words : json::value("Internal server error"));
    }
    return std::nullopt;
}

// Files stay out of the journal.
void note(Site& site, const Call& call, const net::ServerReply& reply) {
    json::object body;
    for (const auto& [name, value] : call.body.as_object())
        body[name] = name == "media" || name == "audio" ? json::value("...") : value;
    site.core.journal.write("api", {{"provider", "gateway"},
                                    {"method", call.request.method},
                                    {"path", call.request.path},
                                    {"body", std::move(body)},
                                    {"status", reply.status}});
}

}  // namespace

bool owns(std::string_view path) {
    return std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return path.starts_with(prefix); });
}

void answer_api(Site& site, const net::ServerRequest& request, const net::Respond& respond) {
    Call call{request, path_parts(request.path), json::object()};
    if (!request.body.empty()) {
        const auto parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return respond(refused(400, "Unexpected token in JSON"));
        call.body = *parsed;
    }
    const bool is_message = call.parts[0] == "message" && call.what() != "sendReaction";
    const json::object at_hand{{"provider", "gateway"}, {"edge", is_message ? std::string("messages") : call.what()}};
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

}  // namespace okno::sim::gateway::evolution
