#include "providers/whatsapp/webhooks.hpp"

#include "base/crypto.hpp"
#include "core/reading.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

// The callback of the number wins over the account's, that over the app's; an account nobody subscribed to is mute.
void dispatch(Site& site, const Waba& waba, const Number* number, std::string_view field, json::object value,
              json::object about, bool has_time) {
    if (!waba.is_subscribed) return;
    const auto app = site.world.apps.find(waba.app_id);
    if (app == site.world.apps.end()) return;
    Update update;
    update.url = number != nullptr && !number->override_url.empty() ? number->override_url
                 : !waba.override_url.empty()                       ? waba.override_url
                                                                    : app->second.callback_url;
    update.secret = app->second.secret;
    update.entry_id = waba.id;
    update.field = field;
    update.value = std::move(value);
    about["provider"] = "whatsapp";
    about["field"] = field;
    if (number != nullptr) about["number"] = number->id;
    update.about = std::move(about);
    if (has_time) update.time = std::chrono::duration_cast<std::chrono::seconds>(site.now().time_since_epoch()).count();
    site.core.webhooks.send(std::move(update));
}

const Waba* waba_of(const Site& site, const Number& number) {
    const auto found = site.world.wabas.find(number.waba_id);
    return found == site.world.wabas.end() ? nullptr : &found->second;
}

const Number* number_of(const Site& site, const std::string& id) {
    const auto found = site.world.numbers.find(id);
    return found == site.world.numbers.end() ? nullptr : &found->second;
}

// `from` of a message, and the ids beside it.
void put_sender(json::object& message, const Phone& phone) {
    if (!phone.hides_number) message["from"] = phone.wa_id;
    message["from_user_id"] = phone.bsuid;
}

void put_conversation(Site& site, json::object& status, const Message& message, std::string_view step) {
    const Number* number = number_of(site, message.number_id);
    const Waba* waba = waba_of(site, *number);
    const bool is_free_entry = text_at(message.pricing, "type") == "free_entry_point";
    const bool is_old_version = site.world.apps.at(waba->app_id).webhook_version < 24;
    if (!is_free_entry && !is_old_version) return;
    const std::string origin = is_free_entry ? "referral_conversion" : text_at(message.pricing, "category");
    const Sha256 hash = sha256(message.number_id + message.wa_id + origin);
    json::object conversation{{"id", to_hex(hash.data(), 16)}, {"origin", {{"type", origin}}}};
    if (step == "sent") {
        const Chat& chat = site.world.chat(message.number_id, message.wa_id);
        conversation["expiration_timestamp"] = unix_text(chat.free_entry_until.value_or(site.now() + 24h));
    }
    status["conversation"] = std::move(conversation);
}

}  // namespace

json::object metadata_of(const Number& number) {
    return {{"display_phone_number", digits_of(number.display)}, {"phone_number_id", number.id}};
}

json::object contact_of(const Phone& phone) {
    json::object profile{{"name", phone.name}};
    if (!phone.username.empty()) profile["username"] = "@" + phone.username;
    json::object contact{{"profile", std::move(profile)}};
    if (!phone.hides_number) contact["wa_id"] = phone.wa_id;
    contact["user_id"] = phone.bsuid;
    return contact;
}

