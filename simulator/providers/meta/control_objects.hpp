// Apps, accounts and people as the control API makes, changes and shows them.
#pragma once

#include "base/json.hpp"
#include "providers/meta/site.hpp"

#include <string>

namespace okno::sim::meta {

// Change what is named. Empty, or what is wrong.
std::string change_app(App& app, const JsonView& wanted);
std::string change_account(const Site& site, Account& account, const JsonView& wanted);
std::string change_person(const Site& site, Person& person, const JsonView& wanted);

json::object shown(const App& app);
json::object shown(const Account& account);
json::object shown(const Person& person);

}  // namespace okno::sim::meta
