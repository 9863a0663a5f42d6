#include "providers/telegram/phones.hpp"

#include "core/reading.hpp"
#include "providers/telegram/objects.hpp"
#include "providers/telegram/phone_content.hpp"
#include "providers/telegram/text.hpp"
#include "providers/telegram/updates.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::telegram {

namespace {

constexpr auto kQueryLife = 150s;

std::unexpected<NotPossible> impossible(int status, std::string why) {
    return std::unexpected(NotPossible{status, std::move(why)});
}

std::string queue_of(const ChatKey& key) {
    return key.connection.empty() ? fmt::format("message:{}", key.person)
                                  : fmt::format("business:{}:{}", key.connection, key.person);
}

// Tells the bot of something in this chat; the update's id goes into `done`. An account that is disconnected tells
// nothing.
void tell_here(Scene& scene, std::string_view kind, json::value content, json::object& done) {
    if (scene.is_business()) {
        const auto connection = scene.site.world.connections.find(scene.key.connection);
        if (connection == scene.site.world.connections.end() || !connection->second.is_enabled) return;
    }
    const auto id = tell(scene.site, scene.bot, {kind, std::move(content), queue_of(scene.key), scene.key.person, 24h});
    if (id) done["update_id"] = *id;
}

Done write(Scene& scene, const std::string& type, json::object content) {
    Message message;
    message.chat = scene.key;
    message.from = scene.author.id;
    message.from_person = scene.author.id == scene.key.person;
    message.type = type == "start" ? "text" : type;
    message.content = std::move(content);
    message.reply_to = number_at(scene.wish, "reply_to");
    message.at = scene.site.now();
    const Message& added = scene.site.world.add(std::move(message));
    Chat& chat = scene.site.world.chats[scene.key];
    chat.is_started = true;
    if (added.from_person) chat.last_from_person = added.at;
    json::object done{{"id", added.id}};
    tell_here(scene, scene.is_business() ? "business_message" : "message", message_object(scene.site, added), done);
    return done;
}

Done write_kind(Scene& scene, const std::string& type) {
    Content content = content_of(scene, type);
    if (!content) return std::unexpected(content.error());
    return write(scene, type, std::move(*content));
}

Done write_album(Scene& scene) {
    const std::string group = random_number();
    const std::int64_t count = std::clamp<std::int64_t>(number_at(scene.wish, "count", 2), 2, 10);
    json::array ids;
    json::object wish = scene.wish;
    for (std::int64_t i = 0; i < count; ++i) {
        if (i > 0) wish.erase("caption");
        Scene item{scene.site, scene.bot, scene.key, scene.author, wish};
        Content content = content_of(item, "photo");
        if (!content) return std::unexpected(content.error());
        (*content)["media_group_id"] = group;
        ids.push_back(write(item, "photo", std::move(*content)).value().at("id"));
    }
    const json::value first = ids.front();
    return json::object{{"id", first}, {"ids", std::move(ids)}};
}

std::expected<Message*, NotPossible> target_of(Scene& scene) {
    Message* target = scene.site.world.message(scene.key, number_at(scene.wish, "message"));
    if (target == nullptr) return impossible(404, "There is no such message in this chat.");
    return target;
}

// The buttons in reading order, row by row.
std::vector<const json::object*> buttons_of(const json::object& markup, std::string_view rows) {
    std::vector<const json::object*> all;
    for (const json::value& row : array_at(markup, rows))
        for (const json::value& button : row.as_array())
            all.push_back(&button.as_object());
    return all;
}

// The one the wish means: by its place, its data or its words.
const json::object* button_meant(const std::vector<const json::object*>& buttons, const json::object& wish) {
    const std::string data = text_at(wish, "data");
    const std::string words = text_at(wish, "button");
    const std::int64_t index = number_at(wish, "index", -1);
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        const json::object& one = *buttons[i];
        const bool is_meant = (!data.empty() && text_at(one, "callback_data") == data) ||
                              (!words.empty() && text_at(one, "text") == words) ||
                              (data.empty() && words.empty() && index == static_cast<std::int64_t>(i));
        if (is_meant) return &one;
    }
    return nullptr;
}

