// Create, change, show and remove: the same five verbs for every kind of object of the world.
#pragma once

#include "core/answer.hpp"
#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

bool is_object_kind(std::string_view what);
// `id` empty: the whole list, or a new one.
net::ServerReply answer_objects(Site& site, std::string_view method, std::string_view what, const std::string& id,
                                const json::object& body);
// The lists of a world document; empty, or what is wrong.
std::string create_objects(Site& site, const json::object& world);
json::object show_world(const Site& site);

}  // namespace okno::sim::whatsapp
