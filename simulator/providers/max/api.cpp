#include "providers/max/api.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "providers/max/call.hpp"
#include "providers/max/messages.hpp"
#include "providers/max/objects.hpp"
#include "providers/max/updates.hpp"
#include "providers/max/uploads.hpp"

#include <algorithm>

namespace okno::sim::max {

namespace {

Answer get_me(Site&, const Call& call) { return json::value(user_object(*call.bot)); }

struct Method {
    std::string_view verb;
    std::string_view first;  // part of the path
    std::size_t parts;       // of the path
    Answer (*answer)(Site&, const Call&);
};

constexpr Method kMethods[] = {
    {"GET", "me", 1, get_me},
    {"GET", "subscriptions", 1, list_subscriptions},
    {"POST", "subscriptions", 1, subscribe},
    {"DELETE", "subscriptions", 1, unsubscribe},
    {"POST", "uploads", 1, upload_place},
    {"GET", "videos", 2, video_details},
    {"POST", "messages", 1, send_message},
    {"PUT", "messages", 1, edit_message},
    {"DELETE", "messages", 1, delete_message},
    {"POST", "answers", 1, answer_press},
    {"POST", "chats", 3, act_in_chat},
    {"GET", "updates", 1, nullptr},  // answered when something comes
};

Call read_call(const net::ServerRequest& request) {
    Call call;
    call.method = request.method;
    call.path = path_parts(request.path);
    call.path.erase(call.path.begin());
    for (const auto& [name, value] : request.query)
        call.query[name] = value;
    call.token = request.headers.get("Authorization");
    if (request.body.empty()) return call;
    const auto document = parse_json(request.body);
    call.has_wrong_body = !document || !document->is_object();
    if (!call.has_wrong_body) call.body = document->get_object();
    return call;
}

using Admitted = std::expected<const Method*, Refusal>;

Admitted method_of(const Call& call) {
    const std::string first = call.path.empty() ? std::string() : call.path.front();
    bool is_path_known = false;
    for (const Method& method : kMethods) {
        if (method.first != first || method.parts != call.path.size()) continue;
        is_path_known = true;
        if (method.verb == call.method) return &method;
    }
    if (is_path_known) return refuse(405, "method.not.allowed", "Method not allowed");
    return refuse(404, "not.found", "Path /" + first + " is not recognized");
}

Admitted admitted(Site& site, const Call& call) {
    if (call.bot == nullptr) return refuse(401, "verify.token", "Invalid access_token");
    if (is_too_fast(call.bot->calls_at_ms, site.pace_ms(), call.bot->requests_per_second))
        return refuse(429, "too.many.requests", "Too many requests");
    return method_of(call);
}

std::string edge_of(const Call& call) {
    const std::string first = call.path.empty() ? std::string() : call.path.front();
    return first == "messages" && call.method != "POST" ? call.method + " messages" : first;
}

json::object at_hand_of(const Call& call) {
    json::object out{{"provider", "max"}, {"edge", edge_of(call)}, {"to", call.text("user_id")}};
    if (call.bot != nullptr) out["bot"] = call.bot->id;
    return out;
}

std::optional<Refusal> planned_refusal(Site& site, const json::object& at_hand, bool& is_plain) {
    if (site.core.faults.take("429", at_hand)) return Refusal{429, "too.many.requests", "Too many requests"};
    if (site.core.faults.take("expired_token", at_hand)) return Refusal{401, "verify.token", "Invalid access_token"};
    const auto broken = site.core.faults.take("500", at_hand);
    if (!broken) return std::nullopt;
    const json::value* plain = broken->if_contains("plain");
    is_plain = plain != nullptr && *plain == json::value(true);
    return Refusal{static_cast<int>(fault_number(*broken, "status", 500)), "internal.error", "Internal server error"};
}

json::object entry_of(const Call& call, const net::ServerRequest& request, const Answer& answer) {
    json::object entry{{"provider", "max"},
                       {"method", call.method},
                       {"path", request.path},
                       {"edge", edge_of(call)},
                       {"body", journal_body(request.body)},
                       {"status", answer ? 200 : answer.error().status}};
    if (call.bot != nullptr) entry["bot"] = call.bot->id;
    if (!answer) entry["code"] = answer.error().code;
    if (const std::string to = call.text("user_id"); !to.empty()) entry["to"] = to;
    return entry;
}

net::ServerReply refused(const Refusal& refusal) {
    net::ServerReply reply = json_reply(refusal.status, {{"code", refusal.code}, {"message", refusal.message}});
    if (refusal.status == 429) reply.headers.set("retry_after", "1");
    return reply;
}

}  // namespace

void answer_api(Site& site, net::ServerRequest request, net::Respond respond) {
    Call call = read_call(request);
    net::ServerReply reply;
    std::chrono::milliseconds pause{0};
    bool is_silent = false;
    {
        const std::scoped_lock lock(site.guard);
        for (auto& [id, bot] : site.world.bots)
            if (!call.token.empty() && bot.token == call.token) call.bot = &bot;
        const json::object at_hand = at_hand_of(call);
        if (site.core.faults.take("timeout_before_accept", at_hand)) {
            site.core.journal.write("api", {{"provider", "max"}, {"path", request.path}, {"status", nullptr}});
            return site.core.silence.keep(std::move(respond));
        }
        bool is_plain = false;
        const auto planned = planned_refusal(site, at_hand, is_plain);
        const Admitted method = planned ? Admitted(std::unexpected(*planned)) : admitted(site, call);
        Answer answered = json::value();
        if (!method) {
            answered = std::unexpected(method.error());
        } else if ((*method)->answer != nullptr) {
            answered = (*method)->answer(site, call);
        } else if (const auto refused_question = answer_question(site, call, respond)) {
            answered = std::unexpected(*refused_question);
        } else {
            site.core.journal.write("api", entry_of(call, request, answered));
            return;
        }
        if (const auto fault = site.core.faults.take("slow", at_hand))
            pause = std::chrono::milliseconds(fault_number(*fault, "ms", 2000));
        is_silent = answered && site.core.faults.take("timeout_after_accept", at_hand);
        json::object entry = entry_of(call, request, answered);
        if (is_silent) entry["status"] = nullptr;
        if (planned) entry["fault"] = true;
        site.core.journal.write("api", std::move(entry));
        if (is_plain)
            reply = file_reply("text/html", "<html>Bad Gateway</html>");
        else
            reply = answered ? json_reply(200, *answered) : refused(answered.error());
        if (is_plain) reply.status = answered.error().status;
    }
    if (is_silent) return site.core.silence.keep(std::move(respond));
    if (pause.count() == 0) return respond(std::move(reply));
    site.core.timers.after(pause, [respond = std::move(respond), reply = std::move(reply)] { respond(reply); });
}

}  // namespace okno::sim::max
