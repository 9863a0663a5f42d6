// Our messages as calls to a gateway (channels page of the gateway, section 1).
#pragma once

#include "messengers/gateway/api.hpp"

namespace okno::gateway {

struct Rendered {
    std::string method = "POST";
    std::string path;
    boost::json::object body;
    // The id that it is given; empty where the gateway takes none (files).
    std::string prepared_id{};
};

// `data`: bytes of the file in base64. The error says what cannot be sent here.
Result<Rendered> render(const OutboundMessage& message, const std::string& session, const std::string& data);

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content);

bool is_file(std::string_view type);

// The bytes of the file in base64.
Result<std::string> read_base64(const std::string& path);

}  // namespace okno::gateway
