// A connected community and its answers, for the tests of this folder.
#pragma once

#include "messengers/vk/vk_messenger.hpp"
#include "messengers/whatsapp/recorded_replies.hpp"

#include <string>

namespace okno::tests {
inline namespace of_vk {

inline Channel a_group() {
    Channel channel;
    channel.address = "190000001";
    channel.key = "KEY";
    channel.credentials["access_token"] = Secret("vk1.a.token");
    channel.credentials["verify_token"] = Secret("s3cret");
    return channel;
}

inline OutboundMessage a_message(const std::string& type, const std::string& text, const std::string& content = "{}") {
    OutboundMessage message;
    message.type = type;
    message.text = text;
    message.content = content;
    message.reference = "0197c0de-0000-7000-8000-000000000001";
    message.to = {{"vk", "100200", "100200"}};
    return message;
}

inline std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
    }
    return out;
}

// A parameter of a call, as VK reads it; empty: it is not there.
inline std::string parameter(const HttpRequest& request, const std::string& name) {
    const std::string body = "&" + request.body + "&";
    const std::size_t at = body.find("&" + name + "=");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 2;
    return decoded(std::string_view(body).substr(begin, body.find('&', begin) - begin));
}

inline std::string sent_as(const std::string& number) {
    return R"({"response":[{"peer_id":100200,"message_id":501,"conversation_message_id":)" + number + "}]}";
}

inline std::string error_of(int code, const std::string& words = "words") {
    return R"({"error":{"error_code":)" + std::to_string(code) + R"(,"error_msg":")" + words +
           R"(","request_params":[{"key":"message","value":"private"}]}})";
}

}  // namespace of_vk
}  // namespace okno::tests
