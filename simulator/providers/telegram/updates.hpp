// What the bot is told: updates wait in one queue a source, and leave by webhook or in answer to a poll.
//
// In a queue the next update is sent only after the one before it was taken or expired; different queues go side by
// side. So an update that fails holds up its own chat alone, and a press may overtake a message.
#pragma once

#include "providers/telegram/site.hpp"

namespace okno::sim::telegram {

// What to tell, and where it queues. `chat` is for faults and the journal.
struct News {
    std::string_view kind;
    json::value content;
    std::string queue;
    std::int64_t chat = 0;
    std::chrono::milliseconds life = 24h;
};

// The update_id; empty when the bot did not ask for this kind.
std::optional<std::int64_t> tell(Site& site, Bot& bot, News news);

bool wants(const Bot& bot, std::string_view kind);
std::int64_t pending_count(const Bot& bot);
void drop_pending(Bot& bot);
// The webhook has changed: what is under way means nothing any more, everything is sent anew.
void restart_webhook(Site& site, Bot& bot);
// Whether updates wait for a webhook or one is under way.
bool has_updates_under_way(const Site& site);
std::size_t release_held(Site& site, std::size_t count, bool backwards);

// Forgets updates before `offset` (negative: all but the last -offset), those that expired too.
void confirm_updates(Site& site, Bot& bot, std::int64_t offset);
// Waiting updates in the order of their ids.
json::array waiting_updates(Site& site, Bot& bot, std::int64_t limit);
// Answers the bot's poll, if one waits, when there is something to tell.
void wake_poll(Site& site, Bot& bot);

}  // namespace okno::sim::telegram
