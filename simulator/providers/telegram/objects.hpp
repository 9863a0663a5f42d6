// People, chats, files and messages as the Bot API writes them.
#pragma once

#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

json::object user_object(const Person& person);
json::object user_object(const Bot& bot);
json::object chat_object(const Person& person);
// With what it answers and its buttons, as the bot of its chat sees it.
json::object message_object(Site& site, const Message& message);
json::object connection_object(Site& site, const Connection& connection);

// The members of a message that hold the file: `photo` with its sizes, `animation` with `document`, ...
struct FileDetails {
    std::string emoji;  // of a sticker
    std::string title;  // of music
    std::string performer;
    std::int64_t duration = 1;
};
json::object file_members(Site& site, std::int64_t bot, const File& file, const FileDetails& details);

}  // namespace okno::sim::telegram
