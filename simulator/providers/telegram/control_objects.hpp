// Bots, people and business connections as the control API writes and shows them.
#pragma once

#include "core/answer.hpp"
#include "providers/telegram/control.hpp"

namespace okno::sim::telegram {

bool is_object_kind(std::string_view what);
// `id` empty: the whole list, or a new one.
net::ServerReply answer_objects(Site& site, std::string_view method, std::string_view what, const std::string& id,
                                const json::object& body);

}  // namespace okno::sim::telegram
