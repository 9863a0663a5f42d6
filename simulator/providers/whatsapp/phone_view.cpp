#include "providers/whatsapp/phone_view.hpp"

#include "core/reading.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

json::object seen(Site& site, const Message& message) {
    json::object out = message.shown;
    out["id"] = message.id;
    out["number"] = message.number_id;
    out["n"] = message.sequence;
    out["direction"] = message.from_customer ? "from_customer" : "from_business";
    out["type"] = message.type;
    out["status"] = message.status;
    out["at"] = to_rfc3339(message.at);
    if (message.error != 0) out["error"] = message.error;
    if (message.is_deleted) out["deleted"] = true;
    if (message.is_edited) out["edited"] = true;
    if (!message.emoji_of_business.empty()) out["emoji_of_business"] = message.emoji_of_business;
    if (!message.emoji_of_customer.empty()) out["emoji_of_customer"] = message.emoji_of_customer;
    if (!message.reply_to.empty()) {
        json::object quote{{"id", message.reply_to}};
        if (const Message* original = site.world.message(message.reply_to)) {
            quote["text"] = text_at(original->shown, "text");
            quote["from_customer"] = original->from_customer;
            quote["type"] = original->type;
        }
        out["reply_to"] = std::move(quote);
    }
    if (!message.content.empty()) out["content"] = message.content;
    return out;
}

}  // namespace

json::object phone_view(Site& site, const Phone& phone, std::string_view number_id, bool all, std::int64_t since) {
    std::vector<const Message*> shown;
    bool is_typing = false;
    json::object windows;
    for (const auto& [key, chat] : site.world.chats) {
        if (key.second != phone.wa_id || (!number_id.empty() && key.first != number_id)) continue;
        is_typing = is_typing || chat.typing_until_ms > site.core.journal.elapsed();
        if (chat.last_user_message) windows[key.first] = to_rfc3339(*chat.last_user_message + 24h);
        if (since == site.world.version) continue;
        for (const std::string& id : chat.messages) {
            const Message* message = site.world.message(id);
            const bool is_seen = message != nullptr && message->sequence > 0 && message->type != "reaction";
            if (message != nullptr && (all || is_seen)) shown.push_back(message);
        }
    }
    if (!all) std::ranges::sort(shown, {}, [](const Message* one) { return one->sequence; });
    json::object view{{"version", site.world.version},
                      {"now", to_rfc3339(site.now())},
                      {"typing", is_typing},
                      {"window_closes_at", std::move(windows)}};
    if (since == site.world.version) return view;
    json::array messages;
    for (const Message* one : shown)
        messages.emplace_back(seen(site, *one));
    view["messages"] = std::move(messages);
    return view;
}

}  // namespace okno::sim::whatsapp
