#include "providers/vk/world.hpp"

#include <algorithm>

namespace okno::sim::vk {

CallbackServer* Group::server(std::int64_t server_id) {
    const auto found = std::ranges::find(servers, server_id, &CallbackServer::id);
    return found == servers.end() ? nullptr : &*found;
}

Message* Conversation::message(std::int64_t number) {
    const auto found = std::ranges::find(messages, number, &Message::number);
    return found == messages.end() ? nullptr : &*found;
}

const File* World::file_by_link(std::string_view link) const {
    const auto found = std::ranges::find(files, link, &File::link);
    return found == files.end() ? nullptr : &*found;
}

}  // namespace okno::sim::vk
