#include "providers/whatsapp/control_objects.hpp"

#include "core/reading.hpp"
#include "providers/whatsapp/objects.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

// One kind of object. `change` gets a new one too; `show_one` and `show_all` read; ids are made up when not given.
struct Kind {
    std::string_view name;
    std::string_view id_member;
    bool (*has)(const World&, const std::string& id);
    void (*change)(Site&, const std::string& id, const json::object& wanted);
    json::object (*show_one)(const World&, const std::string& id);
    json::array (*show_all)(const World&);
    void (*remove)(World&, const std::string& id);
};

template <auto Member>
bool has(const World& world, const std::string& id) {
    return (world.*Member).contains(id);
}
template <auto Member>
json::object show_one(const World& world, const std::string& id) {
    return show((world.*Member).at(id));
}
template <auto Member>
json::array show_all(const World& world) {
    json::array all;
    for (const auto& [id, one] : world.*Member)
        all.emplace_back(show(one));
    return all;
}
template <auto Member>
void remove_one(World& world, const std::string& id) {
    (world.*Member).erase(id);
}

// The object of that id, made when there is none.
template <typename Object>
Object& named(std::map<std::string, Object, std::less<>>& all, const std::string& id) {
    Object& one = all[id];
    if constexpr (requires { one.wa_id; })
        one.wa_id = id;
    else
        one.id = id;
    return one;
}

constexpr Kind kKinds[] = {
    {"apps", "id", has<&World::apps>,
     [](Site& site, const std::string& id, const json::object& wanted) {
         change_app(site, named(site.world.apps, id), wanted);
     },
     show_one<&World::apps>, show_all<&World::apps>, remove_one<&World::apps>},
    {"wabas", "id", has<&World::wabas>,
     [](Site& site, const std::string& id, const json::object& wanted) {
         change_waba(named(site.world.wabas, id), wanted);
     },
     show_one<&World::wabas>, show_all<&World::wabas>, remove_one<&World::wabas>},
    {"numbers", "id", has<&World::numbers>,
     [](Site& site, const std::string& id, const json::object& wanted) {
         change_number(named(site.world.numbers, id), wanted);
     },
     show_one<&World::numbers>, show_all<&World::numbers>, remove_one<&World::numbers>},
    {"templates", "id", has<&World::templates>,
     [](Site& site, const std::string& id, const json::object& wanted) {
         const bool is_new = !site.world.templates.contains(id);
         change_template(site, named(site.world.templates, id), wanted, is_new);
     },
     show_one<&World::templates>, show_all<&World::templates>, remove_one<&World::templates>},
    {"phones", "wa_id", has<&World::phones>,
     [](Site& site, const std::string& id, const json::object& wanted) {
         change_phone(site, named(site.world.phones, digits_of(id)), wanted);
     },
     show_one<&World::phones>, show_all<&World::phones>, remove_one<&World::phones>},
};

const Kind* kind_named(std::string_view name) {
    const auto* found = std::ranges::find(kKinds, name, &Kind::name);
    return found == std::end(kKinds) ? nullptr : found;
}

// The id of the object that was made or changed; empty: the body names none where one is needed.
std::string create(Site& site, const Kind& kind, const json::object& wanted) {
    std::string id = text_at(wanted, kind.id_member);
    if (kind.id_member == "wa_id") id = digits_of(id);
    if (id.empty() && kind.id_member == "wa_id") return {};
    if (id.empty()) id = site.world.next_id();
    kind.change(site, id, wanted);
    ++site.world.version;
    return id;
}

}  // namespace

bool is_object_kind(std::string_view what) { return kind_named(what) != nullptr; }

net::ServerReply answer_objects(Site& site, std::string_view method, std::string_view what, const std::string& id,
                                const json::object& body) {
    const Kind& kind = *kind_named(what);
    if (id.empty()) {
        if (method == "GET") return json_reply(200, {{what, kind.show_all(site.world)}});
        const std::string made = create(site, kind, body);
        if (made.empty()) return refusal(400, "A phone needs its wa_id.");
        return json_reply(200, kind.show_one(site.world, made));
    }
    if (!kind.has(site.world, id)) return refusal(404, "There is no such object.");
    if (method == "DELETE") {
        kind.remove(site.world, id);
        return json_reply(200, {{"success", true}});
    }
    if (method != "GET") kind.change(site, id, body);
    return json_reply(200, kind.show_one(site.world, id));
}

std::string create_objects(Site& site, const json::object& world) {
    for (const auto& [name, list] : world) {
        const Kind* kind = kind_named(name);
        if (kind == nullptr || !list.is_array()) return "unknown list: " + std::string(name);
    }
    for (const Kind& kind : kKinds)
        for (const json::value& one : array_at(world, kind.name))
            if (!one.is_object() || create(site, kind, one.as_object()).empty())
                return "bad element in " + std::string(kind.name);
    return {};
}

json::object show_world(const Site& site) {
    json::object out;
    for (const Kind& kind : kKinds)
        out[kind.name] = kind.show_all(site.world);
    return out;
}

}  // namespace okno::sim::whatsapp
