#include "providers/viber/account.hpp"

#include "core/reading.hpp"
#include "providers/viber/chats.hpp"
#include "providers/viber/message_rules.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::viber {

namespace {

constexpr std::array<std::string_view, 7> kEventTypes{
    "delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started", "client_status"};
constexpr std::size_t kMostOnline = 100;
constexpr std::size_t kMostDetails = 2;
constexpr auto kDetailsFor = 12h;

json::array listed(const Bot& bot) { return json::array(bot.event_types.begin(), bot.event_types.end()); }

}  // namespace

Answer account_info(Site& site, const Call& call) {
    const Bot& bot = *call.bot;
    std::int64_t subscribers = 0;
    for (const auto& [names, chat] : site.world.chats)
        if (names.first == bot.uri && chat.is_subscribed) ++subscribers;
    json::object out{{"id", "pa:" + bot.uri}, {"name", bot.name},       {"uri", bot.uri},
                     {"country", "RU"},       {"webhook", bot.webhook}, {"subscribers_count", subscribers}};
    if (!bot.webhook.empty()) out["event_types"] = listed(bot);
    return out;
}

Answer user_details(Site& site, const Call& call) {
    const std::string id = text_at(call.body, "id");
    if (id.empty()) return std::unexpected(Status::missing_data);
    Person* person = site.world.person_by_id(id);
    if (person == nullptr || !person->is_registered) return std::unexpected(Status::receiver_not_registered);
    if (!chat_of(site, *call.bot, *person).is_subscribed) return std::unexpected(Status::receiver_not_subscribed);
    auto& asked = person->asked_details_at;
    while (!asked.empty() && site.now() - asked.front() >= kDetailsFor)
        asked.pop_front();
    if (asked.size() >= kMostDetails) return std::unexpected(Status::too_many_requests);
    asked.push_back(site.now());
    return json::object{{"user", json::object{{"id", person->id},
                                              {"name", person->name},
                                              {"language", person->language},
                                              {"country", person->country},
                                              {"api_version", person->api_version}}}};
}

Answer online(Site& site, const Call& call) {
    const json::array& ids = array_at(call.body, "ids");
    if (ids.empty()) return std::unexpected(Status::missing_data);
    if (ids.size() > kMostOnline) return std::unexpected(Status::bad_data);
    json::array users;
    for (const json::value& one : ids) {
        const Person* person = one.is_string() ? site.world.person_by_id(one.get_string()) : nullptr;
        users.push_back(json::object{{"id", one},
                                     {"online_status", person == nullptr   ? 3
                                                       : person->is_online ? 0
                                                                           : 1},
                                     {"online_status_message", person == nullptr ? "tryLater" : "online"}});
    }
    return json::object{{"users", std::move(users)}};
}

std::optional<Status> check_webhook(const Call& call) {
    const json::value* url = call.body.if_contains("url");
    if (url == nullptr || !url->is_string()) return Status::missing_data;
    if (url->get_string().empty()) return std::nullopt;
    if (!is_public_address(url->get_string())) return Status::invalid_url;
    for (const json::value& one : array_at(call.body, "event_types")) {
        const bool is_known =
            one.is_string() && std::ranges::find(kEventTypes, std::string_view(one.get_string())) != kEventTypes.end();
        if (!is_known) return Status::bad_data;
    }
    return std::nullopt;
}

json::object keep_webhook(Bot& bot, const json::object& wanted) {
    bot.webhook = text_at(wanted, "url");
    bot.event_types.clear();
    for (const json::value& one : array_at(wanted, "event_types"))
        bot.event_types.emplace(one.get_string());
    bot.sends_name = flag_at(wanted, "send_name");
    bot.sends_photo = flag_at(wanted, "send_photo");
    return bot.webhook.empty() ? json::object() : json::object{{"event_types", listed(bot)}};
}

}  // namespace okno::sim::viber
