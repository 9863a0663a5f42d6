// Connected accounts and their answers, for the tests of this folder.
#pragma once

#include "base/json.hpp"
#include "messengers/meta/page_messenger.hpp"
#include "messengers/whatsapp/recorded_replies.hpp"

#include <string>

namespace okno::tests {
inline namespace of_meta {

inline Channel an_account_of(const std::string& messenger, const std::string& address) {
    Channel channel;
    channel.messenger = messenger;
    channel.address = address;
    channel.credentials["access_token"] = Secret("EAAG");
    channel.credentials["app_secret"] = Secret("app-secret");
    return channel;
}

inline Channel a_page() {
    Channel channel = an_account_of("messenger", "104500000000001");
    channel.settings["page_id"] = channel.address;
    return channel;
}

// Joined with a Page.
inline Channel an_instagram() {
    Channel channel = an_account_of("instagram", "17841400000000001");
    channel.settings["instagram_id"] = channel.address;
    channel.settings["page_id"] = "104500000000001";
    return channel;
}

inline OutboundMessage to_person(const std::string& type, const std::string& text, const std::string& content = "{}",
                                 const std::string& messenger = "messenger") {
    OutboundMessage message;
    message.type = type;
    message.text = text;
    message.content = content;
    message.reference = "0197c0de-0000-7000-8000-000000000001";
    message.to = {{messenger, "5501", "5501"}};
    return message;
}

inline std::string error_body(int code, int subcode = 0, bool is_transient = false) {
    return R"({"error":{"message":"words","type":"OAuthException","code":)" + std::to_string(code) +
           (subcode == 0 ? std::string() : R"(,"error_subcode":)" + std::to_string(subcode)) +
           (is_transient ? R"(,"is_transient":true)" : "") + R"(,"fbtrace_id":"AbC"}})";
}

constexpr const char* sent_body = R"({"recipient_id":"5501","message_id":"m_1"})";

inline boost::json::value body_sent(const RecordedReplies& http, std::size_t call = 0) {
    return boost::json::parse(http.asked.at(call).body);
}

}  // namespace of_meta
}  // namespace okno::tests
