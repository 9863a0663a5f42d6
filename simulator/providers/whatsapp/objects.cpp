#include "providers/whatsapp/objects.hpp"

#include "core/reading.hpp"
#include "providers/whatsapp/account.hpp"
#include "providers/whatsapp/delivery.hpp"
#include "providers/whatsapp/webhooks.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

void take_text(const json::object& from, std::string_view name, std::string& to) {
    if (from.contains(name)) to = text_at(from, name);
}
void take_flag(const json::object& from, std::string_view name, bool& to) { to = flag_at(from, name, to); }
void take_number(const json::object& from, std::string_view name, std::int64_t& to) { to = number_at(from, name, to); }

Token token_of(const Site& site, const json::object& wanted) {
    Token token;
    token.text = text_at(wanted, "token");
    for (const json::value& one : array_at(wanted, "permissions"))
        if (one.is_string()) token.permissions.emplace(one.get_string());
    if (!wanted.contains("permissions"))
        token.permissions = {"whatsapp_business_messaging", "whatsapp_business_management"};
    if (wanted.contains("expires_in_s"))
        token.expires_at = site.now() + std::chrono::seconds(number_at(wanted, "expires_in_s"));
    return token;
}

constexpr std::pair<std::string_view, Reads> kReads[] = {
    {"open", Reads::when_opened}, {"auto", Reads::at_once}, {"never", Reads::never}};

// The members of a phone that are simply true or false.
constexpr std::pair<std::string_view, bool Phone::*> kPhoneFlags[] = {
    {"on_whatsapp", &Phone::is_on_whatsapp},
    {"online", &Phone::is_online},
    {"hides_number", &Phone::hides_number},
    {"blocked", &Phone::is_blocked},
    {"stopped_marketing", &Phone::has_stopped_marketing},
    {"limited_marketing", &Phone::has_had_enough_marketing},
    {"in_experiment", &Phone::is_in_experiment},
};

}  // namespace

void change_app(Site& site, App& app, const json::object& wanted) {
    take_text(wanted, "name", app.name);
    take_text(wanted, "app_secret", app.secret);
    take_text(wanted, "verify_token", app.verify_token);
    take_text(wanted, "callback_url", app.callback_url);
    take_number(wanted, "webhook_version", app.webhook_version);
    if (wanted.contains("access_token") || wanted.contains("tokens")) app.tokens.clear();
    if (wanted.contains("access_token"))
        app.tokens.push_back(token_of(site, {{"token", text_at(wanted, "access_token")}}));
    for (const json::value& one : array_at(wanted, "tokens"))
        if (one.is_object()) app.tokens.push_back(token_of(site, one.as_object()));
}

void change_waba(Waba& waba, const json::object& wanted) {
    take_text(wanted, "app_id", waba.app_id);
    take_text(wanted, "name", waba.name);
    take_flag(wanted, "subscribed", waba.is_subscribed);
    take_text(wanted, "override_callback_url", waba.override_url);
}

void change_number(Number& number, const json::object& wanted) {
    take_text(wanted, "waba_id", number.waba_id);
    take_text(wanted, "display_phone_number", number.display);
    take_text(wanted, "verified_name", number.verified_name);
    take_text(wanted, "status", number.status);
    take_text(wanted, "quality_rating", number.quality);
    take_text(wanted, "name_status", number.name_status);
    take_text(wanted, "messaging_limit", number.messaging_limit);
    take_text(wanted, "edits_arrive_as", number.edits_arrive_as);
    take_text(wanted, "override_callback_url", number.override_url);
    take_flag(wanted, "coexistence", number.is_coexistence);
    take_flag(wanted, "pair_limit", number.has_pair_limit);
    if (wanted.contains("test_recipients")) number.test_recipients.clear();
    for (const json::value& one : array_at(wanted, "test_recipients"))
        if (one.is_string()) number.test_recipients.insert(digits_of(one.get_string()));
    if (wanted.contains("messages_per_second")) number.tokens_left = -1;
    take_number(wanted, "messages_per_second", number.messages_per_second);
}

