// A connected bot and its answers, for the tests of this folder.
#pragma once

#include "messengers/max/max_messenger.hpp"
#include "messengers/whatsapp/recorded_replies.hpp"

#include <boost/json.hpp>

#include <string>

namespace okno::tests {
inline namespace of_max {

inline Channel a_bot() {
    Channel channel;
    channel.address = "id7700000000_bot";
    channel.key = "KEY";
    channel.credentials["access_token"] = Secret("f9LHodD0cOL");
    channel.credentials["verify_token"] = Secret("s3cret");
    return channel;
}

inline OutboundMessage a_message_to_max(const std::string& type, const std::string& text,
                                        const std::string& content = "{}") {
    OutboundMessage message;
    message.type = type;
    message.text = text;
    message.content = content;
    message.reference = "0197c0de-0000-7000-8000-000000000001";
    message.to = {{"phone", "79161234567", "79161234567"}, {"max", "54321", "54321"}};
    return message;
}

// Quick enough for what waits on purpose.
inline okno::max::MaxMessenger a_max() { return okno::max::MaxMessenger{std::chrono::milliseconds{1}}; }

inline std::string sent_to_max(const std::string& mid) {
    return R"({"message":{"recipient":{"chat_id":98765,"chat_type":"dialog","user_id":54321},"body":{"mid":")" + mid +
           R"(","seq":1,"text":"x"}}})";
}

inline std::string refusal_of_max(const std::string& code, const std::string& message = "words") {
    return R"({"code":")" + code + R"(","message":")" + message + R"("})";
}

}  // namespace of_max
}  // namespace okno::tests
