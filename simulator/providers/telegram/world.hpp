// Everything that exists on the simulated Telegram: bots, people, their chats, files, what waits to be told.
//
// A plain store without rules and without locks; Telegram (telegram.hpp) guards it.
#pragma once

#include "base/time.hpp"

#include <boost/json.hpp>

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace okno::sim::telegram {

namespace json = boost::json;

// One update on its way to the bot. `about` says for faults and the journal what it is.
struct Update {
    std::int64_t id = 0;
    std::string kind;  // message, callback_query, ...
    json::value content;
    std::string queue;
    json::object about;
    Timestamp expires_at;
    int attempt = 0;
};

// Updates of one source; the next is sent only after the one before it was taken or expired.
struct Queue {
    std::deque<Update> waiting;
    bool is_busy = false;  // its first update is under way, or waits to be repeated
};

struct Webhook {
    std::string url;
    std::string secret;
    std::int64_t max_connections = 40;
    bool has_certificate = false;
    std::optional<Timestamp> last_error_at;
    std::string last_error;
    std::optional<Timestamp> gone_since;  // it answers 410 since then
};

struct Bot {
    std::int64_t id = 0;
    std::string token;
    std::string username;
    std::string name;
    bool can_connect_to_business = true;
    std::int64_t messages_per_second = 30;
    bool has_chat_limit = true;
    json::array commands;

    Webhook webhook;
    std::set<std::string, std::less<>> allowed_updates;  // empty: all but those that must be asked for
    std::map<std::string, Queue> queues;
    std::deque<std::string> ready;  // queues that may send; some may have nothing left to
    std::deque<Update> held;
    std::int64_t in_flight = 0;
    std::uint64_t epoch = 0;  // of the webhook: answers of an earlier one mean nothing
    std::int64_t last_update_id = 0;
    std::optional<Timestamp> last_update_at;
    // Token bucket of the whole bot.
    double tokens_left = -1;
    std::int64_t tokens_at_ms = 0;
};

struct Person {
    std::int64_t id = 0;
    std::string first_name;
    std::string last_name;
    std::string username;
    std::string language_code;
    std::string phone;
    bool is_premium = false;
    bool is_deactivated = false;
    bool forbids_voice = false;
};

// The person's own account answered by a bot.
struct Connection {
    std::string id;
    std::int64_t bot = 0;
    std::int64_t owner = 0;
    bool is_enabled = true;
    json::object rights;
    Timestamp since;
};

// A private chat of a bot with a person; with `connection`, the owner's chat with that person.
struct ChatKey {
    std::int64_t bot = 0;
    std::int64_t person = 0;
    std::string connection;

    auto operator<=>(const ChatKey&) const = default;
};

struct Message {
    std::int64_t id = 0;  // unique in its chat alone
    ChatKey chat;
    std::int64_t from = 0;     // a person or a bot
    bool from_person = false;  // the one the chat is with
    bool by_bot = false;
    std::string type;      // text, photo, ... as Telegram names the member
    json::object content;  // those members: text, entities, photo, caption, media_group_id, ...
    json::object markup;   // reply_markup
    std::int64_t reply_to = 0;
    Timestamp at;
    std::optional<Timestamp> edited_at;
    bool is_deleted = false;
    bool is_read = false;
    std::string emoji_of_bot;
    std::string emoji_of_person;
    json::object answer;  // to the last press of its buttons
    std::int64_t sequence = 0;
};

struct Chat {
    std::map<std::int64_t, Message> messages;
    std::int64_t last_id = 0;
    bool is_started = false;
    bool is_blocked = false;
    std::optional<Timestamp> last_from_person;
    json::object keyboard;  // instead of the person's keyboard; empty: none
    std::int64_t keyboard_of = 0;
    std::int64_t typing_until_ms = 0;
    std::string action;
    // Token bucket of one chat.
    double tokens_left = -1;
    std::int64_t tokens_at_ms = 0;
};

struct File {
    std::string unique_id;
    std::string kind;  // photo, document, ...
    std::string mime_type;
    std::string name;
    std::string path;  // as getFile tells it
    std::int64_t size = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::shared_ptr<const std::string> bytes;  // none: `size` zeros
};

// A file as one bot knows it; no other bot can use the id.
struct FileId {
    std::int64_t bot = 0;
    std::string unique_id;
};

struct Query {
    ChatKey chat;
    std::int64_t message = 0;
    Timestamp at;
};

class World {
public:
    std::map<std::int64_t, Bot> bots;
    std::map<std::int64_t, Person> people;
    std::map<std::string, Connection, std::less<>> connections;
    std::map<ChatKey, Chat> chats;
    std::map<std::string, File, std::less<>> files;  // by unique id
    std::map<std::string, FileId, std::less<>> file_ids;
    std::map<std::pair<std::int64_t, std::string>, Timestamp> file_links;  // (bot, path): until when
    std::map<std::string, Query, std::less<>> queries;
    std::int64_t version = 1;  // grows with every change that a phone may show

    // Null when there is none.
    Bot* bot(std::int64_t id);
    Bot* bot_by_token(std::string_view token);
    Person* person(std::int64_t id);
    Chat* chat(const ChatKey& key);
    // Null also for one that was deleted.
    Message* message(const ChatKey& key, std::int64_t id);

    // Gives the message its number in the chat and keeps it there; a chat keeps its last 5,000.
    Message& add(Message message);
    const File& add_file(File file);
    // The name under which the bot may use the file.
    std::string file_id_for(std::int64_t bot, const File& file);
    // Null when there is no such file, or it is another bot's.
    const File* file_of(std::int64_t bot, std::string_view file_id) const;

private:
    std::int64_t last_sequence_ = 0;
    std::int64_t last_file_ = 0;
};

std::int64_t seconds_of(Timestamp time);
// A long decimal number, as Telegram's ids of queries and albums are.
std::string random_number();

}  // namespace okno::sim::telegram