void change_template(Site& site, Template& one, const json::object& wanted, bool is_new) {
    const std::string old_status = one.status;
    const std::string old_category = one.category;
    take_text(wanted, "waba_id", one.waba_id);
    take_text(wanted, "name", one.name);
    take_text(wanted, "language", one.language);
    take_text(wanted, "category", one.category);
    take_text(wanted, "status", one.status);
    take_text(wanted, "parameter_format", one.parameter_format);
    if (wanted.contains("components")) one.components = array_at(wanted, "components");
    const auto waba = site.world.wabas.find(one.waba_id);
    if (is_new || waba == site.world.wabas.end()) return;
    const json::object common{{"message_template_id", number_at({{"id", one.id}}, "id")},
                              {"message_template_name", one.name},
                              {"message_template_language", one.language}};
    if (one.status != old_status) {
        json::object value = common;
        value["event"] = one.status;
        value["message_template_category"] = one.category;
        value["reason"] = text_at(wanted, "reason").empty() ? "NONE" : text_at(wanted, "reason");
        tell_account(site, waba->second, "message_template_status_update", std::move(value));
    }
    if (one.category != old_category) {
        json::object value = common;
        value["previous_category"] = old_category;
        value["new_category"] = one.category;
        tell_account(site, waba->second, "template_category_update", std::move(value));
    }
}

void change_phone(Site& site, Phone& phone, const json::object& wanted) {
    take_text(wanted, "name", phone.name);
    take_text(wanted, "bsuid", phone.bsuid);
    take_text(wanted, "username", phone.username);
    take_number(wanted, "fails_with", phone.fails_with);
    for (const auto& [name, flag] : kPhoneFlags)
        take_flag(wanted, name, phone.*flag);
    for (const auto& [name, reads] : kReads)
        if (text_at(wanted, "reads") == name) phone.reads = reads;
    if (wanted.contains("aliases")) {
        phone.aliases.clear();
        for (const json::value& alias : array_at(wanted, "aliases"))
            if (alias.is_string()) phone.aliases.push_back(digits_of(alias.get_string()));
    }
    if (phone.name.empty()) phone.name = "+" + phone.wa_id;
    if (phone.bsuid.empty()) phone.bsuid = new_bsuid(phone.wa_id);
    if (flag_at(wanted, "online")) deliver_waiting(site, phone);
}

json::object show(const App& app) {
    json::array tokens;
    for (const Token& token : app.tokens) {
        json::object one{{"token", token.text},
                         {"permissions", json::array(token.permissions.begin(), token.permissions.end())}};
        if (token.expires_at) one["expires_at"] = to_rfc3339(*token.expires_at);
        tokens.emplace_back(std::move(one));
    }
    return {{"id", app.id},
            {"name", app.name},
            {"app_secret", app.secret},
            {"callback_url", app.callback_url},
            {"verify_token", app.verify_token},
            {"webhook_version", app.webhook_version},
            {"tokens", std::move(tokens)}};
}

json::object show(const Waba& waba) {
    return {{"id", waba.id},
            {"app_id", waba.app_id},
            {"name", waba.name},
            {"subscribed", waba.is_subscribed},
            {"override_callback_url", waba.override_url}};
}

json::object show(const Number& number) {
    return {{"id", number.id},
            {"waba_id", number.waba_id},
            {"display_phone_number", number.display},
            {"verified_name", number.verified_name},
            {"status", number.status},
            {"quality_rating", number.quality},
            {"name_status", number.name_status},
            {"messaging_limit", number.messaging_limit},
            {"messages_per_second", number.messages_per_second},
            {"coexistence", number.is_coexistence},
            {"pair_limit", number.has_pair_limit},
            {"test_recipients", json::array(number.test_recipients.begin(), number.test_recipients.end())},
            {"edits_arrive_as", number.edits_arrive_as},
            {"override_callback_url", number.override_url}};
}

json::object show(const Template& one) {
    json::object out = template_object(one);
    out["waba_id"] = one.waba_id;
    return out;
}

json::object show(const Phone& phone) {
    json::object out{{"wa_id", phone.wa_id},
                     {"name", phone.name},
                     {"bsuid", phone.bsuid},
                     {"username", phone.username},
                     {"aliases", json::array(phone.aliases.begin(), phone.aliases.end())},
                     {"fails_with", phone.fails_with}};
    for (const auto& [name, flag] : kPhoneFlags)
        out[name] = phone.*flag;
    for (const auto& [name, reads] : kReads)
        if (phone.reads == reads) out["reads"] = name;
    return out;
}

}  // namespace okno::sim::whatsapp
