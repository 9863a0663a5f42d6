// A connected bot and its answers, for the tests of this folder.
#pragma once

#include "messengers/telegram/telegram_messenger.hpp"
#include "messengers/whatsapp/recorded_replies.hpp"

#include <boost/json.hpp>

#include <string>

namespace okno::tests {
inline namespace of_telegram {

inline const std::string bot_token = "555000111:AAbbccddeeffgghhiijjkkllmmnnooppqqr";
inline const std::string door = "https://api.telegram.org/bot" + bot_token + "/";

inline Channel a_bot() {
    Channel channel;
    channel.address = "555000111";
    channel.key = "KEY";
    channel.credentials["bot_token"] = Secret(bot_token);
    channel.credentials["verify_token"] = Secret("sec_ret-1");
    return channel;
}

inline OutboundMessage a_message(const std::string& type, const std::string& text, const std::string& content = "{}") {
    OutboundMessage message;
    message.type = type;
    message.text = text;
    message.content = content;
    message.reference = "0197c0de-0000-7000-8000-000000000001";
    message.to = {{"phone", "79161234567", "79161234567"}, {"telegram", "900100200300", "900100200300"}};
    return message;
}

inline OutboundMessage a_file(const std::string& type, const std::string& mime, const std::string& text = "") {
    OutboundMessage message = a_message(type, text, R"({"upload_id":"x"})");
    message.file = OutboundFile{"ab", "/tmp/ab", "a.bin", mime};
    return message;
}

inline std::string sent_as(const std::string& number) {
    return R"({"ok":true,"result":{"message_id":)" + number + R"(,"chat":{"id":900100200300},"date":1795000000}})";
}

inline std::string refused(int code, const std::string& words) {
    return R"({"ok":false,"error_code":)" + std::to_string(code) + R"(,"description":")" + words + R"("})";
}

inline boost::json::value parameters_of(const HttpRequest& request) { return boost::json::parse(request.body); }

// A field of an upload; empty: it is not there.
inline std::string field_of(const HttpRequest& request, const std::string& name) {
    for (const FormField& field : request.form)
        if (field.name == name) return field.file.empty() ? field.value : field.file;
    return {};
}

}  // namespace of_telegram
}  // namespace okno::tests
