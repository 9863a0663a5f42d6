#include "providers/meta/graph.hpp"

#include "base/json.hpp"
#include "core/reading.hpp"
#include "providers/meta/access.hpp"
#include "providers/meta/send.hpp"
#include "providers/meta/uploads.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::meta {

namespace {

struct Call {
    const net::ServerRequest& request;
    std::string node;
    std::string edge;
    json::object body;

    bool is(std::string_view method) const { return request.method == method; }
};

Answer success() { return json::object{{"success", true}}; }

bool asks_for(const Call& call, std::string_view field) {
    return call.request.query_value("fields").find(field) != std::string_view::npos;
}

Answer account_node(const Site& site, const Account& account, const Call& call) {
    json::object out{{"id", account.id}};
    if (asks_for(call, "user_id")) out["user_id"] = account.id;
    if (asks_for(call, "name")) out["name"] = account.name;
    if (asks_for(call, "username") && !account.username.empty()) out["username"] = account.username;
    if (asks_for(call, "instagram_business_account"))
        for (const auto& [id, other] : site.world.accounts)
            if (other.page_id == account.id)
                out["instagram_business_account"] = json::object{{"id", id}, {"username", other.username}};
    return out;
}

Answer person_node(const Person& person, const Account& of) {
    if (of.is_instagram() && !person.has_consented) return refuse(230);
    if (!of.is_instagram())
        return json::object{{"id", person.id}, {"first_name", person.first_name}, {"last_name", person.last_name}};
    return json::object{
        {"id", person.id}, {"name", person.first_name}, {"username", person.username}, {"follower_count", 12}};
}

Answer subscribed_apps(Account& account, const Call& call) {
    if (call.is("DELETE")) {
        account.fields.clear();
        return success();
    }
    if (call.is("GET")) {
        json::array data;
        if (!account.fields.empty())
            data.push_back(
                json::object{{"id", account.app_id},
                             {"subscribed_fields", json::array(account.fields.begin(), account.fields.end())}});
        return json::object{{"data", std::move(data)}};
    }
    std::string_view list = call.request.query_value("subscribed_fields");
    if (list.empty()) return refuse(100, 0, "The parameter subscribed_fields is required.");
    account.fields.clear();
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        account.fields.emplace(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return success();
}

Answer messenger_profile(Account& account, const Call& call) {
    if (call.is("POST")) {
        const std::string payload = text_at(object_at(call.body, "get_started"), "payload");
        if (payload.empty()) return refuse(100, 0, "Param get_started[payload] is required");
        account.get_started = payload;
        return json::object{{"result", "success"}};
    }
    json::array data;
    if (!account.get_started.empty())
        data.push_back(json::object{{"get_started", json::object{{"payload", account.get_started}}}});
    return json::object{{"data", std::move(data)}};
}

Answer thread_control(Site& site, Account& caller, const Call& call) {
    const auto person = recipient_of(site, caller, call.body);
    if (!person) return std::unexpected(person.error());
    if (call.edge == "take_thread_control") {
        if (!caller.is_main_app) return refuse(10, 2018300, "Only the primary receiver may take the thread.");
        (*person)->leader.clear();
    } else if (call.edge == "pass_thread_control") {
        (*person)->leader = text_at(call.body, "target_app_id");
    }
    return success();
}

Answer answer(Site& site, const Call& call) {
    const auto caller = identify(site, call.request);
    if (!caller) return std::unexpected(caller.error());
    Account& account = **caller;
    const bool is_own = call.node == "me" || call.node == account.id;
    if (!is_own && call.edge.empty() && call.is("GET"))
        if (const Person* person = site.world.person(call.node)) {
            const Account& of = site.world.accounts.at(person->account_id);
            if (of.id == account.id || of.page_id == account.id) return person_node(*person, of);
        }
    if (!is_own) return refuse(100, 33);
    if (call.edge.empty() && call.is("GET")) return account_node(site, account, call);
    if (call.edge == "messages" && call.is("POST")) return send(site, account, call.body);
    if (call.edge == "message_attachments" && call.is("POST")) return take_upload(site, account, call.request);
    if (call.edge == "subscribed_apps") return subscribed_apps(account, call);
    if (call.edge == "messenger_profile" && (call.is("GET") || call.is("POST")))
        return messenger_profile(account, call);
    if (call.edge.ends_with("_thread_control") && call.is("POST")) return thread_control(site, account, call);
    return refuse(100, 0, "Unsupported " + call.request.method + " request");
}

struct FaultCode {
    std::string_view kind;
    int code;
    int subcode;
};
constexpr FaultCode kFaults[] = {
    {"429", 613, 0}, {"500", 2, 0}, {"expired_token", 190, 463}, {"restricted_number", 10, 1893063}};

struct Planned {
    Refusal refusal;
    std::int64_t minutes = 0;  // until the limit is over, in the header of usage
    bool is_plain = false;
};

std::optional<Planned> planned_refusal(Site& site, const json::object& at_hand) {
    for (const FaultCode& fault : kFaults) {
        const auto taken = site.core.faults.take(fault.kind, at_hand);
        if (!taken) continue;
        const auto code = static_cast<int>(fault_number(*taken, "code", fault.code));
        const auto otherwise = code == fault.code ? fault.subcode : 0;
        return Planned{{code, static_cast<int>(fault_number(*taken, "subcode", otherwise))},
                       fault_number(*taken, "minutes", 0),
                       flag_at(*taken, "plain")};
    }
    return std::nullopt;
}

net::ServerReply refusal_reply(const Planned& planned, const std::string& account) {
    if (planned.is_plain) return refusal(500, "Internal Server Error");
    net::ServerReply reply = error_reply(planned.refusal);
    if (planned.minutes > 0)
        reply.headers.set(
            "X-Business-Use-Case-Usage",
            json::serialize(json::object{
                {account, json::array{json::object{{"type", "messenger"},
                                                   {"call_count", 100},
                                                   {"estimated_time_to_regain_access", planned.minutes}}}}}));
    return reply;
}

Call read_call(const net::ServerRequest& request) {
    const std::vector<std::string> parts = path_parts(request.path);
    Call call{request, parts[1], parts.size() > 2 ? parts[2] : std::string(), {}};
    const auto document = parse_json(request.body);
    if (document && document->is_object()) call.body = document->get_object();
    return call;
}

json::object entry_of(const Call& call, const json::object& at_hand) {
    json::object entry = at_hand;
    entry["method"] = call.request.method;
    entry["path"] = call.request.path;
    entry["body"] = call.edge == "message_attachments" ? json::value("a file") : json::value(call.body);
    return entry;
}

}  // namespace

bool owns_node(const Site& site, std::string_view path) {
    const std::vector<std::string> parts = path_parts(path);
    const bool is_versioned =
        parts.size() >= 2 && parts[0].size() > 1 && parts[0][0] == 'v' && parts[0][1] >= '0' && parts[0][1] <= '9';
    if (!is_versioned) return false;
    return parts[1] == "me" || site.world.accounts.contains(parts[1]) || site.world.people.contains(parts[1]);
}

void answer_graph(Site& site, net::ServerRequest request, net::Respond respond) {
    net::ServerReply reply;
    std::chrono::milliseconds pause{0};
    bool is_silent = false;
    {
        const std::scoped_lock lock(site.guard);
        const Call call = read_call(request);
        const std::string edge = call.body.contains("sender_action") ? "sender_action" : call.edge;
        const json::object at_hand{
            {"provider", "meta"}, {"edge", edge}, {"to", text_at(object_at(call.body, "recipient"), "id")}};
        json::object entry = entry_of(call, at_hand);
        if (site.core.faults.take("timeout_before_accept", at_hand)) {
            entry["status"] = nullptr;
            site.core.journal.write("api", std::move(entry));
            return site.core.silence.keep(std::move(respond));
        }
        const auto planned = planned_refusal(site, at_hand);
        const Answer answered = planned ? Answer(std::unexpected(planned->refusal)) : answer(site, call);
        if (const auto fault = site.core.faults.take("slow", at_hand))
            pause = std::chrono::milliseconds(fault_number(*fault, "ms", 2000));
        is_silent = answered && site.core.faults.take("timeout_after_accept", at_hand);
        reply = planned    ? refusal_reply(*planned, call.node)
                : answered ? json_reply(200, *answered)
                           : error_reply(answered.error());
        entry["status"] = is_silent ? json::value(nullptr) : json::value(reply.status);
        if (!answered) entry["code"] = answered.error().code;
        if (planned) entry["fault"] = true;
        site.core.journal.write("api", std::move(entry));
    }
    if (is_silent) return site.core.silence.keep(std::move(respond));
    if (pause.count() == 0) return respond(std::move(reply));
    site.core.timers.after(pause, [respond = std::move(respond), reply = std::move(reply)] { respond(reply); });
}

}  // namespace okno::sim::meta
