// The Send API: messages and actions of an account.
#pragma once

#include "providers/meta/errors.hpp"
#include "providers/meta/site.hpp"

namespace okno::sim::meta {

// `caller`: whose token it is; a Page writes for the Instagram account that is joined with it too.
Answer send(Site& site, Account& caller, const json::object& body);

// The person that `recipient` of a body names, if they are the caller's.
std::expected<Person*, Refusal> recipient_of(Site& site, const Account& caller, const json::object& body);

}  // namespace okno::sim::meta
