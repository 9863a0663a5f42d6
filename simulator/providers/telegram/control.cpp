#include "providers/telegram/control.hpp"

#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/reading.hpp"
#include "providers/telegram/control_objects.hpp"
#include "providers/telegram/phone_view.hpp"
#include "providers/telegram/phones.hpp"
#include "providers/telegram/polling.hpp"
#include "providers/telegram/updates.hpp"

namespace okno::sim::telegram {

namespace {

struct Ask {
    const net::ServerRequest& request;
    std::vector<std::string> parts;  // without "sim" and "telegram"
    json::object body;

    std::int64_t number(std::string_view query) const {
        return number_at({{"value", request.query_value(query)}}, "value");
    }
};

net::ServerReply not_found() { return refusal(404, "There is no such thing."); }

net::ServerReply reply_of(const Done& done) {
    return done ? json_reply(200, *done) : refusal(done.error().status, done.error().why);
}

// The bot that is meant; the only one there is when none is named.
Bot* bot_meant(Site& site, std::int64_t id) {
    if (id == 0 && site.world.bots.size() == 1) return &site.world.bots.begin()->second;
    return site.world.bot(id);
}

net::ServerReply answer_person(Site& site, const Ask& ask) {
    const Person* person = site.world.person(number_at({{"id", ask.parts[1]}}, "id"));
    if (person == nullptr || ask.parts[2] != "messages") return not_found();
    const bool reads = ask.request.method == "GET";
    Bot* bot = bot_meant(site, reads ? ask.number("bot") : number_at(ask.body, "bot"));
    if (bot == nullptr) return refusal(404, "bot must be the id of a bot.");
    if (reads) return json_reply(200, phone_view(site, {bot->id, person->id, ""}, ask.number("since")));
    return reply_of(act_with_bot(site, *bot, *person, ask.body));
}

net::ServerReply answer_business_chat(Site& site, const Ask& ask) {
    const auto connection = site.world.connections.find(ask.parts[1]);
    if (connection == site.world.connections.end() || ask.parts[2] != "messages") return not_found();
    if (ask.request.method == "GET")
        return json_reply(200, phone_view(site, {connection->second.bot, ask.number("chat"), connection->first},
                                          ask.number("since")));
    return reply_of(act_in_business(site, connection->second, ask.body));
}

net::ServerReply answer_file(const Site& site, const std::string& id) {
    const auto found = site.world.files.find(id);
    if (found == site.world.files.end() || !found->second.bytes) return not_found();
    net::ServerReply reply = file_reply(found->second.mime_type, *found->second.bytes);
    reply.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");  // it is anybody's file
    return reply;
}

net::ServerReply route(Site& site, const Ask& ask) {
    if (ask.parts.empty()) return not_found();
    const std::string& what = ask.parts[0];
    const std::size_t depth = ask.parts.size();
    if (what == "people" && depth == 3) return answer_person(site, ask);
    if (what == "connections" && depth == 3) return answer_business_chat(site, ask);
    if (what == "files" && depth == 2) return answer_file(site, ask.parts[1]);
    if (is_object_kind(what) && depth <= 2)
        return answer_objects(site, ask.request.method, what, depth == 2 ? ask.parts[1] : "", ask.body);
    return not_found();
}

}  // namespace

void answer_control(Site& site, const net::ServerRequest& request, const net::Respond& respond) {
    Ask ask{request, path_parts(request.path), {}};
    ask.parts.erase(ask.parts.begin(), ask.parts.begin() + 2);
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

void reset_world(Site& site, bool keeps_objects) {
    ++site.generation;
    site.doubles_in_flight = 0;
    while (!site.polls.empty())
        answer_poll(site, site.polls.begin()->first, json::array());
    const std::int64_t version = site.world.version;
    if (keeps_objects) {
        site.world.chats.clear();
        site.world.queries.clear();
        for (auto& [id, bot] : site.world.bots) {
            drop_pending(bot);
            bot.held.clear();
            bot.tokens_left = -1;
        }
    } else {
        site.world = World();
    }
    site.world.version = version + 1;
}

}  // namespace okno::sim::telegram
