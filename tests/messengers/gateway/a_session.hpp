// A connected session and its answers, for the tests of this folder.
#pragma once

#include "base/json.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/whatsapp/recorded_replies.hpp"

#include <string>

namespace okno::tests {
inline namespace of_gateway {

inline Channel a_session() {
    Channel channel;
    channel.address = "79001112233";
    channel.key = "KEY";
    channel.settings["base_url"] = "http://waha.internal:3000/";
    channel.settings["session"] = "sales";
    channel.settings["phone"] = "+7 900 111-22-33";
    channel.credentials["api_key"] = Secret("k3y");
    channel.credentials["verify_token"] = Secret("s3cret");
    return channel;
}

inline const char* const our_reference = "0197c0de-0000-7000-8000-000000000001";
inline const char* const our_id = "3EB00197C0DE000070008000000000000001";

inline OutboundMessage to_maria(const std::string& type, const std::string& text, const std::string& content = "{}") {
    OutboundMessage message;
    message.type = type;
    message.text = text;
    message.content = content;
    message.reference = our_reference;
    message.to = {{"phone", "79004445566", "79004445566"}};
    return message;
}

// The body of a call.
inline boost::json::value body_of(const HttpRequest& request) { return *parse_json(request.body); }

inline std::string status_of(const std::string& status, const std::string& number = "79001112233",
                             const std::string& webhooks = "[]") {
    return R"({"name":"sales","status":")" + status + R"(","me":{"id":")" + number +
           R"(@c.us","pushName":"Shop"},"config":{"debug":true,"webhooks":)" + webhooks + "}}";
}

}  // namespace of_gateway
}  // namespace okno::tests
