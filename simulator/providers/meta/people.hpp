// What people do in Messenger and Instagram.
#pragma once

#include "providers/meta/site.hpp"

#include <expected>

namespace okno::sim::meta {

using Done = std::expected<json::object, std::string>;

// A message, a press, an opened link, an edit, a reaction; see README.md. The error is a sentence.
Done act(Site& site, Person& person, const json::object& wish);
// Everything the account wrote is read.
void read_all(Site& site, Person& person);
// A message written by hand in Meta's own inbox, or by another app.
Done answer_by_hand(Site& site, Person& person, const json::object& wish);
// Another app leads the conversation from now on; empty: ours again.
void set_leader(Site& site, Person& person, const std::string& app);

}  // namespace okno::sim::meta
