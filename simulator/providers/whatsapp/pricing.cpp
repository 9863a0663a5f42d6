#include "providers/whatsapp/pricing.hpp"

namespace okno::sim::whatsapp {

namespace {

constexpr Timestamp kServiceIsCharged = std::chrono::sys_days{std::chrono::year{2026} / 10 / 1};
constexpr int kFreeServiceMessages = 1'000;

}  // namespace

bool is_window_open(const Chat& chat, Timestamp now) {
    return chat.last_user_message && now < *chat.last_user_message + 24h;
}

json::object price_of(Site& site, Number& number, const Chat& chat, std::string_view category) {
    const Timestamp now = site.now();
    std::string_view type = "regular";
    if (chat.free_entry_until && now < *chat.free_entry_until) {
        type = "free_entry_point";
    } else if (category == "service") {
        const std::string month = to_rfc3339(now).substr(0, 7);
        if (number.counted_month != month) {
            number.counted_month = month;
            number.service_messages = 0;
        }
        const bool is_free = now < kServiceIsCharged || ++number.service_messages <= kFreeServiceMessages;
        if (is_free) type = "free_customer_service";
    } else if (category == "utility" && now < kServiceIsCharged && is_window_open(chat, now)) {
        type = "free_customer_service";
    }
    return {{"billable", type == "regular"}, {"pricing_model", "PMP"}, {"type", type}, {"category", category}};
}

}  // namespace okno::sim::whatsapp
