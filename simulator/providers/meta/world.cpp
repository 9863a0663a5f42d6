#include "providers/meta/world.hpp"

#include <algorithm>

namespace okno::sim::meta {

Message* Person::message(std::string_view mid) {
    const auto found = std::ranges::find(messages, mid, &Message::mid);
    return found == messages.end() ? nullptr : &*found;
}

Account* World::account(std::string_view id) {
    const auto found = accounts.find(id);
    return found == accounts.end() ? nullptr : &found->second;
}

Person* World::person(std::string_view id) {
    const auto found = people.find(id);
    return found == people.end() ? nullptr : &found->second;
}

const File* World::file_by_id(std::string_view id) const {
    const auto found = std::ranges::find(files, id, &File::id);
    return found == files.end() ? nullptr : &*found;
}

const File* World::file_by_link(std::string_view link) const {
    const auto found = std::ranges::find(files, link, &File::link);
    return found == files.end() ? nullptr : &*found;
}

}  // namespace okno::sim::meta
