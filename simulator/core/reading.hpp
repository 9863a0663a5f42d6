// Short ways to read members of a JSON object that may not be there.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace okno::sim {

namespace json = boost::json;

// Text, or a number as text; empty when absent.
inline std::string text_at(const json::object& from, std::string_view name) {
    const json::value* value = from.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string()) return std::string(value->get_string());
    if (value->is_int64() || value->is_uint64()) return json::serialize(*value);
    return {};
}

inline bool flag_at(const json::object& from, std::string_view name, bool otherwise = false) {
    const json::value* value = from.if_contains(name);
    return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

// A whole number, or text holding one.
inline std::int64_t number_at(const json::object& from, std::string_view name, std::int64_t otherwise = 0) {
    const json::value* value = from.if_contains(name);
    if (value == nullptr) return otherwise;
    if (value->is_int64()) return value->get_int64();
    if (value->is_uint64()) return static_cast<std::int64_t>(value->get_uint64());
    if (value->is_double()) return static_cast<std::int64_t>(value->get_double());
    if (!value->is_string() || value->get_string().empty()) return otherwise;
    char* end = nullptr;
    const std::string text(value->get_string());
    const std::int64_t number = std::strtoll(text.c_str(), &end, 10);
    return *end == '\0' ? number : otherwise;
}

// Empty ones when absent or of another kind.
inline const json::object& object_at(const json::object& from, std::string_view name) {
    static const json::object none;
    const json::value* value = from.if_contains(name);
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

inline const json::array& array_at(const json::object& from, std::string_view name) {
    static const json::array none;
    const json::value* value = from.if_contains(name);
    return value != nullptr && value->is_array() ? value->get_array() : none;
}

}  // namespace okno::sim
