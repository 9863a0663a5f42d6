#include "providers/telegram/destination.hpp"

#include <algorithm>
#include <cmath>

namespace okno::sim::telegram {

namespace {

constexpr double kChatRate = 1;
constexpr double kChatBurst = 5;
constexpr auto kBusinessWindow = 24h;

std::expected<ChatKey, Refusal> find_business_chat(Site& site, Call& call, std::int64_t person, const std::string& id,
                                                   std::string_view right) {
    const auto found = site.world.connections.find(id);
    if (found == site.world.connections.end() || found->second.bot != call.bot->id)
        return std::unexpected(bad_request("business connection not found"));
    const Connection& connection = found->second;
    if (!connection.is_enabled) return std::unexpected(bad_request("BUSINESS_CONNECTION_INVALID"));
    if (!flag_at(connection.rights, right))
        return std::unexpected(bad_request("not enough rights to act for the business account"));
    const ChatKey key{call.bot->id, person, id};
    const Chat* chat = site.world.chat(key);
    if (chat == nullptr) return std::unexpected(bad_request("chat not found"));
    const bool is_recent = chat->last_from_person && site.now() < *chat->last_from_person + kBusinessWindow;
    if (!is_recent) return std::unexpected(bad_request("BUSINESS_PEER_USAGE_MISSING"));
    return key;
}

struct Bucket {
    double& left;
    std::int64_t& at_ms;
    double rate;
    double burst;
};

void refill(Bucket bucket, std::int64_t now_ms) {
    if (bucket.left < 0)
        bucket.left = bucket.burst;
    else
        bucket.left =
            std::min(bucket.burst, bucket.left + bucket.rate * static_cast<double>(now_ms - bucket.at_ms) / 1000.0);
    bucket.at_ms = now_ms;
}

// Seconds until so many can be taken; 0: now. An album larger than the burst goes when the bucket is full.
std::int64_t wait_for(const Bucket& bucket, double count) {
    const double missing = std::min(count, bucket.burst) - bucket.left;
    return missing <= 0 ? 0 : std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(missing / bucket.rate)));
}

}  // namespace

std::expected<ChatKey, Refusal> find_chat(Site& site, Call& call, std::string_view right) {
    const std::string given = call.text("chat_id");
    if (given.empty()) return std::unexpected(bad_request("chat_id is empty"));
    const std::int64_t id = call.number("chat_id");
    call.entry["chat"] = id == 0 ? json::value(given) : json::value(id);
    const Person* person = site.world.person(id);
    if (const std::string connection = call.text("business_connection_id"); !connection.empty())
        return find_business_chat(site, call, id, connection, right);
    if (site.world.bot(id) != nullptr) return std::unexpected(forbidden("bot can't send messages to bots"));
    if (person == nullptr) return std::unexpected(bad_request("chat not found"));
    if (person->is_deactivated) return std::unexpected(forbidden("user is deactivated"));
    const ChatKey key{call.bot->id, id, ""};
    const Chat* chat = site.world.chat(key);
    if (chat == nullptr || !chat->is_started)
        return std::unexpected(forbidden("bot can't initiate conversation with a user"));
    if (chat->is_blocked) return std::unexpected(forbidden("bot was blocked by the user"));
    return key;
}

Problem check_rates(Site& site, Bot& bot, const ChatKey& key, std::int64_t count) {
    const auto messages = static_cast<double>(count);
    const auto per_second = static_cast<double>(std::max<std::int64_t>(1, bot.messages_per_second));
    Chat& chat = site.world.chats[key];
    const Bucket of_bot{bot.tokens_left, bot.tokens_at_ms, per_second, per_second};
    const Bucket of_chat{chat.tokens_left, chat.tokens_at_ms, kChatRate, kChatBurst};
    refill(of_bot, site.pace_ms());
    refill(of_chat, site.pace_ms());
    const std::int64_t wait =
        std::max(wait_for(of_bot, messages), bot.has_chat_limit ? wait_for(of_chat, messages) : 0);
    if (wait > 0) return too_many_requests(wait);
    of_bot.left = std::max(0.0, of_bot.left - messages);
    of_chat.left = std::max(0.0, of_chat.left - messages);
    return std::nullopt;
}

}  // namespace okno::sim::telegram
