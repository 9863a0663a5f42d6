#include "providers/meta/control_objects.hpp"

namespace okno::sim::meta {

std::string change_app(App& app, const JsonView& wanted) {
    app.secret = wanted["app_secret"].text_or(app.secret);
    app.may_human_agent = wanted["human_agent"].boolean().value_or(app.may_human_agent);
    app.is_live = wanted["live"].boolean().value_or(app.is_live);
    return {};
}

std::string change_account(const Site& site, Account& account, const JsonView& wanted) {
    account.object = wanted["object"].text_or(account.object);
    if (account.object != "page" && account.object != "instagram") return "an account is a page or instagram";
    account.name = wanted["name"].text_or(account.name);
    account.username = wanted["username"].text_or(account.username);
    account.page_id = wanted["page_id"].text_or(account.page_id);
    account.app_id = wanted["app_id"].text_or(account.app_id);
    if (!site.world.apps.contains(account.app_id)) return "an account needs an app_id of an app";
    account.is_restricted = wanted["restricted"].boolean().value_or(account.is_restricted);
    account.is_main_app = wanted["main_app"].boolean().value_or(account.is_main_app);
    account.tells_mids = wanted["tells_mids"].boolean().value_or(account.tells_mids);
    account.sends_per_second = wanted["sends_per_second"].integer().value_or(account.sends_per_second);
    if (const auto payload = wanted["get_started"].text()) account.get_started = *payload;
    if (const auto token = wanted["access_token"].text()) account.tokens = {*token};
    return {};
}

std::string change_person(const Site& site, Person& person, const JsonView& wanted) {
    person.account_id = wanted["account"].text_or(person.account_id);
    if (!site.world.accounts.contains(person.account_id)) return "a person needs the account that knows them";
    person.first_name = wanted["first_name"].text_or(person.first_name);
    person.last_name = wanted["last_name"].text_or(person.last_name);
    person.username = wanted["username"].text_or(person.username);
    person.is_unreachable = wanted["unreachable"].boolean().value_or(person.is_unreachable);
    person.has_role = wanted["role"].boolean().value_or(person.has_role);
    return {};
}

json::object shown(const App& app) {
    json::object callbacks;
    for (const auto& [object, callback] : app.callbacks)
        callbacks[object] = callback.url;
    return {{"id", app.id},
            {"human_agent", app.may_human_agent},
            {"live", app.is_live},
            {"callbacks", std::move(callbacks)}};
}

json::object shown(const Account& account) {
    return {{"id", account.id},
            {"object", account.object},
            {"name", account.name},
            {"username", account.username},
            {"page_id", account.page_id},
            {"app_id", account.app_id},
            {"fields", json::array(account.fields.begin(), account.fields.end())},
            {"get_started", account.get_started},
            {"restricted", account.is_restricted}};
}

json::object shown(const Person& person) {
    return {{"id", person.id},
            {"account", person.account_id},
            {"first_name", person.first_name},
            {"last_name", person.last_name},
            {"username", person.username},
            {"unreachable", person.is_unreachable},
            {"leader", person.leader}};
}

}  // namespace okno::sim::meta
