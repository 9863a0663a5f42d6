// How fast a number may send: in all, and to one person.
#pragma once

#include "providers/whatsapp/world.hpp"

namespace okno::sim::whatsapp {

// A bucket of one second's worth; false: Meta answers 130429. `now_ms` is monotonic.
bool take_throughput(Number& number, std::int64_t now_ms);
// Inbound messages count towards the same throughput but are never refused.
void count_inbound(Number& number, std::int64_t now_ms);
// One message in 6 s, or up to 45 within 6 s that must be paid for by silence afterwards; false: 131056.
bool may_send_to_pair(Chat& chat, std::int64_t now_ms);

}  // namespace okno::sim::whatsapp
