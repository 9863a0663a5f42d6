// One call of a method: who makes it and with what.
#pragma once

#include "providers/vk/errors.hpp"
#include "providers/vk/site.hpp"

#include <expected>
#include <map>
#include <string>
#include <vector>

namespace okno::sim::vk {

struct Call {
    std::string method;
    std::map<std::string, std::string, std::less<>> parameters;
    Group* group = nullptr;
    std::string token;

    // Empty when it is not given.
    std::string text(std::string_view name) const;
    bool has(std::string_view name) const { return parameters.contains(name); }
    // Empty when it is not given or no whole number.
    std::optional<std::int64_t> number(std::string_view name) const;
    bool flag(std::string_view name) const { return text(name) == "1" || text(name) == "true"; }
};

using Answer = std::expected<json::value, Refusal>;

inline std::unexpected<Refusal> refuse(int code, std::string details = {}) {
    return std::unexpected(Refusal{code, std::move(details)});
}

// "1,2,3" as numbers; what is none is left out.
std::vector<std::int64_t> numbers_in(std::string_view list);
// The parts between commas.
std::vector<std::string> parts_in(std::string_view list);

}  // namespace okno::sim::vk
