#include "providers/whatsapp/graph.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/handshake.hpp"
#include "core/reading.hpp"
#include "providers/whatsapp/access.hpp"
#include "providers/whatsapp/account.hpp"
#include "providers/whatsapp/media.hpp"
#include "providers/whatsapp/send.hpp"

#include <algorithm>
#include <optional>

namespace okno::sim::whatsapp {

namespace {

constexpr std::string_view kMessaging = "whatsapp_business_messaging";
constexpr std::string_view kManagement = "whatsapp_business_management";

// One call on its way through the door.
struct Call {
    net::ServerRequest request;
    std::string node;  // the id in the path; "debug_token" and "media-files" stand here too
    std::string edge;  // what follows it; empty: the node itself
    json::object body;
    Caller caller;
    json::object entry;  // the journal's line
};

// `/v25.0/100/messages` and `/100/messages` alike.
Call open_call(net::ServerRequest request) {
    Call call;
    std::vector<std::string> parts = path_parts(request.path);
    const auto is_version = [](std::string_view part) {
        return part.size() > 2 && part[0] == 'v' && part[1] >= '0' && part[1] <= '9' &&
               part.find('.') != std::string_view::npos;
    };
    if (!parts.empty() && is_version(parts[0])) parts.erase(parts.begin());
    if (!parts.empty()) call.node = parts[0];
    if (parts.size() > 1) call.edge = parts[1];
    call.request = std::move(request);
    return call;
}

std::optional<Refusal> read_body(Call& call) {
    const std::string_view type = call.request.headers.get("Content-Type");
    const bool is_json = call.request.method != "GET" && !type.starts_with("multipart/") && !call.request.body.empty();
    if (!is_json) return std::nullopt;
    const Result<json::value> parsed = parse_json(call.request.body);
    if (!parsed || !parsed->is_object()) return Refusal{100, "Invalid parameter: the body is no JSON object."};
    call.body = parsed->get_object();
    return std::nullopt;
}

using Node = net::ServerReply (*)(Site&, Call&, Number&);
struct NumberRoute {
    std::string_view method;
    std::string_view edge;
    std::string_view permission;
    Node answer;
};
constexpr NumberRoute kNumberRoutes[] = {
    {"POST", "messages", kMessaging,
     [](Site& site, Call& call, Number& number) { return send_message(site, number, call.body, call.entry); }},
    {"POST", "media", kMessaging,
     [](Site& site, Call& call, Number& number) { return upload_media(site, number, call.request); }},
    {"GET", "", kManagement,
     [](Site& site, Call& call, Number& number) { return describe_number(site, number, call.request); }},
    {"GET", "whatsapp_business_profile", kManagement,
     [](Site&, Call&, Number& number) {
         return json_reply(
             200,
             {{"data", json::array{json::object{{"messaging_product", "whatsapp"}, {"about", number.verified_name}}}}});
     }},
    {"POST", "register", kManagement,
     [](Site&, Call&, Number& number) {
         number.status = "CONNECTED";
         return json_reply(200, {{"success", true}});
     }},
};

using WabaNode = net::ServerReply (*)(Site&, Call&, Waba&);
struct WabaRoute {
    std::string_view method;
    std::string_view edge;
    WabaNode answer;
};
constexpr WabaRoute kWabaRoutes[] = {
    {"GET", "", [](Site&, Call& call, Waba& waba) { return describe_waba(waba, call.request); }},
    {"GET", "phone_numbers", [](Site& site, Call& call, Waba& waba) { return list_numbers(site, waba, call.request); }},
    {"GET", "message_templates",
     [](Site& site, Call& call, Waba& waba) { return list_templates(site, waba, call.request); }},
    {"GET", "subscribed_apps", [](Site& site, Call&, Waba& waba) { return describe_subscription(site, waba); }},
    {"POST", "subscribed_apps",
     [](Site&, Call&, Waba& waba) {
         waba.is_subscribed = true;
         waba.override_url.clear();
         return json_reply(200, {{"success", true}});
     }},
    {"DELETE", "subscribed_apps",
     [](Site&, Call&, Waba& waba) {
         waba.is_subscribed = false;
         return json_reply(200, {{"success", true}});
     }},
};

net::ServerReply answer_number(Site& site, Call& call, Number& number) {
    const auto* route = std::ranges::find_if(kNumberRoutes, [&](const NumberRoute& one) {
        return one.method == call.request.method && one.edge == call.edge;
    });
    if (route == std::end(kNumberRoutes)) return graph_error(unknown_object(call.edge, call.request.method));
    if (const auto refusal = require_permission(call.caller, route->permission)) return graph_error(*refusal);
    return route->answer(site, call, number);
}

net::ServerReply answer_waba(Site& site, Call& call, Waba& waba) {
    const auto* route = std::ranges::find_if(
        kWabaRoutes, [&](const WabaRoute& one) { return one.method == call.request.method && one.edge == call.edge; });
    if (route == std::end(kWabaRoutes)) return graph_error(unknown_object(call.edge, call.request.method));
    if (const auto refusal = require_permission(call.caller, kManagement)) return graph_error(*refusal);
    return route->answer(site, call, waba);
}

net::ServerReply answer_media(Site& site, Call& call, const Media& media) {
    if (const auto refusal = require_permission(call.caller, kMessaging)) return graph_error(*refusal);
    if (call.request.method == "GET") return describe_media(site, media, call.request);
    if (call.request.method == "DELETE") return remove_media(site, media.id);
    return graph_error(unknown_object(call.node, call.request.method));
}

net::ServerReply route(Site& site, Call& call) {
    const Refusal unknown = unknown_object(call.node, call.request.method);
    if (call.node == "debug_token") return debug_token(site, call.request);
    if (call.node == "media-files") return download_media(site, call.edge);
    if (const auto found = site.world.numbers.find(call.node); found != site.world.numbers.end())
        return may_touch(site, call.caller, found->second) ? answer_number(site, call, found->second)
                                                           : graph_error(unknown);
    if (const auto found = site.world.wabas.find(call.node); found != site.world.wabas.end())
        return may_touch(site, call.caller, found->second) ? answer_waba(site, call, found->second)
                                                           : graph_error(unknown);
    const auto media = site.world.media.find(call.node);
    if (media != site.world.media.end() && site.now() < media->second.expires_at && call.edge.empty())
        return answer_media(site, call, media->second);
    if (const auto found = site.world.templates.find(call.node);
        found != site.world.templates.end() && call.request.method == "GET")
        return describe_template(found->second, call.request);
    return graph_error(unknown);
}

json::object at_hand(const Call& call) {
    std::string edge = call.edge.empty() ? "node" : call.edge;
    if (call.node == "media-files") edge = "media-files";
    const std::string to = digits_of(text_at(call.body, "to"));
    json::object out{{"provider", "whatsapp"}, {"edge", edge}, {"number", call.node}, {"to", to}};
    out["type"] = call.body.contains("status") ? "read" : text_at(call.body, "type");
    return out;
}

// Faults that refuse before anything happens.
struct RefusingFault {
    std::string_view kind;
    int status;
    int code;
    int subcode;
    std::string_view details;
};
constexpr RefusingFault kRefusingFaults[] = {
    {"429", 429, 130429, 0, "Cloud API message throughput has been reached."},
    {"500", 500, 131000, 0, "Message failed to send due to an unknown error."},
    {"expired_token", 401, 190, 463, "Error validating access token: Session has expired."},
    {"restricted_number", 403, 131031, 0, "The account has been restricted from sending messages."},
};

std::optional<net::ServerReply> play_refusing_fault(Site& site, Call& call, const json::object& subject) {
    for (const RefusingFault& one : kRefusingFaults) {
        const auto fault = site.core.faults.take(one.kind, subject);
        if (!fault) continue;
        call.entry["fault"] = one.kind;
        if (flag_at(*fault, "plain")) {
            net::ServerReply reply = file_reply("text/html", "<html><body>Service unavailable</body></html>");
            reply.status = one.status;
            return reply;
        }
        const auto code = static_cast<int>(fault_number(*fault, "code", one.code));
        return graph_error({code, std::string(one.details), one.subcode}, one.status);
    }
    return std::nullopt;
}

// The answer, written to the journal. Empty: the call is handled elsewhere (handshake) or never answered.
struct Outcome {
    net::ServerReply reply;
    std::chrono::milliseconds pause{0};
    bool is_silent = false;
};

Outcome handle(Site& site, Call& call) {
    Outcome outcome;
    const json::object subject = at_hand(call);
    if (site.core.faults.take("timeout_before_accept", subject)) {
        call.entry["fault"] = "timeout_before_accept";
        outcome.is_silent = true;
        return outcome;
    }
    if (auto refused = play_refusing_fault(site, call, subject)) {
        outcome.reply = std::move(*refused);
        return outcome;
    }
    auto caller = identify(site, call.request);
    if (!caller) {
        outcome.reply = graph_error(caller.error());
        return outcome;
    }
    call.caller = *caller;
    outcome.reply = route(site, call);
    // Only what was really accepted may be followed by silence or a pause.
    if (outcome.reply.status == 200 && site.core.faults.take("timeout_after_accept", subject)) {
        call.entry["fault"] = "timeout_after_accept";
        outcome.is_silent = true;
    } else if (const auto slow = site.core.faults.take("slow", subject)) {
        call.entry["fault"] = "slow";
        outcome.pause = std::chrono::milliseconds(fault_number(*slow, "ms", 2'000));
    }
    return outcome;
}

void start_entry(Site& site, Call& call) {
    const bool is_upload = call.request.headers.get("Content-Type").starts_with("multipart/");
    call.entry = {
        {"at_ms", site.core.journal.elapsed()},
        {"time", to_rfc3339(site.now())},
        {"method", call.request.method},
        {"path", call.request.path},
        {"body", is_upload ? json::string("(multipart, " + std::to_string(call.request.body.size()) + " bytes)")
                           : journal_body(call.request.body)},
        {"number", call.node}};
}

void finish_entry(Site& site, Call& call, const Outcome& outcome) {
    call.entry["status"] = outcome.is_silent ? json::value(nullptr) : json::value(outcome.reply.status);
    if (outcome.reply.status >= 400 && !call.entry.contains("code") && !outcome.is_silent)
        if (const Result<json::value> reply = parse_json(outcome.reply.body); reply && reply->is_object())
            call.entry["code"] = number_at(object_at(reply->get_object(), "error"), "code");
    site.core.journal.write("api", std::move(call.entry));
}

// Whether the call changes where webhooks go, which needs a handshake first; the number and account edges that do.
struct NewCallback {
    std::string url;
    std::string verify_token;
    std::string waba_id;  // one of the two
    std::string number_id;
};

std::optional<NewCallback> new_callback(Site& site, const Call& call) {
    const bool is_post = call.request.method == "POST";
    const json::object& of_number = object_at(call.body, "webhook_configuration");
    if (is_post && call.edge.empty() && site.world.numbers.contains(call.node) && !of_number.empty())
        return NewCallback{text_at(of_number, "override_callback_uri"), text_at(of_number, "verify_token"), "",
                           call.node};
    const std::string url = text_at(call.body, "override_callback_uri");
    if (is_post && call.edge == "subscribed_apps" && site.world.wabas.contains(call.node) && !url.empty())
        return NewCallback{url, text_at(call.body, "verify_token"), call.node, ""};
    return std::nullopt;
}

bool may_subscribe(const Site& site, const Call& call) {
    const auto caller = identify(site, call.request);
    if (!caller || require_permission(*caller, kManagement)) return false;
    const auto number = site.world.numbers.find(call.node);
    const auto waba = site.world.wabas.find(call.node);
    return number != site.world.numbers.end()
               ? may_touch(site, *caller, number->second)
               : waba != site.world.wabas.end() && may_touch(site, *caller, waba->second);
}

void subscribe(Site& site, NewCallback wanted, net::Respond respond) {
    shake_hands(site.core, wanted.url, wanted.verify_token, [&site, wanted, respond](const std::string& why) {
        if (!why.empty()) return respond(graph_error({2200, "Callback verification failed: " + why}));
        const std::scoped_lock lock(site.guard);
        if (const auto waba = site.world.wabas.find(wanted.waba_id); waba != site.world.wabas.end()) {
            waba->second.override_url = wanted.url;
            waba->second.is_subscribed = true;
        }
        if (const auto number = site.world.numbers.find(wanted.number_id); number != site.world.numbers.end())
            number->second.override_url = wanted.url;
        respond(json_reply(200, {{"success", true}}));
    });
}

}  // namespace

void answer_graph(Site& site, net::ServerRequest request, net::Respond respond) {
    Call call = open_call(std::move(request));
    Outcome outcome;
    std::optional<NewCallback> callback;
    {
        const std::scoped_lock lock(site.guard);
        start_entry(site, call);
        if (const auto refusal = read_body(call)) {
            outcome.reply = graph_error(*refusal);
        } else if ((callback = new_callback(site, call)) && may_subscribe(site, call)) {
            outcome.reply.status = 200;
        } else {
            callback.reset();
            outcome = handle(site, call);
        }
        finish_entry(site, call, outcome);
    }
    if (callback) return subscribe(site, std::move(*callback), std::move(respond));
    if (outcome.is_silent) return site.core.silence.keep(std::move(respond));
    if (outcome.pause.count() == 0) return respond(std::move(outcome.reply));
    site.core.timers.after(outcome.pause, [respond = std::move(respond), reply = std::move(outcome.reply)]() mutable {
        respond(std::move(reply));
    });
}

}  // namespace okno::sim::whatsapp
