#include "providers/viber/send.hpp"

#include "core/reading.hpp"
#include "providers/viber/callbacks.hpp"
#include "providers/viber/chats.hpp"
#include "providers/viber/message_rules.hpp"

#include <algorithm>

namespace okno::sim::viber {

namespace {

constexpr std::size_t kMostBody = 30'000;
constexpr std::size_t kMostUnanswered = 100;
constexpr auto kUnansweredFor = 1h;
constexpr std::size_t kMostRecipients = 300;

// Whether this person takes it; in the order in which Viber would find out.
std::optional<Status> check_receiver(Site& site, const Call& call, const Person* person) {
    if (person == nullptr || !person->is_registered) return Status::receiver_not_registered;
    Chat& chat = chat_of(site, *call.bot, *person);
    if (!chat.is_subscribed) return Status::receiver_not_subscribed;
    if (!person->has_suitable_device) return Status::no_suitable_device;
    if (!person->is_country_supported) return Status::unsupported_country;
    if (number_at(call.body, "min_api_version", 1) > person->api_version) return Status::api_version_not_supported;
    while (!chat.unanswered_at.empty() && site.now() - chat.unanswered_at.front() >= kUnansweredFor)
        chat.unanswered_at.pop_front();
    if (chat.unanswered_at.size() >= kMostUnanswered) return Status::too_many_requests;
    return std::nullopt;
}

// What it costs: 1 inside the session, 2 one of the free ones, 3 charged.
std::expected<int, Status> bill(Site& site, Bot& bot, const Chat& chat) {
    if (chat.session_ends && site.now() < *chat.session_ends) return 1;
    if (bot.free_messages > 0) {
        --bot.free_messages;
        return 2;
    }
    if (!bot.pays) return std::unexpected(Status::free_messages_exceeded);
    if (!bot.has_balance) return std::unexpected(Status::no_balance);
    return 3;
}

struct Sent {
    std::int64_t token = 0;
    int billing = 0;
};

std::expected<Sent, Status> send_to(Site& site, const Call& call, const std::string& receiver) {
    Person* person = site.world.person_by_id(receiver);
    if (const auto wrong = check_receiver(site, call, person)) return std::unexpected(*wrong);
    Chat& chat = chat_of(site, *call.bot, *person);
    const auto billing = bill(site, *call.bot, chat);
    if (!billing) return std::unexpected(billing.error());
    Message message;
    message.token = new_token(site);
    message.body = call.body;
    message.body.erase("auth_token");
    message.body.erase("broadcast_list");
    message.at = site.now();
    const std::int64_t token = message.token;
    chat.messages.push_back(std::move(message));
    chat.unanswered_at.push_back(site.now());
    show_later(site, *call.bot, *person, token);
    return Sent{token, *billing};
}

std::optional<Status> check_form(const Call& call) {
    if (call.size > kMostBody) return Status::bad_data;
    return check_message(call.body);
}

}  // namespace

Answer send_message(Site& site, const Call& call) {
    const std::string receiver = text_at(call.body, "receiver");
    if (receiver.empty()) return std::unexpected(Status::missing_data);
    if (const auto wrong = check_form(call)) return std::unexpected(*wrong);
    const auto sent = send_to(site, call, receiver);
    if (!sent) return std::unexpected(sent.error());
    return json::object{{"message_token", sent->token}, {"billing_status", sent->billing}};
}

Answer broadcast_message(Site& site, const Call& call) {
    const json::array& list = array_at(call.body, "broadcast_list");
    if (list.empty()) return std::unexpected(Status::missing_data);
    if (list.size() > kMostRecipients) return std::unexpected(Status::bad_data);
    if (const auto wrong = check_form(call)) return std::unexpected(*wrong);
    json::array failed;
    for (const json::value& one : list) {
        const std::string receiver = one.is_string() ? std::string(one.get_string()) : std::string();
        const auto sent = send_to(site, call, receiver);
        if (!sent)
            failed.push_back(json::object{{"receiver", receiver},
                                          {"status", static_cast<int>(sent.error())},
                                          {"status_message", word_of(sent.error())}});
    }
    return json::object{{"message_token", new_token(site)}, {"failed_list", std::move(failed)}};
}

}  // namespace okno::sim::viber
