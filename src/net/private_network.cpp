#include "net/private_network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace okno::net {
namespace {

struct Network {
    std::uint32_t address;
    int bits;
};

// IANA's special-purpose registry.
constexpr std::array kPrivate{
    Network{0x00000000, 8},  Network{0x0A000000, 8},  Network{0x64400000, 10}, Network{0x7F000000, 8},
    Network{0xA9FE0000, 16}, Network{0xAC100000, 12}, Network{0xC0000000, 24}, Network{0xC0000200, 24},
    Network{0xC0A80000, 16}, Network{0xC6120000, 15}, Network{0xC6336400, 24}, Network{0xCB007100, 24},
    Network{0xE0000000, 4},  Network{0xF0000000, 4},
};

bool is_private_v4(std::uint32_t address) {
    for (const Network& network : kPrivate)
        if ((address ^ network.address) >> (32 - network.bits) == 0) return true;
    return false;
}

// Of IPv6: the first group, and what of the second decides.
struct SecondGroup {
    std::uint16_t mask;
    std::uint16_t value;
};
constexpr std::array kPrivateV6{
    std::pair{std::uint16_t{0x2001}, SecondGroup{0xFE00, 0x0000}},  // 2001::/23, Teredo among them
    std::pair{std::uint16_t{0x2001}, SecondGroup{0xFFFF, 0x0DB8}},  // 2001:db8::/32
    std::pair{std::uint16_t{0x3FFF}, SecondGroup{0xF000, 0x0000}},  // 3fff::/20
    std::pair{std::uint16_t{0x0064}, SecondGroup{0xFFFF, 0xFF9B}},  // 64:ff9b:1::/48; 64:ff9b::/96 is looked at before
    std::pair{std::uint16_t{0x0100}, SecondGroup{0xFFFF, 0x0000}},  // 100::/64
    std::pair{std::uint16_t{0x5F00}, SecondGroup{0x0000, 0x0000}},  // 5f00::/16
};

std::uint32_t v4_at(const std::uint8_t* bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

bool is_private_v6(const in6_addr& address) {
    const std::uint8_t* b = address.s6_addr;
    const auto group = [b](int i) { return static_cast<std::uint16_t>(b[2 * i] << 8 | b[2 * i + 1]); };
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    constexpr std::array<std::uint8_t, 12> nat64{0, 0x64, 0xFF, 0x9B};
    constexpr std::array<std::uint8_t, 12> zeros{};
    if (std::memcmp(b, mapped.data(), 12) == 0 || std::memcmp(b, nat64.data(), 12) == 0)
        return is_private_v4(v4_at(b + 12));
    if (std::memcmp(b, zeros.data(), 12) == 0) return true;                // ::, ::1 and the old compatible form
    if (b[0] == 0x20 && b[1] == 0x02) return is_private_v4(v4_at(b + 2));  // 6to4
    // Tunnels (Teredo), documentation, local translation, discarding, segment routing: nobody of the world is there.
    for (const auto& [first, second] : kPrivateV6)
        if (group(0) == first && (group(1) & second.mask) == second.value) return true;
    return (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0x80) == 0x80) || b[0] == 0xFF;
}

}  // namespace

bool is_private_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return is_private_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        return is_private_v6(v6.sin6_addr);
    }
    return true;
}

}  // namespace okno::net
