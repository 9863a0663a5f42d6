#include "providers/max/world.hpp"

#include <algorithm>

namespace okno::sim::max {

Message* Dialog::message(std::string_view mid) {
    const auto found = std::ranges::find(messages, mid, &Message::mid);
    return found == messages.end() ? nullptr : &*found;
}

Dialog& World::dialog(std::int64_t bot, std::int64_t person) {
    Dialog& found = dialogs[{bot, person}];
    if (found.chat == 0) found.chat = ++last_chat;
    return found;
}

File* World::file_by_token(std::string_view token) {
    const auto found = std::ranges::find(files, token, &File::token);
    return found == files.end() ? nullptr : &*found;
}

const File* World::file_by_link(std::string_view link) const {
    const auto found = std::ranges::find(files, link, &File::link);
    return found == files.end() ? nullptr : &*found;
}

}  // namespace okno::sim::max
