// A connected bot and its answers, for the tests of this folder.
#pragma once

#include "base/json.hpp"
#include "messengers/viber/viber_messenger.hpp"
#include "messengers/whatsapp/recorded_replies.hpp"

#include <string>

namespace okno::tests {
inline namespace of_viber {

inline Channel a_bot() {
    Channel channel;
    channel.name = "Shop";
    channel.address = "yasno";
    channel.key = "KEY";
    channel.credentials["auth_token"] = Secret("4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51r");
    channel.settings["webhook_url"] = "https://okno.example/hooks/KEY";
    return channel;
}

inline OutboundMessage a_message(const std::string& type, const std::string& text, const std::string& content = "{}") {
    OutboundMessage message;
    message.type = type;
    message.text = text;
    message.content = content;
    message.reference = "0197c0de-0000-7000-8000-000000000001";
    message.to = {{"viber", "01234567890A=", "01234567890A="}};
    return message;
}

inline OutboundMessage a_file(const std::string& type, const std::string& name, const std::string& mime,
                              std::int64_t size = 1000, const std::string& text = {}) {
    OutboundMessage message = a_message(type, text);
    message.file = OutboundFile{"ab", "/tmp/ab", name, mime, size, {}, "https://okno.example/files/t/file.x"};
    return message;
}

inline boost::json::object body_of_call(const HttpRequest& request) {
    return boost::json::parse(request.body).as_object();
}

inline std::string refusal_with(int status) {
    return R"({"status":)" + std::to_string(status) + R"(,"status_message":"words","chat_hostname":"SN"})";
}

inline const char* const taken =
    R"({"status":0,"status_message":"ok","message_token":5741311803571721087,"billing_status":1})";

}  // namespace of_viber
}  // namespace okno::tests
