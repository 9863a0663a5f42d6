// Users, messages and attachments as MAX writes them, and files that are in them.
#pragma once

#include "providers/max/site.hpp"

namespace okno::sim::max {

json::object user_object(const Person& person);
json::object user_object(const Bot& bot);
json::object body_object(const Message& message);
json::object message_object(const Bot& bot, const Person& person, const Dialog& dialog, const Message& message);

// Appends a message with a number and a time of its own.
Message& append_message(Site& site, Dialog& dialog, bool from_bot);

// Gives it an id, token and address.
File& add_file(Site& site, File file);
json::object attachment_of(const Site& site, const File& file);

std::int64_t millis_now(const Site& site);

}  // namespace okno::sim::max
