#include "base/http.hpp"

#include <algorithm>

namespace okno {

static bool equals_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view Headers::get(std::string_view name) const {
    for (const auto& [key, value] : fields)
        if (equals_ignoring_case(key, name)) return value;
    return {};
}

void Headers::set(std::string name, std::string value) {
    std::erase_if(fields, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
    fields.emplace_back(std::move(name), std::move(value));
}

std::string_view WebhookRequest::query_value(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

}  // namespace okno
