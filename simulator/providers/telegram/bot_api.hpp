// The Bot API's doors: `/bot<token>/<Method>` and `/file/bot<token>/<path>`.
#pragma once

#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

bool is_bot_api(std::string_view path);
// Takes the site's lock itself.
void answer_bot_api(Site& site, net::ServerRequest request, net::Respond respond);

}  // namespace okno::sim::telegram
