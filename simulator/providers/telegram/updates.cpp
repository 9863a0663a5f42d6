#include "providers/telegram/updates.hpp"

#include "base/crypto.hpp"
#include "providers/telegram/polling.hpp"
#include "providers/telegram/webhook.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

// Not sent unless the bot asked for them by name.
constexpr std::string_view kUnasked[] = {"chat_member", "message_reaction", "message_reaction_count"};

// Grows by one, but begins anew at a random number after a week of silence.
std::int64_t next_update_id(Bot& bot, Timestamp now) {
    if (!bot.last_update_at || now - *bot.last_update_at > 7 * 24h) {
        std::uint32_t random = 0;
        random_bytes(&random, sizeof random);
        bot.last_update_id = 100'000'000 + random % 800'000'000;
    }
    bot.last_update_at = now;
    return ++bot.last_update_id;
}

void enqueue(Site& site, Bot& bot, Update update) {
    Queue& queue = bot.queues[update.queue];
    const bool is_first = queue.waiting.empty() && !queue.is_busy;
    if (is_first && !bot.webhook.url.empty()) bot.ready.push_back(update.queue);
    queue.waiting.push_back(std::move(update));
    pump(site, bot);
    wake_poll(site, bot);
}

template <typename Predicate>
void forget_updates(Bot& bot, Predicate is_done) {
    for (auto at = bot.queues.begin(); at != bot.queues.end();) {
        std::erase_if(at->second.waiting, is_done);
        at = at->second.waiting.empty() && !at->second.is_busy ? bot.queues.erase(at) : std::next(at);
    }
}

std::vector<const Update*> in_order(const Bot& bot) {
    std::vector<const Update*> all;
    for (const auto& [name, queue] : bot.queues)
        for (const Update& update : queue.waiting)
            all.push_back(&update);
    std::ranges::sort(all, {}, &Update::id);
    return all;
}

}  // namespace

bool wants(const Bot& bot, std::string_view kind) {
    if (!bot.allowed_updates.empty()) return bot.allowed_updates.contains(kind);
    return std::ranges::find(kUnasked, kind) == std::end(kUnasked);
}

std::optional<std::int64_t> tell(Site& site, Bot& bot, News news) {
    if (!wants(bot, news.kind)) return std::nullopt;
    Update update;
    update.id = next_update_id(bot, site.now());
    update.kind = news.kind;
    update.content = std::move(news.content);
    update.queue = std::move(news.queue);
    update.expires_at = site.now() + news.life;
    update.about = {
        {"provider", "telegram"}, {"what", news.kind}, {"id", update.id}, {"bot", bot.id}, {"chat", news.chat}};
    const std::int64_t id = update.id;
    if (site.core.faults.take("lost_webhook", update.about)) {
        site.core.journal.write("webhook_lost", {{"updates", json::array{update.about}}});
    } else if (site.core.faults.take("hold_webhooks", update.about)) {
        site.core.journal.write("webhook_held", {{"updates", json::array{update.about}}});
        bot.held.push_back(std::move(update));
    } else {
        enqueue(site, bot, std::move(update));
    }
    return id;
}

std::int64_t pending_count(const Bot& bot) {
    std::int64_t count = 0;
    for (const auto& [name, queue] : bot.queues)
        count += static_cast<std::int64_t>(queue.waiting.size());
    return count;
}

void drop_pending(Bot& bot) {
    bot.queues.clear();
    bot.ready.clear();
    bot.in_flight = 0;
    ++bot.epoch;
}

void restart_webhook(Site& site, Bot& bot) {
    ++bot.epoch;
    bot.in_flight = 0;
    bot.ready.clear();
    for (auto& [name, queue] : bot.queues) {
        queue.is_busy = false;
        bot.ready.push_back(name);
    }
    pump(site, bot);
}

bool has_updates_under_way(const Site& site) {
    return site.doubles_in_flight > 0 || std::ranges::any_of(site.world.bots, [](const auto& entry) {
               return !entry.second.webhook.url.empty() && pending_count(entry.second) > 0;
           });
}

std::size_t release_held(Site& site, std::size_t count, bool backwards) {
    std::vector<Update> freed;
    for (auto& [id, bot] : site.world.bots)
        while (!bot.held.empty() && (count == 0 || freed.size() < count)) {
            freed.push_back(std::move(bot.held.front()));
            bot.held.pop_front();
        }
    if (backwards) std::ranges::reverse(freed);
    const std::size_t size = freed.size();
    for (Update& update : freed)
        if (Bot* bot = site.world.bot(update.about.at("bot").to_number<std::int64_t>()))
            enqueue(site, *bot, std::move(update));
    return size;
}

void confirm_updates(Site& site, Bot& bot, std::int64_t offset) {
    const Timestamp now = site.now();
    forget_updates(bot, [&](const Update& update) { return now >= update.expires_at; });
    std::int64_t first = offset;
    if (offset < 0) {
        const auto all = in_order(bot);
        const auto kept = std::min(all.size(), static_cast<std::size_t>(-offset));
        first = all.empty() ? 0 : kept == 0 ? all.back()->id + 1 : all[all.size() - kept]->id;
    }
    forget_updates(bot, [&](const Update& update) { return update.id < first; });
}

json::array waiting_updates(Site& site, Bot& bot, std::int64_t limit) {
    confirm_updates(site, bot, 0);
    json::array out;
    for (const Update* update : in_order(bot)) {
        if (static_cast<std::int64_t>(out.size()) == limit) break;
        out.push_back(json::object{{"update_id", update->id}, {update->kind, update->content}});
    }
    return out;
}

void wake_poll(Site& site, Bot& bot) {
    if (!site.polls.contains(bot.id)) return;
    const json::array updates = waiting_updates(site, bot, site.polls.at(bot.id).limit);
    if (!updates.empty()) answer_poll(site, bot.id, json::value(updates));
}

}  // namespace okno::sim::telegram