void tell_message(Site& site, const Message& message, const json::object& extra) {
    const Number* number = number_of(site, message.number_id);
    const Phone* phone = site.world.phone_by_number(message.wa_id);
    const Waba* waba = number == nullptr ? nullptr : waba_of(site, *number);
    if (waba == nullptr || phone == nullptr) return;
    json::object out;
    if (!message.reply_to.empty()) {
        json::object context;
        const Message* original = site.world.message(message.reply_to);
        context["from"] = original != nullptr && original->from_customer ? phone->wa_id : digits_of(number->display);
        context["id"] = message.reply_to;
        out["context"] = std::move(context);
    }
    if (message.is_forwarded) {
        json::object& context =
            out["context"].is_object() ? out["context"].as_object() : out["context"].emplace_object();
        context["forwarded"] = true;
    }
    put_sender(out, *phone);
    out["id"] = message.id;
    out["timestamp"] = unix_text(message.at);
    out["type"] = message.type;
    const json::value* list = message.content.if_contains("list");
    if (list != nullptr)
        out[message.type] = *list;
    else if (!message.content.empty())
        out[message.type] = message.content;
    for (const auto& member : extra)
        out[member.key()] = member.value();
    json::object value{{"messaging_product", "whatsapp"},
                       {"metadata", metadata_of(*number)},
                       {"contacts", json::array{contact_of(*phone)}},
                       {"messages", json::array{std::move(out)}}};
    dispatch(site, *waba, number, "messages", std::move(value),
             {{"what", "message"}, {"id", message.id}, {"type", message.type}, {"wa_id", message.wa_id}}, false);
}

void tell_system(Site& site, const Number& number, const Phone& phone, json::object system) {
    const Waba* waba = waba_of(site, number);
    if (waba == nullptr) return;
    json::object message;
    put_sender(message, phone);
    const std::string id = new_message_id(phone.wa_id);
    message["id"] = id;
    message["timestamp"] = unix_text(site.now());
    message["type"] = "system";
    message["system"] = std::move(system);
    json::object value{{"messaging_product", "whatsapp"},
                       {"metadata", metadata_of(number)},
                       {"messages", json::array{std::move(message)}}};
    dispatch(site, *waba, &number, "messages", std::move(value),
             {{"what", "message"}, {"id", id}, {"type", "system"}, {"wa_id", phone.wa_id}}, false);
}

void tell_status(Site& site, const Message& message, std::string_view status, const std::optional<Refusal>& why) {
    const Number* number = number_of(site, message.number_id);
    const Waba* waba = number == nullptr ? nullptr : waba_of(site, *number);
    if (waba == nullptr) return;
    const Phone* phone = site.world.phone_by_number(message.wa_id);
    const bool went_to_bsuid = message.recipient_given == "recipient";
    json::object out{{"id", message.id}, {"status", status}, {"timestamp", unix_text(site.now())}};
    if (!went_to_bsuid || phone == nullptr || !phone->hides_number) out["recipient_id"] = message.wa_id;
    if (phone != nullptr && (status != "failed" || went_to_bsuid)) out["recipient_user_id"] = phone->bsuid;
    if (!message.callback_data.empty()) out["biz_opaque_callback_data"] = message.callback_data;
    if (why) {
        out["errors"] = json::array{webhook_error(*why)};
    } else {
        put_conversation(site, out, message, status);
        const bool tells_price =
            status == "sent" || ((status == "delivered" || status == "read") && !message.is_pricing_told);
        if (tells_price && !message.pricing.empty()) out["pricing"] = message.pricing;
    }
    json::object value{{"messaging_product", "whatsapp"}, {"metadata", metadata_of(*number)}};
    if (!why && phone != nullptr) value["contacts"] = json::array{contact_of(*phone)};
    value["statuses"] = json::array{std::move(out)};
    json::object about{{"what", "status"}, {"id", message.id}, {"status", status}, {"wa_id", message.wa_id}};
    if (why) about["code"] = why->code;
    dispatch(site, *waba, number, "messages", std::move(value), std::move(about), false);
}

void tell_account(Site& site, const Waba& waba, std::string_view field, json::object value) {
    dispatch(site, waba, nullptr, field, std::move(value), {{"what", "account"}}, true);
}

void tell_number(Site& site, const Number& number, std::string_view field, json::object value, json::object about) {
    if (const Waba* waba = waba_of(site, number))
        dispatch(site, *waba, &number, field, std::move(value), std::move(about), false);
}

}  // namespace okno::sim::whatsapp
