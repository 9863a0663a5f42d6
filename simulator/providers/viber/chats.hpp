// What stands in a chat, and what becomes of it on the person's phone.
#pragma once

#include "providers/viber/site.hpp"

namespace okno::sim::viber {

Chat& chat_of(Site& site, const Bot& bot, const Person& person);

// A message of the bot that Viber took: its file is fetched, then the phone shows it and tells of it; `fails_with` and
// a file that is not as it should be end in a `failed` callback.
void show_later(Site& site, const Bot& bot, const Person& person, std::int64_t token);

// The answer to `conversation_started`, if it is a message that may be shown; what is none is left out.
void show_welcome(Site& site, const Bot& bot, const Person& person, const std::string& body);

// The phone comes back: what waited for it arrives.
void deliver_waiting(Site& site, const Person& person);
// The chat is looked at: everything in it is seen.
void see_all(Site& site, const Bot& bot, const Person& person);

// Keeps bytes under an unguessable name, which it answers.
std::string add_file(Site& site, File file);

}  // namespace okno::sim::viber
