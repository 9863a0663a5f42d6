#include "providers/vk/api.hpp"

#include "core/answer.hpp"
#include "providers/vk/call.hpp"
#include "providers/vk/groups.hpp"
#include "providers/vk/send.hpp"
#include "providers/vk/uploads.hpp"

#include <algorithm>

namespace okno::sim::vk {

namespace {

struct Method {
    std::string_view name;
    Answer (*answer)(Site&, const Call&);
    std::string_view right;  // empty: any key
};

constexpr Method kMethods[] = {
    {"docs.getMessagesUploadServer", doc_upload_server, "docs"},
    {"docs.save", save_doc, "docs"},
    {"groups.addCallbackServer", add_server, "manage"},
    {"groups.deleteCallbackServer", delete_server, "manage"},
    {"groups.editCallbackServer", edit_server, "manage"},
    {"groups.getById", get_group, ""},
    {"groups.getCallbackConfirmationCode", confirmation_code, "manage"},
    {"groups.getCallbackServers", list_servers, "manage"},
    {"groups.getLongPollServer", long_poll_server, "manage"},
    {"groups.getTokenPermissions", token_permissions, ""},
    {"groups.setCallbackSettings", set_callback_settings, "manage"},
    {"groups.setLongPollSettings", set_long_poll_settings, "manage"},
    {"messages.delete", delete_messages, "messages"},
    {"messages.edit", edit_message, "messages"},
    {"messages.getByConversationMessageId", get_by_number, "messages"},
    {"messages.isMessagesFromGroupAllowed", is_allowed, "messages"},
    {"messages.markAsRead", mark_as_read, "messages"},
    {"messages.send", send_message, "messages"},
    {"messages.sendMessageEventAnswer", answer_press, "messages"},
    {"messages.setActivity", set_activity, "messages"},
    {"photos.getMessagesUploadServer", photo_upload_server, "photos"},
    {"photos.saveMessagesPhoto", save_photo, "photos"},
    {"users.get", get_users, ""},
};

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape =
            text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
        if (is_escape) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

Call read_call(const net::ServerRequest& request) {
    Call call;
    call.method = request.path.substr(std::string_view("/method/").size());
    for (const auto& [name, value] : request.query)
        call.parameters[name] = value;
    std::string_view body = request.body;
    while (!body.empty()) {
        const std::string_view pair = body.substr(0, body.find('&'));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (!pair.empty())
            call.parameters[decoded(pair.substr(0, equals))] =
                equals < pair.size() ? decoded(pair.substr(equals + 1)) : std::string();
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
    }
    const std::string_view header = request.headers.get("Authorization");
    call.token = header.starts_with("Bearer ") ? std::string(header.substr(7)) : call.text("access_token");
    return call;
}

json::array shown_parameters(const Call& call) {
    json::array out{json::object{{"key", "method"}, {"value", call.method}}};
    for (const auto& [name, value] : call.parameters)
        if (name != "access_token") out.push_back(json::object{{"key", name}, {"value", value}});
    return out;
}

// More than so many calls in one second.
bool is_too_fast(Site& site, Group& group) {
    const std::int64_t now = site.pace_ms();
    while (!group.calls_at_ms.empty() && now - group.calls_at_ms.front() >= 1000)
        group.calls_at_ms.pop_front();
    if (static_cast<std::int64_t>(group.calls_at_ms.size()) >= group.calls_per_second) return true;
    group.calls_at_ms.push_back(now);
    return false;
}

void find_group(Site& site, Call& call) {
    for (auto& [id, group] : site.world.groups)
        if (group.tokens.contains(call.token)) call.group = &group;
}

Answer answer(Site& site, const Call& call) {
    if (call.token.empty()) return refuse(5, "no access_token passed.");
    if (call.group == nullptr) return refuse(5, "invalid access_token (4).");
    if (!call.has("v")) return refuse(8, "v (version) is required");
    if (is_too_fast(site, *call.group)) return refuse(6);
    const auto* method = std::ranges::find(kMethods, call.method, &Method::name);
    if (method == std::end(kMethods)) return refuse(3);
    const auto& rights = call.group->tokens.at(call.token);
    if (!method->right.empty() && !rights.contains(method->right))
        return refuse(method->right == "messages" ? 7 : 15, "no access to call this method");
    const bool is_foreign = call.has("group_id") && call.number("group_id") != call.group->id;
    if (is_foreign) return refuse(15, "group access denied");
    return method->answer(site, call);
}

json::object at_hand_of(const Call& call) {
    json::object out{{"provider", "vk"},
                     {"edge", call.method == "messages.send" ? "messages" : call.method},
                     {"to", call.has("peer_ids") ? call.text("peer_ids") : call.text("peer_id")}};
    if (call.group != nullptr) out["group"] = call.group->id;
    return out;
}

struct FaultCode {
    std::string_view kind;
    int code;
};
constexpr FaultCode kFaults[] = {{"captcha", 14}, {"flood", 9}, {"429", 6}, {"500", 10}, {"expired_token", 5}};

std::optional<Refusal> planned_refusal(Site& site, const json::object& at_hand, bool& is_plain) {
    for (const FaultCode& fault : kFaults) {
        const auto taken = site.core.faults.take(fault.kind, at_hand);
        if (!taken) continue;
        const json::value* plain = taken->if_contains("plain");
        is_plain = plain != nullptr && *plain == json::value(true);
        return Refusal{static_cast<int>(fault_number(*taken, "code", fault.code))};
    }
    return std::nullopt;
}

json::object entry_of(const Call& call, const Answer& answer) {
    json::object parameters;
    for (const auto& [name, value] : call.parameters)
        if (name != "access_token") parameters[name] = journal_body(value);
    json::object entry{{"provider", "vk"},
                       {"method", call.method},
                       {"path", "/method/" + call.method},
                       {"body", std::move(parameters)},
                       {"status", 200}};
    if (call.group != nullptr) entry["group"] = call.group->id;
    if (!answer) entry["code"] = answer.error().code;
    if (call.has("peer_ids")) entry["to"] = call.text("peer_ids");
    return entry;
}

}  // namespace

void answer_api(Site& site, net::ServerRequest request, net::Respond respond) {
    Call call = read_call(request);
    net::ServerReply reply;
    std::chrono::milliseconds pause{0};
    bool is_silent = false;
    {
        const std::scoped_lock lock(site.guard);
        find_group(site, call);
        const json::object at_hand = at_hand_of(call);
        bool is_plain = false;
        const bool is_lost = site.core.faults.take("timeout_before_accept", at_hand).has_value();
        const auto planned = is_lost ? std::nullopt : planned_refusal(site, at_hand, is_plain);
        if (is_lost) {
            site.core.journal.write("api", {{"provider", "vk"}, {"method", call.method}, {"status", nullptr}});
            return site.core.silence.keep(std::move(respond));
        }
        const Answer answered = planned ? Answer(std::unexpected(*planned)) : answer(site, call);
        if (const auto fault = site.core.faults.take("slow", at_hand))
            pause = std::chrono::milliseconds(fault_number(*fault, "ms", 2000));
        is_silent = answered && site.core.faults.take("timeout_after_accept", at_hand);
        json::object entry = entry_of(call, answered);
        if (is_silent) entry["status"] = nullptr;
        if (planned) entry["fault"] = true;
        site.core.journal.write("api", std::move(entry));
        if (is_plain)
            reply = refusal(500, "Internal Server Error");
        else
            reply = json_reply(200, answered ? json::object{{"response", *answered}}
                                             : error_answer(answered.error(), shown_parameters(call)));
    }
    if (is_silent) return site.core.silence.keep(std::move(respond));
    if (pause.count() == 0) return respond(std::move(reply));
    site.core.timers.after(pause, [respond = std::move(respond), reply = std::move(reply)] { respond(reply); });
}

}  // namespace okno::sim::vk
