#include "providers/telegram/control_objects.hpp"

#include "base/crypto.hpp"
#include "core/reading.hpp"
#include "providers/telegram/phones.hpp"
#include "providers/telegram/updates.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

void take_text(const json::object& from, std::string_view name, std::string& to) {
    if (from.contains(name)) to = text_at(from, name);
}
void take_flag(const json::object& from, std::string_view name, bool& to) { to = flag_at(from, name, to); }

// Each changes the object of that id, made when there is none. Empty, or why not.

// A bot's id stands before the colon of its token; a new token of the same bot makes the old one void.
std::string change_bot(Site& site, std::string& id, const json::object& wanted) {
    const std::string token = text_at(wanted, "token");
    if (id.empty()) id = token.substr(0, token.find(':'));
    const std::int64_t number = number_at({{"id", id}}, "id");
    if (number <= 0) return "A bot needs its token: digits, a colon and letters.";
    Bot& bot = site.world.bots[number];
    bot.id = number;
    take_text(wanted, "token", bot.token);
    take_text(wanted, "username", bot.username);
    take_text(wanted, "name", bot.name);
    take_flag(wanted, "can_connect_to_business", bot.can_connect_to_business);
    take_flag(wanted, "chat_limit", bot.has_chat_limit);
    if (wanted.contains("messages_per_second")) bot.tokens_left = -1;
    bot.messages_per_second = number_at(wanted, "messages_per_second", bot.messages_per_second);
    if (bot.username.empty()) bot.username = "bot" + id + "_bot";
    if (bot.name.empty()) bot.name = bot.username;
    return {};
}

std::string change_person(Site& site, std::string& id, const json::object& wanted) {
    if (id.empty()) id = text_at(wanted, "id");
    const std::int64_t number = number_at({{"id", id}}, "id");
    if (number <= 0) return "A person needs an id: a positive number.";
    Person& person = site.world.people[number];
    person.id = number;
    take_text(wanted, "first_name", person.first_name);
    take_text(wanted, "last_name", person.last_name);
    take_text(wanted, "username", person.username);
    take_text(wanted, "language_code", person.language_code);
    take_text(wanted, "phone", person.phone);
    take_flag(wanted, "premium", person.is_premium);
    take_flag(wanted, "deactivated", person.is_deactivated);
    take_flag(wanted, "forbids_voice", person.forbids_voice);
    if (person.first_name.empty()) person.first_name = "User " + id;
    return {};
}

// Every change is told to the bot.
std::string change_connection(Site& site, std::string& id, const json::object& wanted) {
    if (id.empty()) id = text_at(wanted, "id").empty() ? random_token(18) : text_at(wanted, "id");
    const bool is_new = !site.world.connections.contains(id);
    Connection connection = is_new ? Connection() : site.world.connections.find(id)->second;
    connection.id = id;
    connection.bot = number_at(wanted, "bot", connection.bot);
    connection.owner = number_at(wanted, "owner", connection.owner);
    if (connection.bot == 0 && site.world.bots.size() == 1) connection.bot = site.world.bots.begin()->first;
    const Bot* bot = site.world.bot(connection.bot);
    if (bot == nullptr || site.world.person(connection.owner) == nullptr)
        return "A connection needs the ids of a bot and of its owner.";
    if (!bot->can_connect_to_business) return "This bot cannot be connected to business accounts.";
    take_flag(wanted, "enabled", connection.is_enabled);
    if (wanted.contains("rights"))
        connection.rights = object_at(wanted, "rights");
    else if (is_new)
        connection.rights = {{"can_reply", true}, {"can_read_messages", true}, {"can_delete_sent_messages", true}};
    connection.since = site.now();
    site.world.connections[id] = connection;
    tell_connection(site, connection);
    return {};
}

json::object show(const Bot& bot) {
    return {{"id", bot.id},
            {"token", bot.token},
            {"username", bot.username},
            {"name", bot.name},
            {"can_connect_to_business", bot.can_connect_to_business},
            {"messages_per_second", bot.messages_per_second},
            {"chat_limit", bot.has_chat_limit},
            {"commands", bot.commands},
            {"webhook_url", bot.webhook.url},
            {"pending_updates", pending_count(bot)}};
}

