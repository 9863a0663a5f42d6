// Posts updates to the bot's webhook, and setWebhook, deleteWebhook, getWebhookInfo.
#pragma once

#include "providers/telegram/call.hpp"

namespace okno::sim::telegram {

// Sends the first update of every queue that is free, as far as `max_connections` allows.
void pump(Site& site, Bot& bot);

Answer set_webhook(Site& site, Call& call);
Answer delete_webhook(Site& site, Call& call);
Answer webhook_info(Site& site, Call& call);
// Takes the list the bot asks for; absent: it stays as it was.
Problem take_allowed_updates(const Call& call);

}  // namespace okno::sim::telegram
