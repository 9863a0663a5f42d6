#include "providers/meta/phone_view.hpp"

#include "core/reading.hpp"
#include "providers/meta/conversations.hpp"

namespace okno::sim::meta {

static json::object seen(Person& person, const Message& message) {
    const bool is_read = message.from_account ? message.is_read : person.is_seen;
    json::object out{{"id", message.mid},
                     {"n", message.number},
                     {"direction", message.from_account ? "from_business" : "from_customer"},
                     {"type", message.type},
                     {"text", message.text},
                     {"status", is_read                                         ? "read"
                                : message.is_delivered || !message.from_account ? "delivered"
                                                                                : "sent"},
                     {"at", to_rfc3339(message.at)},
                     {"edited", message.edits > 0},
                     {"deleted", message.is_deleted}};
    for (const char* name : {"attachments", "quick_replies", "story"})
        if (const json::value* found = message.body.if_contains(name)) out[name] = *found;
    if (!message.tag.empty()) out["tag"] = message.tag;
    if (!message.app_id.empty()) out["app_id"] = message.app_id;
    if (!message.emoji_of_person.empty()) out["emoji_of_customer"] = message.emoji_of_person;
    if (message.reply_to.empty()) return out;
    json::object quote{{"id", message.reply_to}};
    if (const Message* original = person.message(message.reply_to)) {
        quote["text"] = original->text;
        quote["from_customer"] = !original->from_account;
        quote["type"] = original->type;
    }
    out["reply_to"] = std::move(quote);
    return out;
}

json::object phone_view(Site& site, Person& person, std::int64_t since) {
    const Account& account = account_of(site, person);
    json::object view{{"version", site.world.version},
                      {"now", to_rfc3339(site.now())},
                      {"typing", person.typing_until_ms > site.pace_ms()},
                      {"seen", person.is_seen},
                      {"started", person.is_started},
                      {"get_started", !account.get_started.empty()},
                      {"blocked", person.is_unreachable},
                      {"leader", person.leader}};
    if (since == site.world.version) return view;
    json::array messages;
    for (const Message& message : person.messages)
        messages.push_back(seen(person, message));
    view["messages"] = std::move(messages);
    return view;
}

}  // namespace okno::sim::meta
