#include "providers/whatsapp/delivery.hpp"

#include "core/reading.hpp"
#include "providers/whatsapp/webhooks.hpp"

namespace okno::sim::whatsapp {

namespace {

void show_reaction(Site& site, const Message& reaction) {
    if (Message* target = site.world.message(text_at(reaction.content, "message_id")))
        target->emoji_of_business = text_at(reaction.content, "emoji");
}

void read_one(Site& site, const std::string& message_id) {
    Message* message = site.world.message(message_id);
    if (message != nullptr && message->status == "delivered") set_status(site, *message, "read");
}

void reach_phone(Site& site, const std::string& message_id) {
    Message* message = site.world.message(message_id);
    if (message == nullptr || message->status != "sent") return;
    const Phone* phone = site.world.phone_by_number(message->wa_id);
    if (phone == nullptr || !phone->is_online) return;
    message->sequence = site.world.next_sequence();
    Chat& chat = site.world.chat(message->number_id, message->wa_id);
    chat.typing_until_ms = 0;
    if (message->type == "reaction") show_reaction(site, *message);
    if (chat.is_open && phone->reads != Reads::never) {
        set_status(site, *message, "read");  // the chat is on the screen: Meta leaves `delivered` out
        return;
    }
    set_status(site, *message, "delivered");
    if (phone->reads == Reads::at_once)
        site.later("read_ms", [message_id](Site& later) { read_one(later, message_id); });
}

void leave_meta(Site& site, const std::string& message_id) {
    Message* message = site.world.message(message_id);
    if (message == nullptr || message->status != "accepted") return;
    set_status(site, *message, "sent");
    site.later("delivered_ms", [message_id](Site& later) { reach_phone(later, message_id); });
}

}  // namespace

void set_status(Site& site, Message& message, std::string_view status, const std::optional<Refusal>& why) {
    message.status = status;
    if (why) message.error = why->code;
    tell_status(site, message, status, why);
    if (status == "delivered" || status == "read") message.is_pricing_told = true;
    ++site.world.version;
}

void start_delivery(Site& site, const std::string& message_id, std::optional<Refusal> why) {
    if (!why) {
        site.later("sent_ms", [message_id](Site& later) { leave_meta(later, message_id); });
        return;
    }
    site.later("sent_ms", [message_id, why](Site& later) {
        if (Message* message = later.world.message(message_id)) set_status(later, *message, "failed", why);
    });
}

void deliver_waiting(Site& site, const Phone& phone) {
    for (const auto& [key, chat] : site.world.chats) {
        if (key.second != phone.wa_id) continue;
        for (const std::string& id : chat.messages) {
            const Message* message = site.world.message(id);
            if (message == nullptr || message->from_customer || message->status != "sent") continue;
            site.later(std::chrono::milliseconds(0), [id](Site& later) { reach_phone(later, id); });
        }
    }
}

void read_chat(Site& site, const std::string& number_id, const std::string& wa_id) {
    const Phone* phone = site.world.phone_by_number(wa_id);
    if (phone == nullptr || phone->reads == Reads::never) return;
    const std::vector<std::string> ids = site.world.chat(number_id, wa_id).messages;
    for (const std::string& id : ids)
        if (Message* message = site.world.message(id); message != nullptr && !message->from_customer)
            read_one(site, id);
}

}  // namespace okno::sim::whatsapp
