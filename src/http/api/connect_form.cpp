#include "http/api/connect_form.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace okno::http {

const std::vector<ConnectField>& common_fields() {
    static const std::vector<ConnectField> fields{{.key = "messages_per_second", .is_rare = true},
                                                  {.key = "proxy", .is_rare = true},
                                                  {.key = "ca_certificate", .is_rare = true}};
    return fields;
}

static bool is_rate(const std::string& value) {
    int rate = 0;
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, rate);
    return read.ec == std::errc{} && read.ptr == end && rate >= 1 && rate <= 10'000;
}

static bool begins_with_one_of(const std::string& value, std::initializer_list<std::string_view> beginnings) {
    return std::ranges::any_of(beginnings, [&](std::string_view one) { return value.starts_with(one); });
}

// What is wrong with the value of a setting that means the same everywhere; empty: nothing.
static std::string fault_of(const std::string& key, const std::string& value) {
    if (value.empty()) return {};
    if (key == "messages_per_second" && !is_rate(value)) return "expected a whole number from 1 to 10000";
    if (key == "base_url" && !begins_with_one_of(value, {"https://", "http://"}))
        return "expected an address that begins with https://";
    if (key == "proxy" && !begins_with_one_of(value, {"http://", "https://", "socks5://", "socks5h://"}))
        return "expected an address that begins with http://, https://, socks5:// or socks5h://";
    const bool is_pem = value.find("-----BEGIN CERTIFICATE-----") != std::string::npos &&
                        value.find("-----END CERTIFICATE-----") != std::string::npos;
    if (key == "ca_certificate" && (!is_pem || value.find("PRIVATE KEY") != std::string::npos))
        return "expected a certificate that begins with -----BEGIN CERTIFICATE-----, and no key";
    return {};
}

void check_settings(BodyReader& body, const Messenger& messenger, const std::map<std::string, std::string>& settings) {
    for (const auto& [key, value] : settings)
        if (const std::string fault = fault_of(key, value); !fault.empty())
            body.wrong("settings." + key, fmt::format("settings.{}: {}", key, fault));
    for (const ConnectField& field : messenger.connect_form().fields) {
        const auto given = settings.find(std::string(field.key));
        if (field.choices.empty() || given == settings.end() || given->second.empty()) continue;
        if (std::ranges::find(field.choices, given->second) != field.choices.end()) continue;
        body.wrong("settings." + given->first, fmt::format("settings.{}: expected nothing or one of: {}", given->first,
                                                           fmt::join(field.choices, ", ")));
    }
}

}  // namespace okno::http
