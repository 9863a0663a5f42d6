// POST /{phone_number_id}/messages: refuses what Meta refuses, accepts the rest and starts it on its way.
#pragma once

#include "core/answer.hpp"
#include "providers/whatsapp/site.hpp"

namespace okno::sim::whatsapp {

// `entry` is the journal's line about this request; gets wamid, to, type and code.
net::ServerReply send_message(Site& site, Number& number, const json::object& body, json::object& entry);

}  // namespace okno::sim::whatsapp
