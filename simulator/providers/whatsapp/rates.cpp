#include "providers/whatsapp/rates.hpp"

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

constexpr std::int64_t kPairPauseMs = 6'000;
constexpr std::int64_t kLargestBurst = 45;
constexpr std::int64_t kCoexistenceRate = 20;

void refill(Number& number, std::int64_t now_ms) {
    const double most = static_cast<double>(
        number.is_coexistence ? std::min(kCoexistenceRate, number.messages_per_second) : number.messages_per_second);
    if (number.tokens_left < 0)
        number.tokens_left = most;
    else
        number.tokens_left =
            std::min(most, number.tokens_left + most * static_cast<double>(now_ms - number.tokens_at_ms) / 1000.0);
    number.tokens_at_ms = now_ms;
}

}  // namespace

bool take_throughput(Number& number, std::int64_t now_ms) {
    refill(number, now_ms);
    if (number.tokens_left < 1) return false;
    number.tokens_left -= 1;
    return true;
}

void count_inbound(Number& number, std::int64_t now_ms) {
    refill(number, now_ms);
    number.tokens_left = std::max(0.0, number.tokens_left - 1);
}

bool may_send_to_pair(Chat& chat, std::int64_t now_ms) {
    if (chat.paid_until_ms <= now_ms) {
        chat.burst_start_ms = now_ms;
        chat.burst_size = 1;
        chat.paid_until_ms = now_ms + kPairPauseMs;
        return true;
    }
    if (now_ms - chat.burst_start_ms >= kPairPauseMs || chat.burst_size >= kLargestBurst) return false;
    ++chat.burst_size;
    chat.paid_until_ms += kPairPauseMs;
    return true;
}

}  // namespace okno::sim::whatsapp
