// Which price mark the statuses of a message carry.
#pragma once

#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// `category`: marketing, utility, authentication or service. Counts the service message towards the free ones.
json::object price_of(Site& site, Number& number, const Chat& chat, std::string_view category);

// The customer wrote within the last 24 hours.
bool is_window_open(const Chat& chat, Timestamp now);

}  // namespace okno::sim::whatsapp