json::object show(const Person& person) {
    return {{"id", person.id},
            {"first_name", person.first_name},
            {"last_name", person.last_name},
            {"username", person.username},
            {"language_code", person.language_code},
            {"phone", person.phone},
            {"premium", person.is_premium},
            {"deactivated", person.is_deactivated},
            {"forbids_voice", person.forbids_voice}};
}

json::object show(const Connection& connection) {
    return {{"id", connection.id},
            {"bot", connection.bot},
            {"owner", connection.owner},
            {"enabled", connection.is_enabled},
            {"rights", connection.rights}};
}

template <typename Map>
auto key_of(const Map&, const std::string& id) {
    if constexpr (std::is_same_v<typename Map::key_type, std::string>)
        return id;
    else
        return number_at({{"id", id}}, "id");
}

struct Kind {
    std::string_view name;
    std::string (*change)(Site&, std::string& id, const json::object& wanted);
    json::array (*show_all)(const World&);
    json::object (*show_one)(const World&, const std::string& id);  // empty: there is none
    void (*remove)(World&, const std::string& id);
};

template <auto Member>
json::array show_all(const World& world) {
    json::array all;
    for (const auto& [id, one] : world.*Member)
        all.push_back(show(one));
    return all;
}
template <auto Member>
json::object show_one(const World& world, const std::string& id) {
    const auto found = (world.*Member).find(key_of(world.*Member, id));
    return found == (world.*Member).end() ? json::object() : show(found->second);
}
template <auto Member>
void remove_one(World& world, const std::string& id) {
    (world.*Member).erase(key_of(world.*Member, id));
}

constexpr Kind kKinds[] = {
    {"bots", change_bot, show_all<&World::bots>, show_one<&World::bots>, remove_one<&World::bots>},
    {"people", change_person, show_all<&World::people>, show_one<&World::people>, remove_one<&World::people>},
    {"connections", change_connection, show_all<&World::connections>, show_one<&World::connections>,
     remove_one<&World::connections>},
};

const Kind* kind_named(std::string_view name) {
    const auto* found = std::ranges::find(kKinds, name, &Kind::name);
    return found == std::end(kKinds) ? nullptr : found;
}

}  // namespace

bool is_object_kind(std::string_view what) { return kind_named(what) != nullptr; }

net::ServerReply answer_objects(Site& site, std::string_view method, std::string_view what, const std::string& id,
                                const json::object& body) {
    const Kind& kind = *kind_named(what);
    if (id.empty() && method == "GET") return json_reply(200, {{what, kind.show_all(site.world)}});
    if (!id.empty() && kind.show_one(site.world, id).empty()) return refusal(404, "There is no such object.");
    if (method == "DELETE") {
        kind.remove(site.world, id);
        ++site.world.version;
        return json_reply(200, {{"success", true}});
    }
    std::string changed = id;
    if (method != "GET") {
        if (const std::string wrong = kind.change(site, changed, body); !wrong.empty()) return refusal(400, wrong);
        ++site.world.version;
    }
    return json_reply(200, kind.show_one(site.world, changed));
}

std::string create_world(Site& site, const json::object& world) {
    for (const auto& [name, list] : world)
        if (!is_object_kind(name) || !list.is_array()) return "unknown list: " + std::string(name);
    for (const Kind& kind : kKinds)
        for (const json::value& one : array_at(world, kind.name)) {
            std::string id;
            if (!one.is_object()) return "bad element in " + std::string(kind.name);
            if (std::string wrong = kind.change(site, id, one.get_object()); !wrong.empty()) return wrong;
        }
    ++site.world.version;
    return {};
}

json::object show_world(const Site& site) {
    json::object out;
    for (const Kind& kind : kKinds)
        out[kind.name] = kind.show_all(site.world);
    return out;
}

}  // namespace okno::sim::telegram
