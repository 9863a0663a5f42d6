// Time-ordered ids (UUIDv7, RFC 9562), made before the insert and never decreasing in a process.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

// 16 bytes, compared in byte order, which is the order of creation.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    // True for the all-zero id, which no object has.
    bool is_nil() const;
    // The canonical text: 36 lower-case characters with hyphens.
    std::string text() const;

    friend bool operator==(const Uuid&, const Uuid&) = default;
    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

// A new id, greater than every id this process made before; safe from any thread.
Uuid make_uuid();

// Reads the canonical text in either case; empty when it is anything else.
std::optional<Uuid> parse_uuid(std::string_view text);

}  // namespace okno

template <>
struct std::hash<okno::Uuid> {
    std::size_t operator()(const okno::Uuid& id) const;
};
