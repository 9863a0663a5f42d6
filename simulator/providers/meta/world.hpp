// What the provider of Messenger and Instagram knows: apps, accounts, people with their conversations, files.
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

namespace okno::sim::meta {

namespace json = boost::json;

// Where the webhooks of one object ("page", "instagram") go.
struct Callback {
    std::string url;
    std::string verify_token;
};

struct App {
    std::string id;
    std::string secret;
    std::map<std::string, Callback, std::less<>> callbacks;
    bool may_human_agent = true;  // the feature Human Agent
    bool is_live = true;          // else only people with a role in the app are reached
};

// A Page or an Instagram account.
struct Account {
    std::string id;
    std::string object = "page";
    std::string name;
    std::string username;
    std::string page_id;  // of an Instagram account: the Page it is joined with; empty: none
    std::string app_id;
    std::set<std::string, std::less<>> tokens;
    std::set<std::string, std::less<>> fields;  // subscribed; empty: nothing is told
    std::string get_started;                    // payload; empty: no button
    bool is_restricted = false;
    bool is_main_app = true;  // it may take conversations over
    bool tells_mids = true;   // names the messages in reports of delivery, beside the watermark
    std::int64_t sends_per_second = 300;
    std::deque<std::int64_t> sends_at_ms;  // of the last second
    std::deque<std::int64_t> files_at_ms;  // likewise, of sound and video

    bool is_instagram() const { return object == "instagram"; }
};

struct Message {
    std::string mid;
    std::int64_t number = 0;
    bool from_account = false;
    Timestamp at;
    std::string type = "text";
    std::string text;
    json::object body;  // as the Send API took it, or as a webhook tells it
    std::string reply_to;
    std::string metadata;
    std::string app_id;  // of the app that sent it; empty: by hand
    std::string tag;
    bool is_delivered = false;
    bool is_read = false;
    bool is_deleted = false;
    int edits = 0;
    std::string emoji_of_person;
};

// Somebody as one account knows them, and their conversation with it.
struct Person {
    std::string id;
    std::string account_id;
    std::string first_name;
    std::string last_name;
    std::string username;
    bool is_unreachable = false;  // blocked the account, or left
    bool has_role = true;         // in the app
    bool has_consented = false;   // wrote once
    bool is_started = false;      // there is a conversation
    std::string leader;           // the app that leads it; empty: ours
    std::optional<Timestamp> last_incoming_at;
    std::int64_t typing_until_ms = 0;
    bool is_seen = false;  // by the account
    std::vector<Message> messages;

    Message* message(std::string_view mid);
};

struct File {
    std::string id;
    std::string account_id;
    std::string kind;  // image, video, audio, file
    std::string name;
    std::string mime;
    std::string link;  // the unguessable part of its address
    std::shared_ptr<const std::string> bytes;
};

struct World {
    std::map<std::string, App, std::less<>> apps;
    std::map<std::string, Account, std::less<>> accounts;
    std::map<std::string, Person, std::less<>> people;
    std::vector<File> files;
    std::int64_t last_number = 0;
    std::int64_t version = 1;  // grows with everything that a phone shows

    Account* account(std::string_view id);
    Person* person(std::string_view id);
    const File* file_by_id(std::string_view id) const;
    const File* file_by_link(std::string_view link) const;
};

}  // namespace okno::sim::meta
