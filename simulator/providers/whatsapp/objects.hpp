// Apps, accounts, numbers, templates and phones as the control API writes and shows them.
#pragma once

#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// Each takes the members that are there and leaves the others as they are.
void change_app(Site& site, App& app, const json::object& wanted);
void change_waba(Waba& waba, const json::object& wanted);
void change_number(Number& number, const json::object& wanted);
// Tells a changed status or category by webhook when the template is not new.
void change_template(Site& site, Template& one, const json::object& wanted, bool is_new);
// Delivers what waited when the phone comes online.
void change_phone(Site& site, Phone& phone, const json::object& wanted);

json::object show(const App& app);
json::object show(const Waba& waba);
json::object show(const Number& number);
json::object show(const Template& one);
json::object show(const Phone& phone);

}  // namespace okno::sim::whatsapp
