// What people do in VK, and what they see there.
#pragma once

#include "providers/vk/site.hpp"

#include <expected>

namespace okno::sim::vk {

// A message, a press, an edit; see README.md. The error is a sentence.
std::expected<json::object, std::string> act(Site& site, Group& group, Person& person, const json::object& wish);
// Everything the community wrote is read.
void read_all(Site& site, Group& group, const Person& person);
void allow(Site& site, Group& group, const Person& person, const std::string& key);
void deny(Site& site, Group& group, const Person& person);
// A message written by hand in VK by somebody of the community.
std::expected<json::object, std::string> answer_by_hand(Site& site, Group& group, const Person& person,
                                                        const json::object& wish);
json::object chat_of(Site& site, const Group& group, const Person& person);

}  // namespace okno::sim::vk
