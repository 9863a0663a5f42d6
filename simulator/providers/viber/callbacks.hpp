// Callbacks on their way to a bot's webhook: signed, repeated while they are not answered 200.
#pragma once

#include "net/server.hpp"
#include "providers/viber/site.hpp"

#include <functional>

namespace okno::sim::viber {

std::int64_t new_token(Site& site);

// {"event", "timestamp", "message_token", "chat_hostname"} with `more` beside them.
json::object callback_of(Site& site, std::string_view event, std::int64_t token, json::object more);

// Tells the bot, if it wants events of this kind. `answered` gets the body of the 200, with the lock held.
void tell(Site& site, const Bot& bot, const json::object& callback,
          std::function<void(const std::string& body)> answered = {});

// What set_webhook waits for: true when `url` answered 200. It is signed with the bot's token too.
void try_webhook(Site& site, const Bot& bot, const std::string& url, std::function<void(bool)> done);

// As Viber tells of a person: what the bot asked not to be told is left out.
json::object person_object(const Bot& bot, const Person& person);

}  // namespace okno::sim::viber
