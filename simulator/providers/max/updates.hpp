// Updates on their way: subscriptions with repetitions, and long polling.
#pragma once

#include "providers/max/call.hpp"

namespace okno::sim::max {

Answer list_subscriptions(Site& site, const Call& call);
Answer subscribe(Site& site, const Call& call);
Answer unsubscribe(Site& site, const Call& call);

// Tells whoever is subscribed to this type; without any subscription it is kept for long polling.
void tell(Site& site, Bot& bot, const std::string& type, json::object members);

// Answers GET /updates, now or when something comes. A refusal is the answer.
std::optional<Refusal> answer_question(Site& site, const Call& call, const net::Respond& respond);

}  // namespace okno::sim::max
