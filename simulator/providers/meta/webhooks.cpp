#include "providers/meta/webhooks.hpp"

namespace okno::sim::meta {

namespace {

// An account of Instagram that is joined with a Page is told of when the Page is subscribed; then all fields of the app
// come.
bool is_wanted(const Site& site, const Account& account, const std::string& field) {
    if (account.page_id.empty()) return account.fields.contains(field);
    const auto page = site.world.accounts.find(account.page_id);
    return page != site.world.accounts.end() && !page->second.fields.empty();
}

void post(Site& site, const Account& account, const std::string& field, const char* list, json::object record,
          json::object about) {
    const auto app = site.world.apps.find(account.app_id);
    if (app == site.world.apps.end() || !is_wanted(site, account, field)) return;
    const auto callback = app->second.callbacks.find(account.object);
    Update update;
    if (callback != app->second.callbacks.end()) update.url = callback->second.url;
    update.secret = app->second.secret;
    update.entry_id = account.id;
    update.field = field;
    update.object = account.object;
    update.list = list;
    update.value = std::move(record);
    about["provider"] = "meta";
    about["field"] = field;
    about["account"] = account.id;
    update.about = std::move(about);
    site.core.webhooks.send(std::move(update));
}

json::object between(const std::string& sender, const std::string& recipient, Timestamp at, json::object record) {
    json::object out{{"sender", json::object{{"id", sender}}},
                     {"recipient", json::object{{"id", recipient}}},
                     {"timestamp", to_millis(at)}};
    for (auto& [name, value] : record)
        out[name] = value;
    return out;
}

}  // namespace

void tell(Site& site, const Account& account, const Person& person, const std::string& field, json::object record,
          json::object about) {
    const char* list = person.leader.empty() ? "messaging" : "standby";
    about["person"] = person.id;
    post(site, account, field, list, between(person.id, account.id, site.now(), std::move(record)), std::move(about));
}

void tell_echo(Site& site, const Account& account, const Person& person, json::object record, json::object about) {
    about["person"] = person.id;
    post(site, account, account.is_instagram() ? "messages" : "message_echoes", "messaging",
         between(account.id, person.id, site.now(), std::move(record)), std::move(about));
}

void tell_account(Site& site, const Account& account, const std::string& field, json::object record) {
    record["recipient"] = json::object{{"id", account.id}};
    record["timestamp"] = to_millis(site.now());
    post(site, account, field, "messaging", std::move(record), {{"what", field}});
}

json::object message_of(const Message& message) {
    json::object out{{"mid", message.mid}};
    if (!message.text.empty()) out["text"] = message.text;
    for (const char* name : {"attachments", "quick_reply", "referral", "is_unsupported"})
        if (const json::value* found = message.body.if_contains(name)) out[name] = *found;
    json::object reply =
        message.body.contains("story") ? json::object{{"story", message.body.at("story")}} : json::object{};
    if (!message.reply_to.empty()) reply["mid"] = message.reply_to;
    if (!reply.empty()) out["reply_to"] = std::move(reply);
    if (!message.from_account) return out;
    out["is_echo"] = true;
    if (!message.app_id.empty()) out["app_id"] = message.app_id;
    if (!message.metadata.empty()) out["metadata"] = message.metadata;
    return out;
}

}  // namespace okno::sim::meta
