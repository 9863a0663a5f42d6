// Who calls the Graph API, and what the token lets them touch.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"
#include "providers/whatsapp/site.hpp"

#include <expected>

namespace okno::sim::whatsapp {

struct Caller {
    const App* app = nullptr;
    const Token* token = nullptr;  // null: an app token (APP_ID|APP_SECRET)
};

std::expected<Caller, Refusal> identify(const Site& site, const net::ServerRequest& request);
// Empty when the token carries the permission.
std::optional<Refusal> require_permission(const Caller& caller, std::string_view permission);
// The object Meta pretends not to know: there is none, or the caller may not see it.
Refusal unknown_object(std::string_view id, std::string_view method);

bool may_touch(const Site& site, const Caller& caller, const Waba& waba);
bool may_touch(const Site& site, const Caller& caller, const Number& number);

}  // namespace okno::sim::whatsapp
