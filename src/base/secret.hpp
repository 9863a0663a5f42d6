// A token or key that prints as *** wherever it is formatted; only `reveal` gives it out.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace okno {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

private:
    std::string value_;
};

}  // namespace okno

template <>
struct fmt::formatter<okno::Secret> : fmt::formatter<std::string_view> {
    auto format(const okno::Secret&, format_context& context) const {
        return fmt::formatter<std::string_view>::format("***", context);
    }
};
