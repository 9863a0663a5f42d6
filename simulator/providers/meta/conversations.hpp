// Messages of both sides, and files.
#pragma once

#include "providers/meta/site.hpp"

namespace okno::sim::meta {

// Appends a message to the person's conversation; `message` without its id, number and time.
Message& append(Site& site, const Account& account, Person& person, Message message);

const File& add_file(Site& site, File file);
// Where the bytes are.
std::string address_of(const Site& site, const File& file);

// The account that a person writes to.
Account& account_of(Site& site, const Person& person);

}  // namespace okno::sim::meta
