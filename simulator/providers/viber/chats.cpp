#include "providers/viber/chats.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "core/answer.hpp"
#include "core/reading.hpp"
#include "providers/viber/callbacks.hpp"
#include "providers/viber/message_rules.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::viber {

namespace {

Message* message_of(Chat& chat, std::int64_t token) {
    const auto found = std::ranges::find(chat.messages, token, &Message::token);
    return found == chat.messages.end() ? nullptr : &*found;
}

void tell_of_devices(Site& site, const Bot& bot, const Person& person, std::string_view event, std::int64_t token) {
    for (std::int64_t device = 0; device < std::max<std::int64_t>(1, person.devices); ++device)
        tell(site, bot, callback_of(site, event, token, {{"user_id", person.id}}));
}

void fail(Site& site, const Bot& bot, const Person& person, std::int64_t token, const std::string& why) {
    ++site.world.version;
    tell(site, bot, callback_of(site, "failed", token, {{"user_id", person.id}, {"desc", why}}));
}

// The newest message decides about the keyboard: one without takes it away.
void put_on_phone(Site& site, Chat& chat, Message& message) {
    message.is_shown = true;
    chat.keyboard = object_at(message.body, "keyboard");
    chat.tracking_data = text_at(message.body, "tracking_data");
    ++site.world.version;
}

void deliver(Site& site, const Bot& bot, const Person& person, Message& message) {
    if (message.is_delivered || message.from_person || message.is_welcome) return;
    message.is_delivered = true;
    ++site.world.version;
    tell_of_devices(site, bot, person, "delivered", message.token);
}

void arrive(Site& site, const Bot& bot, const Person& person, std::int64_t token) {
    Chat& chat = chat_of(site, bot, person);
    Message* message = message_of(chat, token);
    if (message == nullptr) return;
    if (!person.fails_with.empty()) return fail(site, bot, person, token, person.fails_with);
    put_on_phone(site, chat, *message);
    if (person.is_online) deliver(site, bot, person, *message);
}

// What is there still when an answer comes.
struct Meant {
    Bot* bot;
    Person* person;
};

std::optional<Meant> meant(Site& site, const std::string& uri, const std::string& key) {
    const auto bot = site.world.bots.find(uri);
    const auto person = site.world.people.find(key);
    if (bot == site.world.bots.end() || person == site.world.people.end()) return std::nullopt;
    return Meant{&bot->second, &person->second};
}

void arrive_after_pause(Site& site, const std::string& uri, const std::string& key, std::int64_t token) {
    const auto pause = std::chrono::milliseconds(site.core.settings.get("delivered_ms"));
    site.core.timers.after(pause, [&site, uri, key, token, generation = site.generation] {
        const std::scoped_lock lock(site.guard);
        if (generation != site.generation) return;
        --site.under_way;
        if (const auto there = meant(site, uri, key)) arrive(site, *there->bot, *there->person, token);
    });
}

struct Fetch {
    std::string uri;
    std::string key;
    std::int64_t token = 0;
    std::uint64_t generation = 0;
};

HttpRequest fetch_request(const std::string& method, const std::string& url) {
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.timeout = std::chrono::seconds(10);
    request.max_reply_bytes = 64 << 20;
    request.allow_private_network = true;
    return request;
}

std::string why_not(const json::object& body, const Result<HttpReply>& reply) {
    if (!reply || reply->status != 200) return "The media could not be fetched.";
    return check_bytes(body, reply->headers.get("Content-Type"), reply->body.size());
}

void settle_fetch(Site& site, const Fetch& fetch, const Result<HttpReply>& reply) {
    const std::scoped_lock lock(site.guard);
    if (fetch.generation != site.generation) return;
    const auto there = meant(site, fetch.uri, fetch.key);
    Message* message = there ? message_of(chat_of(site, *there->bot, *there->person), fetch.token) : nullptr;
    if (message == nullptr) {
        --site.under_way;
        return;
    }
    const std::string why = why_not(message->body, reply);
    if (!why.empty()) {
        --site.under_way;
        return fail(site, *there->bot, *there->person, fetch.token, why);
    }
    message->file_link =
        add_file(site, {text_at(message->body, "file_name"), std::string(reply->headers.get("Content-Type")),
                        site.now() + std::chrono::days(3650), std::make_shared<const std::string>(reply->body)});
    arrive_after_pause(site, fetch.uri, fetch.key, fetch.token);
}

// HEAD first, as Viber asks of whoever gives it addresses.
void fetch_media(Site& site, const Fetch& fetch, const std::string& url) {
    site.core.client.perform(
        fetch_request("HEAD", url), [weak = site.weak_from_this(), fetch, url](const Result<HttpReply>& head) {
            const auto there = weak.lock();
            if (there == nullptr) return;
            if (!head || head->status != 200) return settle_fetch(*there, fetch, head);
            there->core.client.perform(fetch_request("GET", url), [weak, fetch](const Result<HttpReply>& reply) {
                if (const auto still = weak.lock()) settle_fetch(*still, fetch, reply);
            });
        });
}

}  // namespace

Chat& chat_of(Site& site, const Bot& bot, const Person& person) { return site.world.chats[{bot.uri, person.key}]; }

void show_later(Site& site, const Bot& bot, const Person& person, std::int64_t token) {
    const Message* message = message_of(chat_of(site, bot, person), token);
    const std::string type = text_at(message->body, "type");
    ++site.under_way;
    if (type != "picture" && type != "video" && type != "file")
        return arrive_after_pause(site, bot.uri, person.key, token);
    fetch_media(site, {bot.uri, person.key, token, site.generation}, text_at(message->body, "media"));
}

void show_welcome(Site& site, const Bot& bot, const Person& person, const std::string& body) {
    Chat& chat = chat_of(site, bot, person);
    if (!chat.awaits_welcome) return;
    chat.awaits_welcome = false;
    const auto document = parse_json(body);
    if (!document || !document->is_object()) return;
    const json::object& message = document->get_object();
    const auto wrong = check_message(message);
    site.core.journal.write("welcome", {{"provider", "viber"},
                                        {"bot", bot.uri},
                                        {"to", person.id},
                                        {"body", journal_body(body)},
                                        {"code", wrong ? static_cast<int>(*wrong) : 0}});
    if (wrong || message.contains("receiver")) return;
    Message welcome;
    welcome.token = new_token(site);
    welcome.is_welcome = true;
    welcome.body = message;
    welcome.at = site.now();
    chat.messages.push_back(std::move(welcome));
    put_on_phone(site, chat, chat.messages.back());
}

void deliver_waiting(Site& site, const Person& person) {
    for (auto& [uri, bot] : site.world.bots)
        for (Message& message : chat_of(site, bot, person).messages)
            if (message.is_shown) deliver(site, bot, person, message);
}

void see_all(Site& site, const Bot& bot, const Person& person) {
    for (Message& message : chat_of(site, bot, person).messages) {
        if (!message.is_delivered || message.is_seen) continue;
        message.is_seen = true;
        ++site.world.version;
        tell_of_devices(site, bot, person, "seen", message.token);
    }
}

std::string add_file(Site& site, File file) {
    const std::string link = random_token(18);
    site.world.files[link] = std::move(file);
    return link;
}

}  // namespace okno::sim::viber
