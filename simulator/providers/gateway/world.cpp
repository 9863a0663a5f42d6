#include "providers/gateway/world.hpp"

#include <algorithm>

namespace okno::sim::gateway {

Message* Chat::message(std::string_view id) {
    const auto found = std::ranges::find(messages, id, &Message::id);
    return found == messages.end() ? nullptr : &*found;
}

Person* World::person_of_chat(std::string_view chat) {
    const std::string digits(chat.substr(0, chat.find('@')));
    if (chat.ends_with("@lid")) {
        const auto hidden = std::ranges::find_if(people, [&](const auto& one) { return one.second.lid == digits; });
        return hidden == people.end() ? nullptr : &hidden->second;
    }
    const auto found = people.find(digits);
    return found == people.end() ? nullptr : &found->second;
}

}  // namespace okno::sim::gateway
