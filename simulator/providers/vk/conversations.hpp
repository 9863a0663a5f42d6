// Messages of both sides as VK keeps and shows them.
#pragma once

#include "providers/vk/site.hpp"

namespace okno::sim::vk {

// The conversation of a community with a person, made when there is none.
Conversation& conversation_of(Site& site, std::int64_t group, std::int64_t person);

// Appends a message with the members every message has; `more` overrides them.
Message& append_message(Site& site, Group& group, const Person& person, bool from_group, const std::string& text,
                        json::object more);

// {"client_info", "message"} of message_new.
json::object new_message_object(const Person& person, const Message& message);

// A file and the attachment that names it.
const File& add_file(Site& site, File file);
json::object attachment_of(const Site& site, const File& file);
// "photo-190000001_57_ab12", "doc-190000001_58"
std::string name_of(const File& file);
const File* file_named(const Site& site, std::string_view name);

}  // namespace okno::sim::vk
