// What a customer's phone does, and what the business does on its own phone (coexistence).
#pragma once

#include "providers/whatsapp/site.hpp"

#include <expected>

namespace okno::sim::whatsapp {

// A wish of the control API that cannot be granted: status and sentence.
struct NotPossible {
    int status = 400;
    std::string why;
};

// Writes, presses, reacts, edits or deletes, as `wish` says (README.md lists the kinds); the new wamid.
std::expected<std::string, NotPossible> act_on_phone(Site& site, Phone& phone, Number& number,
                                                     const json::object& wish);
// Somebody of the business writes, edits or deletes in the Business app.
std::expected<std::string, NotPossible> act_in_business_app(Site& site, Number& number, const json::object& wish);

}  // namespace okno::sim::whatsapp
