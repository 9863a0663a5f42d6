#include "providers/telegram/polling.hpp"

#include "providers/telegram/updates.hpp"
#include "providers/telegram/webhook.hpp"

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr std::int64_t kLongestWait = 50;
constexpr std::int64_t kMostUpdates = 100;

void answer(Site& site, json::object entry, const net::Respond& respond, const Answer& answer) {
    net::ServerReply reply = reply_of(answer);
    entry["status"] = reply.status;
    if (answer && answer->is_array()) {
        json::array ids;
        for (const json::value& update : answer->get_array())
            ids.push_back(update.at("update_id"));
        entry["updates"] = std::move(ids);
    } else if (!answer) {
        entry["code"] = answer.error().code;
        entry["description"] = answer.error().description;
    }
    site.core.journal.write("api", std::move(entry));
    respond(std::move(reply));
}

std::optional<Poll> take_poll(Site& site, std::int64_t bot) {
    auto node = site.polls.extract(bot);
    return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
}

}  // namespace

void answer_poll(Site& site, std::int64_t bot, json::value updates) {
    if (auto poll = take_poll(site, bot))
        answer(site, std::move(poll->entry), poll->respond, Answer(std::move(updates)));
}

void end_poll(Site& site, std::int64_t bot, const Refusal& why) {
    if (auto poll = take_poll(site, bot)) answer(site, std::move(poll->entry), poll->respond, std::unexpected(why));
}

void poll_updates(Site& site, Call call, net::Respond respond) {
    if (site.is_closing) return;
    Bot& bot = *call.bot;
    if (!bot.webhook.url.empty())
        return answer(site, std::move(call.entry), respond,
                      std::unexpected(Refusal{409,
                                              "Conflict: can't use getUpdates method while webhook is active; use "
                                              "deleteWebhook to delete the webhook first"}));
    if (const Problem wrong = take_allowed_updates(call))
        return answer(site, std::move(call.entry), respond, std::unexpected(*wrong));
    end_poll(site, bot.id,
             {409,
              "Conflict: terminated by other getUpdates request; make sure that only one bot "
              "instance is running"});
    if (const std::int64_t offset = call.number("offset"); offset != 0) confirm_updates(site, bot, offset);
    const std::int64_t limit = std::clamp<std::int64_t>(call.number("limit", kMostUpdates), 1, kMostUpdates);
    const std::int64_t wait = std::clamp<std::int64_t>(call.number("timeout"), 0, kLongestWait);
    json::array updates = waiting_updates(site, bot, limit);
    if (!updates.empty() || wait == 0) return answer(site, std::move(call.entry), respond, Answer(std::move(updates)));
    const std::uint64_t number = ++site.last_poll;
    site.polls[bot.id] = {std::move(respond), std::move(call.entry), limit, number};
    site.later(site.deadlines, std::chrono::seconds(wait), [number, id = bot.id](Site& later) {
        const auto poll = later.polls.find(id);
        if (poll != later.polls.end() && poll->second.number == number) answer_poll(later, id, json::array());
    });
}

}  // namespace okno::sim::telegram
