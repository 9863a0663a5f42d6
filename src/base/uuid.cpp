#include "base/uuid.hpp"

#include "base/crypto.hpp"
#include "base/time.hpp"

#include <array>
#include <cstring>
#include <mutex>

namespace okno {

bool Uuid::is_nil() const { return *this == Uuid{}; }

std::string Uuid::text() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

Uuid make_uuid() {
    static std::mutex mutex;
    static std::uint64_t last = 0;  // milliseconds << 12 | counter
    // Asked of the system many at a time: a call to it costs more than all the rest here.
    static std::array<std::uint64_t, 64> random;
    static std::size_t unused = 0;

    const auto ms = static_cast<std::uint64_t>(to_millis(Clock::real_now()));
    std::uint64_t stamp = ms << 12;
    Uuid id;
    {
        const std::scoped_lock lock(mutex);
        if (unused == 0) {
            random_bytes(random.data(), sizeof random);
            unused = random.size();
        }
        std::memcpy(id.bytes.data() + 8, &random[--unused], 8);
        // The counter runs on into the milliseconds when a clock stands still or goes back.
        if (stamp <= last) stamp = last + 1;
        last = stamp;
    }
    const std::uint64_t time = stamp >> 12;
    for (int i = 0; i < 6; ++i)
        id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(time >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | ((stamp >> 8) & 15));
    id.bytes[7] = static_cast<std::uint8_t>(stamp);
    id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            if (text[at++] != '-') return std::nullopt;
        }
        const int high = hex_digit(text[at]);
        const int low = hex_digit(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return id;
}

}  // namespace okno

std::size_t std::hash<okno::Uuid>::operator()(const okno::Uuid& id) const {
    std::size_t out = 0;
    std::memcpy(&out, id.bytes.data() + 8, sizeof out);  // the random half
    return out;
}
