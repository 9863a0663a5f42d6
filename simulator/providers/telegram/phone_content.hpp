// The content of a message that a person's app makes: text, files, places, cards.
#pragma once

#include "providers/telegram/phones.hpp"

namespace okno::sim::telegram {

// Who acts, and in which chat.
struct Scene {
    Site& site;
    Bot& bot;
    ChatKey key;
    const Person& author;
    const json::object& wish;
    bool is_business() const { return !key.connection.empty(); }
};

using Content = std::expected<json::object, NotPossible>;

bool is_content(std::string_view type);
// The members of the message; `type` is one that is_content knows.
Content content_of(Scene& scene, const std::string& type);
// The author's own number, as a button of a keyboard asks for it.
Content own_card(const Scene& scene);

}  // namespace okno::sim::telegram
