// What the gateway provider knows: sessions with their webhooks, people, their chats and files.
#pragma once

#include "base/time.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okno::sim::gateway {

namespace json = boost::json;

// A file as WAHA keeps it: for three minutes under one link, anew under another when it is asked for again.
struct File {
    std::string name;
    std::string mime;
    std::shared_ptr<const std::string> bytes;
    std::string link;
    Timestamp until;
    std::string store_link;  // of Green-API; empty: it was not asked for
    Timestamp store_until;
};

struct Message {
    std::string id;  // the bare one
    bool is_from_account = false;
    bool is_by_api = false;
    Timestamp at;
    std::string type = "text";  // for the phone page
    std::string text;
    std::optional<File> file;
    json::value location;  // null: none
    json::array vcards;
    std::string quoted;  // the bare id; empty: nothing
    int ack = 1;
    std::string emoji_of_person;
    std::string emoji_of_account;
    bool is_edited = false;
    bool is_deleted = false;
};

struct Chat {
    std::vector<Message> messages;
    bool is_typing = false;   // the account
    bool is_blocked = false;  // the person takes nothing from the account
    std::int64_t version = 0;

    Message* message(std::string_view id);
};

struct Session {
    std::string name;    // of WAHA's session, of Evolution's instance; the id of Green-API's
    std::string number;  // digits of the phone that is linked; empty: none
    std::string status = "STOPPED";
    std::deque<std::pair<std::string, Timestamp>> statuses;  // the last of them
    std::string engine = "NOWEB";
    bool is_banned = false;
    json::object config;                // WAHA's, with its webhooks
    json::object settings;              // Green-API's
    json::object webhook;               // Evolution API's
    int codes = 0;                      // QR codes that were shown
    std::map<std::string, Chat> chats;  // by the person's digits
};

struct Person {
    std::string number;
    std::string name;
    std::string lid;  // digits; not empty: this is how the gateway names them
    bool has_whatsapp = true;
    bool is_online = true;

    // `host`: of those who show their number.
    std::string chat_id(const std::string& host = "c.us") const {
        return lid.empty() ? number + "@" + host : lid + "@lid";
    }
};

struct World {
    std::string api_key = "gateway-key";
    std::map<std::string, Session, std::less<>> sessions;
    std::map<std::string, Person, std::less<>> people;
    std::uint64_t last_id = 0;

    // By "79..@c.us", "..@lid" or digits.
    Person* person_of_chat(std::string_view chat);
};

}  // namespace okno::sim::gateway
