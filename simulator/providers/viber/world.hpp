// What the Viber provider knows: bots, people, their chats and files.
#pragma once

#include "base/time.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace okno::sim::viber {

namespace json = boost::json;

struct Bot {
    std::string uri;
    std::string name;
    std::string token;
    std::string webhook;  // empty: nobody is called, and people cannot write
    std::set<std::string, std::less<>> event_types;
    bool sends_name = false;
    bool sends_photo = false;
    std::string state;                    // empty: it works; blocked, not_found, suspended, not_authorized
    std::int64_t free_messages = 10'000;  // outside sessions
    bool pays = true;                     // for more of them
    bool has_balance = true;
};

struct Person {
    std::string id;
    std::string key;  // in addresses of the control API
    std::string name;
    std::string phone;
    std::string language = "ru";
    std::string country = "RU";
    std::int64_t api_version = 10;
    std::int64_t devices = 1;  // each tells of its own that a message came
    bool is_online = true;
    bool is_registered = true;
    bool has_suitable_device = true;
    bool is_country_supported = true;
    std::string fails_with;  // every message is taken and fails so on the phone
    std::deque<Timestamp> asked_details_at;
};

struct Message {
    std::int64_t token = 0;
    bool from_person = false;
    bool is_welcome = false;
    bool is_shown = false;  // on the phone
    bool is_delivered = false;
    bool is_seen = false;
    json::object body;      // as Viber writes it
    std::string file_link;  // of the bytes that the phone fetched; empty: none
    Timestamp at;
};

struct Chat {
    bool is_open = false;
    bool is_subscribed = false;
    std::optional<Timestamp> session_ends;
    std::deque<Message> messages;  // a deque: what is on its way keeps its place
    json::object keyboard;
    std::string tracking_data;
    std::deque<Timestamp> unanswered_at;  // our messages since the person's last
    bool awaits_welcome = false;
};

struct File {
    std::string name;
    std::string mime;
    Timestamp until;  // by then it is gone from Viber's address
    std::shared_ptr<const std::string> bytes;
};

struct World {
    std::map<std::string, Bot, std::less<>> bots;               // by uri
    std::map<std::string, Person, std::less<>> people;          // by key
    std::map<std::pair<std::string, std::string>, Chat> chats;  // uri, key
    std::map<std::string, File, std::less<>> files;             // by the unguessable part of their address
    std::int64_t last_token = 5'741'311'803'571'721'087;
    std::int64_t version = 1;  // of what phones show

    Person* person_by_id(std::string_view id);
};

}  // namespace okno::sim::viber
