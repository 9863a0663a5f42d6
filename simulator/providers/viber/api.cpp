#include "providers/viber/api.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/reading.hpp"
#include "providers/viber/account.hpp"
#include "providers/viber/callbacks.hpp"
#include "providers/viber/send.hpp"

#include <algorithm>

namespace okno::sim::viber {

namespace {

struct Method {
    std::string_view name;
    Answer (*answer)(Site&, const Call&);
    bool needs_webhook = false;
};
constexpr Method kMethods[] = {{"get_account_info", account_info},
                               {"send_message", send_message, true},
                               {"broadcast_message", broadcast_message, true},
                               {"get_user_details", user_details},
                               {"get_online", online}};

struct State {
    std::string_view name;
    Status status;
};
constexpr State kStates[] = {{"blocked", Status::account_blocked},
                             {"not_found", Status::account_not_found},
                             {"suspended", Status::account_suspended},
                             {"not_authorized", Status::account_not_authorized}};

// Empty: the body is no JSON object.
std::optional<Call> read_call(const net::ServerRequest& request) {
    Call call;
    call.method = request.path.substr(std::string_view("/pa/").size());
    call.size = request.body.size();
    if (!request.body.empty()) {
        auto parsed = parse_json(request.body);
        if (!parsed || !parsed->is_object()) return std::nullopt;
        call.body = std::move(parsed->get_object());
    }
    const std::string_view header = request.headers.get("X-Viber-Auth-Token");
    call.token = header.empty() ? text_at(call.body, "auth_token") : std::string(header);
    return call;
}

void find_bot(Site& site, Call& call) {
    for (auto& [uri, bot] : site.world.bots)
        if (!call.token.empty() && bot.token == call.token) call.bot = &bot;
}

std::optional<Status> check_caller(const Call& call) {
    if (call.bot == nullptr) return Status::invalid_auth_token;
    const auto* state = std::ranges::find(kStates, call.bot->state, &State::name);
    return state == std::end(kStates) ? std::nullopt : std::optional(state->status);
}

Answer answer(Site& site, const Call& call) {
    const auto* method = std::ranges::find(kMethods, call.method, &Method::name);
    if (method == std::end(kMethods)) return std::unexpected(Status::bad_data);
    if (method->needs_webhook && call.bot->webhook.empty()) return std::unexpected(Status::webhook_not_set);
    return method->answer(site, call);
}

json::object at_hand_of(const Call& call) {
    json::object out{{"provider", "viber"},
                     {"edge", call.method == "send_message" ? "messages" : call.method},
                     {"to", text_at(call.body, "receiver")},
                     {"type", text_at(call.body, "type")}};
    if (call.bot != nullptr) out["bot"] = call.bot->uri;
    return out;
}

struct FaultStatus {
    std::string_view kind;
    int status;
};
constexpr FaultStatus kFaults[] = {{"429", 12}, {"500", 999}, {"expired_token", 2}, {"restricted_number", 7}};

// What the test wants refused: by a status, or with an HTTP status and no word of Viber's.
struct Planned {
    int status = 0;
    int http_status = 200;
};

std::optional<Planned> planned_refusal(Site& site, const json::object& at_hand) {
    for (const FaultStatus& fault : kFaults) {
        const auto taken = site.core.faults.take(fault.kind, at_hand);
        if (!taken) continue;
        Planned out{static_cast<int>(fault_number(*taken, "code", fault.status))};
        if (flag_at(*taken, "plain")) out.http_status = static_cast<int>(fault_number(*taken, "http_status", 503));
        return out;
    }
    return std::nullopt;
}

void note(Site& site, const Call& call, json::value status, int code, bool is_fault) {
    json::object body = call.body;
    body.erase("auth_token");
    json::object entry{{"provider", "viber"},
                       {"method", call.method},
                       {"path", "/pa/" + call.method},
                       {"body", journal_body(json::serialize(body))},
                       {"to", text_at(call.body, "receiver")},
                       {"type", text_at(call.body, "type")},
                       {"status", std::move(status)},
                       {"code", code}};
    if (call.bot != nullptr) entry["bot"] = call.bot->uri;
    if (is_fault) entry["fault"] = true;
    site.core.journal.write("api", std::move(entry));
}

json::object whole_answer(const Answer& answered) {
    if (!answered) return answer_with(answered.error());
    json::object out = answer_with(Status::ok);
    for (const auto& [name, value] : *answered)
        out[name] = value;
    return out;
}

int code_of(const Answer& answered) { return answered ? 0 : static_cast<int>(answered.error()); }

// Viber calls the new address and answers when that did.
void set_webhook(Site& site, const Call& call, const net::Respond& respond) {
    const auto finish = [&site, call, respond](const Answer& answered) {
        note(site, call, 200, code_of(answered), false);
        respond(json_reply(200, whole_answer(answered)));
    };
    if (const auto wrong = check_webhook(call)) return finish(std::unexpected(*wrong));
    const std::string url = text_at(call.body, "url");
    if (url.empty()) return finish(keep_webhook(*call.bot, call.body));
    ++site.under_way;
    try_webhook(site, *call.bot, url,
                [&site, call, finish, uri = call.bot->uri, generation = site.generation](bool has_answered) {
                    const std::scoped_lock lock(site.guard);
                    if (generation != site.generation) return finish(std::unexpected(Status::account_not_found));
                    --site.under_way;
                    const auto bot = site.world.bots.find(uri);
                    if (bot == site.world.bots.end()) return finish(std::unexpected(Status::account_not_found));
                    if (!has_answered) return finish(std::unexpected(Status::invalid_url));
                    finish(keep_webhook(bot->second, call.body));
                });
}

struct Outcome {
    net::ServerReply reply;
    std::chrono::milliseconds pause{0};
    bool is_silent = false;
};

Outcome outcome_of(Site& site, const Call& call, const json::object& at_hand) {
    Outcome out;
    if (site.core.faults.take("timeout_before_accept", at_hand)) {
        note(site, call, nullptr, 0, true);
        out.is_silent = true;
        return out;
    }
    if (const auto planned = planned_refusal(site, at_hand)) {
        const bool is_plain = planned->http_status != 200;
        note(site, call, planned->http_status, planned->status, true);
        out.reply = is_plain ? refusal(planned->http_status, "Unavailable")
                             : json_reply(200, answer_with(static_cast<Status>(planned->status)));
        return out;
    }
    const auto wrong = check_caller(call);
    const Answer answered = wrong ? Answer(std::unexpected(*wrong)) : answer(site, call);
    if (const auto fault = site.core.faults.take("slow", at_hand))
        out.pause = std::chrono::milliseconds(fault_number(*fault, "ms", 2000));
    out.is_silent = answered && site.core.faults.take("timeout_after_accept", at_hand);
    note(site, call, out.is_silent ? json::value() : json::value(200), code_of(answered), false);
    out.reply = json_reply(200, whole_answer(answered));
    return out;
}

}  // namespace

void answer_api(Site& site, net::ServerRequest request, net::Respond respond) {
    if (request.method != "POST") return respond(refusal(405, "Viber's methods are called by POST."));
    auto call = read_call(request);
    if (!call) return respond(json_reply(200, answer_with(Status::bad_data)));
    Outcome outcome;
    {
        const std::scoped_lock lock(site.guard);
        find_bot(site, *call);
        if (call->method == "set_webhook" && !check_caller(*call)) return set_webhook(site, *call, respond);
        outcome = outcome_of(site, *call, at_hand_of(*call));
    }
    if (outcome.is_silent) return site.core.silence.keep(std::move(respond));
    if (outcome.pause.count() == 0) return respond(std::move(outcome.reply));
    site.core.timers.after(outcome.pause,
                           [respond = std::move(respond), reply = std::move(outcome.reply)] { respond(reply); });
}

}  // namespace okno::sim::viber
