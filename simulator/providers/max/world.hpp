// What the MAX provider knows: bots, people, their dialogs, files and pressed buttons.
#pragma once

#include "base/time.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace okno::sim::max {

namespace json = boost::json;

struct Subscription {
    std::string url;
    std::string secret;                        // empty: none is told
    std::set<std::string, std::less<>> types;  // empty: all
    Timestamp since;
    std::optional<Timestamp> failing_since{};  // empty: the newest update was taken
};

struct Waiter {
    std::uint64_t number = 0;
    std::int64_t marker = 0;
    std::set<std::string, std::less<>> types;
    std::function<void(json::object)> answer;
};

struct Kept {  // for long polling
    std::int64_t number = 0;
    Timestamp at;
    json::object update;
};

struct Bot {
    std::int64_t id = 0;
    std::string name;
    std::string nick;
    std::string token;
    bool takes_http = false;  // subscriptions of http:// addresses, for tests
    std::int64_t requests_per_second = 30;
    std::int64_t processing_ms = 0;  // a video, sound or file is not ready for so long after it was left
    std::vector<Subscription> subscriptions;
    std::deque<Kept> kept;
    std::int64_t last_update = 0;
    std::vector<Waiter> waiters;
    std::deque<std::int64_t> calls_at_ms;      // of the last second
    std::deque<std::int64_t> questions_at_ms;  // GET /updates of the last second
};

struct Person {
    std::int64_t id = 0;
    std::string first_name;
    std::string last_name;
    std::string nick;
    std::string phone;  // digits
    bool is_deleted = false;
};

struct Message {
    std::string mid;
    std::int64_t seq = 0;
    bool from_bot = false;
    bool is_edited = false;
    bool is_deleted = false;
    bool is_seen = false;  // by the bot
    Timestamp at;
    json::value text;         // null: none
    json::array attachments;  // as they are told
    json::array markup;
    json::object link;     // empty: none
    std::string answer;    // what the bot said to the newest press under it
    std::string keyboard;  // callback_id of its buttons; empty: it has none
};

struct Dialog {
    std::int64_t chat = 0;
    bool is_started = false;
    bool is_stopped = false;
    std::vector<Message> messages;
    std::int64_t typing_until_ms = 0;
    std::deque<std::int64_t> sent_at_ms;  // by the bot, of the last second

    Message* message(std::string_view mid);
};

struct File {
    std::string kind;  // image, video, audio, file, sticker
    std::int64_t id = 0;
    std::string token;
    std::string name;
    std::string mime;
    std::string link;  // the unguessable part of its address
    std::int64_t ready_at_ms = 0;
    std::shared_ptr<const std::string> bytes;  // null: it was promised and not left yet
};

// Where one file may be left, once.
struct UploadPlace {
    std::string kind;
    std::int64_t bot = 0;
    std::string token;  // of a video or sound, told before it is left
};

struct World {
    std::map<std::int64_t, Bot> bots;
    std::map<std::int64_t, Person> people;
    std::map<std::pair<std::int64_t, std::int64_t>, Dialog> dialogs;  // bot, person
    std::vector<File> files;
    std::map<std::string, UploadPlace, std::less<>> places;
    std::int64_t last_chat = 70'000;
    std::int64_t last_message = 0;
    std::int64_t last_file = 900'000;
    std::uint64_t last_waiter = 0;
    std::int64_t version = 1;  // rises with whatever a phone shows

    Dialog& dialog(std::int64_t bot, std::int64_t person);
    // Null: there is none.
    File* file_by_token(std::string_view token);
    const File* file_by_link(std::string_view link) const;
};

}  // namespace okno::sim::max
