// What the VK provider knows: communities, people, their conversations, files and addresses for uploads.
#pragma once

#include "base/time.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace okno::sim::vk {

namespace json = boost::json;

struct CallbackServer {
    std::int64_t id = 0;
    std::string url;
    std::string title;
    std::string secret_key;
    std::string status = "unconfigured";  // wait, ok, failed
    std::string api_version = "5.199";
    std::set<std::string, std::less<>> events;
};

struct Waiter {
    std::uint64_t number = 0;
    std::int64_t after = 0;
    std::function<void(json::object)> answer;
};

struct LongPoll {
    bool is_enabled = false;
    std::set<std::string, std::less<>> events;
    std::string key = "key-1";
    std::int64_t ts = 1;             // of the newest update
    std::deque<json::object> queue;  // the last of them
    std::vector<Waiter> waiters;
};

struct Group {
    std::int64_t id = 0;
    std::string name;
    std::string screen_name;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> tokens;  // with their rights
    bool has_bot_features = true;
    std::int64_t calls_per_second = 20;
    std::string confirmation_code;
    std::vector<CallbackServer> servers;
    LongPoll long_poll;
    std::int64_t last_server_id = 0;
    std::int64_t last_message_id = 500;
    std::deque<std::int64_t> calls_at_ms;  // of the last second

    CallbackServer* server(std::int64_t server_id);
};

struct Person {
    std::int64_t id = 0;
    std::string first_name;
    std::string last_name;
    bool is_deleted = false;
    bool is_private = false;  // takes messages of nobody
    std::set<std::string, std::less<>> button_actions{"text", "open_link", "callback", "location"};
};

struct Message {
    std::int64_t id = 0;
    std::int64_t number = 0;  // in the conversation
    bool from_group = false;
    bool is_read = false;
    bool is_deleted = false;
    json::object body;  // as VK writes it
};

struct Conversation {
    std::int64_t last_number = 0;
    std::vector<Message> messages;
    bool is_allowed = false;
    bool is_blacklisted = false;
    std::map<std::int64_t, std::size_t> random_ids;  // to the place in `messages`
    std::int64_t typing_until_ms = 0;

    Message* message(std::int64_t number);
};

struct File {
    std::string kind;  // photo, doc, audio_message, graffiti
    std::int64_t owner_id = 0;
    std::int64_t id = 0;
    std::string access_key;
    std::string name;
    std::string mime;
    std::string link;  // the unguessable part of its address
    std::shared_ptr<const std::string> bytes;
};

// Where one file may be left, once.
struct UploadPlace {
    std::string kind;  // photo, doc, audio_message
    std::int64_t group = 0;
    Timestamp until;
};

// What was left and waits to be saved.
struct Left {
    UploadPlace place;
    std::string name;
    std::string mime;
    std::string bytes;
};

// A press of a `callback` button, which waits for the business.
struct Press {
    std::int64_t person = 0;
    std::int64_t group = 0;
    Timestamp until;
    bool is_answered = false;
    std::string event_data;
};

struct World {
    std::map<std::int64_t, Group> groups;
    std::map<std::int64_t, Person> people;
    std::map<std::pair<std::int64_t, std::int64_t>, Conversation> conversations;  // group, person
    std::vector<File> files;
    std::map<std::string, UploadPlace, std::less<>> upload_places;
    std::map<std::string, Left, std::less<>> left;
    std::map<std::string, Press, std::less<>> presses;
    std::int64_t last_file_id = 456'239'000;
    std::uint64_t last_waiter = 0;

    const File* file_by_link(std::string_view link) const;
};

}  // namespace okno::sim::vk
