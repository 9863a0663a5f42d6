// What reading a webhook needs whatever its shape: times, contents, and the events that are made of them. Pure.
#pragma once

#include "messengers/gateway/shape.hpp"

namespace okno::gateway {

// Seconds or milliseconds, by their size.
std::optional<Timestamp> time_of(const JsonView& number);

// Of a message; an empty one is as good as none.
Result<std::string> required_id(const JsonView& id);

// What is in a message, beside who wrote it and when.
struct Content {
    std::string type = "text";
    std::string text{};
    boost::json::object more{};  // `referral`: what led the person here
    std::optional<MediaHint> media{};
};

// A file is named "<address> message:<chat>/<id>": gateways forget their files and fetch them again by their messages.
// The address is empty when there is none to ask at.
constexpr std::string_view by_message = " message:";

struct FileName {
    std::string url;
    std::string chat;
    std::string id;  // empty: it can be asked for by its address alone
};
std::string write_file_name(const FileName& name);
FileName read_file_name(const std::string& text);

// "image", "video", "audio", "sticker" or "document".
std::string kind_of_mime(std::string_view mime);
// `mime` with its parameters: voice messages are told by them.
Content file_content(const std::string& kind, const std::string& mime, const std::string& name, const std::string& text,
                     const FileName& at);
// Empty where the coordinates are no numbers. `place` may hold `name`, `address` and `live`.
std::optional<Content> place_content(const JsonView& latitude, const JsonView& longitude, boost::json::object place);
Content cards_content(const std::vector<std::string>& vcards);
// As text: its votes are not told.
Content poll_content(const std::string& question, const std::vector<std::string>& options);
// Of a kind that Okno cannot show.
Content unknown_content(const std::string& kind);

struct Written {
    Person from;
    std::string id;
    bool is_ours = false;  // typed on the account's own phone
    std::optional<Timestamp> time{};
    std::string quoted{};  // the id; empty: no reply
};
Events message_event(const Written& written, Content content);
// What became of a message of ours. `reference`: empty where its id tells none.
Events status_event(const std::string& id, const std::string& reference, MessageStatus status,
                    std::optional<Timestamp> time);
// `key`: unique in the channel; empty: none. `text`: new words or the emoji.
Events change_event(MessageChange::Kind kind, const std::string& target, const std::string& key, std::string text,
                    std::optional<Timestamp> time);
Events call_event(const Person& from, const std::string& id, bool is_video, std::optional<Timestamp> time);
// The same of one that WhatsApp did not take; `word` is the gateway's for it.
Events failed_event(const std::string& id, const std::string& reference, const std::string& word,
                    std::optional<Timestamp> time);
// Empty where there is nothing to be told.
Events state_event(const std::optional<Session>& session, int failures);

}  // namespace okno::gateway