// A button of the keyboard that stands instead of the person's own: it writes what is on it.
Done press_keyboard(Scene& scene) {
    Chat& chat = scene.site.world.chats[scene.key];
    const json::object* button = button_meant(buttons_of(chat.keyboard, "keyboard"), scene.wish);
    if (button == nullptr) return impossible(404, "The keyboard has no such button.");
    const json::object pressed = *button;
    if (flag_at(chat.keyboard, "one_time_keyboard")) chat.keyboard.clear();
    const json::object wish{{"text", text_at(pressed, "text")}};
    Scene scene_of_press{scene.site, scene.bot, scene.key, scene.author, wish};
    if (flag_at(pressed, "request_contact")) {
        Content card = own_card(scene_of_press);
        if (!card) return std::unexpected(card.error());
        return write(scene_of_press, "contact", std::move(*card));
    }
    return write_kind(scene_of_press, flag_at(pressed, "request_location") ? "location" : "text");
}

Done press(Scene& scene) {
    if (!scene.wish.contains("message")) return press_keyboard(scene);
    const auto target = target_of(scene);
    if (!target) return std::unexpected(target.error());
    if ((*target)->markup.contains("keyboard")) return press_keyboard(scene);
    const json::object* button = button_meant(buttons_of((*target)->markup, "inline_keyboard"), scene.wish);
    if (button == nullptr) return impossible(404, "The message has no such button.");
    const std::string data = text_at(*button, "callback_data");
    if (data.empty()) return impossible(409, "This button opens something; the bot hears nothing of it.");
    const std::string id = random_number() + random_number().substr(0, 3);
    scene.site.world.queries[id] = {scene.key, (*target)->id, scene.site.now()};
    (*target)->answer = {{"query", id}};
    json::object query{{"id", id},
                       {"from", user_object(scene.author)},
                       {"message", message_object(scene.site, **target)},
                       {"chat_instance", std::to_string(-scene.key.person * 7'919 - scene.bot.id)},
                       {"data", data}};
    json::object done{{"id", id}};
    const auto update = tell(scene.site, scene.bot,
                             {"callback_query", std::move(query), fmt::format("callback:{}", scene.author.id),
                              scene.key.person, kQueryLife});
    if (update) done["update_id"] = *update;
    ++scene.site.world.version;
    return done;
}

Done edit(Scene& scene) {
    const auto target = target_of(scene);
    if (!target) return std::unexpected(target.error());
    Message& message = **target;
    if (message.by_bot || message.from != scene.author.id)
        return impossible(409, "People edit their own messages only.");
    const bool is_text = message.content.contains("text");
    const Text text = plain_text(text_at(scene.wish, "text"));
    if (is_text && text.text.empty()) return impossible(400, "A text needs text.");
    message.content[is_text ? "text" : "caption"] = text.text;
    message.content.erase(is_text ? "entities" : "caption_entities");
    if (!text.entities.empty()) message.content[is_text ? "entities" : "caption_entities"] = text.entities;
    message.edited_at = scene.site.now();
    ++scene.site.world.version;
    json::object done{{"id", message.id}};
    tell_here(scene, scene.is_business() ? "edited_business_message" : "edited_message",
              message_object(scene.site, message), done);
    return done;
}

// A bot hears nothing of what a person deletes; a business account's bot does.
Done remove(Scene& scene) {
    json::array ids = array_at(scene.wish, "messages");
    if (ids.empty()) ids.push_back(number_at(scene.wish, "message"));
    for (const json::value& id : ids) {
        Message* message = scene.site.world.message(scene.key, number_at({{"id", id}}, "id"));
        if (message == nullptr) return impossible(404, "There is no such message in this chat.");
        message->is_deleted = true;
    }
    ++scene.site.world.version;
    json::object done{{"ids", ids}};
    if (!scene.is_business()) return done;
    json::object news{{"business_connection_id", scene.key.connection},
                      {"chat", chat_object(*scene.site.world.person(scene.key.person))},
                      {"message_ids", std::move(ids)}};
    tell_here(scene, "deleted_business_messages", std::move(news), done);
    return done;
}

Done react(Scene& scene) {
    const auto target = target_of(scene);
    if (!target) return std::unexpected(target.error());
    const auto list = [](const std::string& emoji) {
        return emoji.empty() ? json::array() : json::array{json::object{{"type", "emoji"}, {"emoji", emoji}}};
    };
    const std::string before = (*target)->emoji_of_person;
    (*target)->emoji_of_person = text_at(scene.wish, "emoji");
    ++scene.site.world.version;
    json::object done{{"id", (*target)->id}};
    if (scene.is_business()) return done;
    tell_here(scene, "message_reaction",
              json::object{{"chat", chat_object(scene.author)},
                           {"message_id", (*target)->id},
                           {"user", user_object(scene.author)},
                           {"date", seconds_of(scene.site.now())},
                           {"old_reaction", list(before)},
                           {"new_reaction", list((*target)->emoji_of_person)}},
              done);
    return done;
}

json::object member_object(const Bot& bot, bool is_blocked) {
    json::object out{{"user", user_object(bot)}, {"status", is_blocked ? "kicked" : "member"}};
    if (is_blocked) out["until_date"] = 0;
    return out;
}

Done set_blocked(Scene& scene, bool is_blocked) {
    Chat& chat = scene.site.world.chats[scene.key];
    if (!chat.is_started) return impossible(409, "The person never started this bot.");
    if (chat.is_blocked == is_blocked) return impossible(409, is_blocked ? "It is blocked." : "It is not blocked.");
    chat.is_blocked = is_blocked;
    ++scene.site.world.version;
    json::object news{{"chat", chat_object(scene.author)},
                      {"from", user_object(scene.author)},
                      {"date", seconds_of(scene.site.now())},
                      {"old_chat_member", member_object(scene.bot, !is_blocked)},
                      {"new_chat_member", member_object(scene.bot, is_blocked)}};
    json::object done;
    const auto id =
        tell(scene.site, scene.bot,
             {"my_chat_member", std::move(news), fmt::format("member:{}", scene.key.person), scene.key.person, 24h});
    if (id) done["update_id"] = *id;
    return done;
}

// Any update, under a number of ours.
Done tell_raw(Scene& scene) {
    for (const auto& [kind, content] : object_at(scene.wish, "update")) {
        if (kind == "update_id") continue;
        const auto id = tell(scene.site, scene.bot, {kind, content, "raw", scene.key.person, 24h});
        return id ? json::object{{"update_id", *id}} : json::object();
    }
    return impossible(400, "update is the object to tell, without update_id.");
}

Done act(Scene& scene, const std::string& type) {
    if (is_content(type)) return write_kind(scene, type);
    if (type == "album") return write_album(scene);
    if (type == "press") return press(scene);
    if (type == "edit") return edit(scene);
    if (type == "delete") return remove(scene);
    if (type == "reaction") return react(scene);
    return impossible(400, "There is no such type.");
}

std::string type_of(const json::object& wish) { return text_at(wish, "type").empty() ? "text" : text_at(wish, "type"); }

}  // namespace

Done act_with_bot(Site& site, Bot& bot, const Person& person, const json::object& wish) {
    Scene scene{site, bot, {bot.id, person.id, ""}, person, wish};
    const std::string type = type_of(wish);
    if (type == "raw") return tell_raw(scene);
    if (person.is_deactivated) return impossible(409, "The person's account is deactivated.");
    if (type == "block" || type == "unblock") return set_blocked(scene, type == "block");
    if (site.world.chats[scene.key].is_blocked) {
        if (type != "start") return impossible(409, "The person has blocked this bot: unblock or start first.");
        if (const Done unblocked = set_blocked(scene, false); !unblocked) return unblocked;
    }
    return act(scene, type);
}

Done act_in_business(Site& site, const Connection& connection, const json::object& wish) {
    const bool is_owner = text_at(wish, "from") == "owner";
    const std::int64_t client = number_at(wish, "chat");
    const Person* author = site.world.person(is_owner ? connection.owner : client);
    Bot* bot = site.world.bot(connection.bot);
    if (author == nullptr || bot == nullptr || site.world.person(client) == nullptr || client == connection.owner)
        return impossible(404, "chat must be the id of a person who is not the owner.");
    Scene scene{site, *bot, {bot->id, client, connection.id}, *author, wish};
    const std::string type = type_of(wish);
    if (type == "start") return impossible(400, "There is no such type.");
    return act(scene, type);
}

void tell_connection(Site& site, const Connection& connection) {
    tell(site, *site.world.bot(connection.bot),
         {"business_connection", connection_object(site, connection), fmt::format("connection:{}", connection.owner),
          connection.owner, 24h});
}

}  // namespace okno::sim::telegram
