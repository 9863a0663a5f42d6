// What differs between Messenger and Instagram, which are otherwise one API (channels page of Messenger, Graph v26.0).
#pragma once

#include "base/http.hpp"
#include "domain/channel.hpp"
#include "domain/events.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okno::meta {

struct Platform {
    std::string_view name;     // of the messenger, of the kind of address, in links to pages
    std::string_view shown;    // to people
    std::string_view object;   // of webhooks
    std::string_view setting;  // that holds the account's number
    std::string_view fields;   // of webhooks, that are subscribed to
    std::size_t max_text;      // of one message
    bool counts_bytes;         // `max_text` counts bytes of UTF-8, not characters
    bool has_get_started;      // a button before the first message, which Okno switches on
    bool tells_delivered;
    bool asks_for_phone;  // a quick reply can ask for the person's number
};

extern const Platform messenger_platform;
extern const Platform instagram_platform;

// The node of the Graph through which the account writes: its Page, or the Instagram account that has none.
std::string node_of(const Channel& channel);
// A request of the channel; `path` follows the version. With the proof that the token's app makes it, where Meta takes
// one.
HttpRequest request_of(const Channel& channel, std::string method, const std::string& path);

Address person_address(const Platform& platform, const std::string& id);
// Empty: the person has no address of this platform.
std::optional<std::string> id_of(const Platform& platform, const std::vector<Address>& to);

// "5501:m_AbC". Marks and reactions need the person beside the message. A message with several attachments is several
// of ours, "5501:m_AbC", "5501:m_AbC#1" ...
ProviderMessageId message_id(const std::string& person, const std::string& mid);

struct MessageName {
    std::string person;
    std::string mid;
};
// Empty for what is no message at Meta, such as an opened link.
std::optional<MessageName> name_of(const ProviderMessageId& id);

// Length as the platform counts it.
std::size_t length_of(const Platform& platform, std::string_view text);

// What stands before our reference in `metadata` of a message.
constexpr std::string_view our_mark = "okno:";

}  // namespace okno::meta
