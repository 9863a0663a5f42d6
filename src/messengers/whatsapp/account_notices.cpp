#include "messengers/whatsapp/account_notices.hpp"

#include <array>
#include <string_view>

namespace okno::whatsapp {

namespace {

struct Event {
    std::string_view name;
    bool is_broken;
    std::string_view words;
};

// Events that decide about sending by themselves; the others need a look at their details.
constexpr std::array events{
    Event{"ACCOUNT_DELETED", true, "Meta deleted the WhatsApp Business account."},
    Event{"ACCOUNT_OFFBOARDED", true, "The number was moved to another device and left the API."},
    Event{"ACCOUNT_RECONNECTED", false, ""},
    Event{"PARTNER_APP_UNINSTALLED", true, "The app was removed from the account: its token no longer works."},
};

std::optional<ChannelNotice> ban_notice(const JsonView& ban) {
    const std::string state = ban["waba_ban_state"].text_or("");
    if (state == "REINSTATE") return ChannelNotice{false, ""};
    if (state == "DISABLE") return ChannelNotice{true, "Meta disabled the WhatsApp Business account."};
    if (state == "SCHEDULE_FOR_DISABLE")
        return ChannelNotice{false, "Meta will disable the account on " +
                                        ban["waba_ban_date"].text_or("a day to come") +
                                        ": appeal in Business Support."};
    return std::nullopt;
}

std::optional<ChannelNotice> restriction_notice(const JsonView& restrictions) {
    for (std::size_t i = 0; i < restrictions.size(); ++i) {
        const JsonView one = restrictions.at(i);
        if (one["restriction_type"].text_or("") == "RESTRICTED_CUSTOMER_INITIATED_MESSAGING")
            return ChannelNotice{true, "Meta restricted the account: it may not even answer customers."};
        if (one["restriction_type"].text_or("") == "RESTRICTED_BIZ_INITIATED_MESSAGING")
            return ChannelNotice{false, "Meta restricted the account: it may answer, but not write first."};
    }
    return std::nullopt;
}

}  // namespace

std::optional<ChannelNotice> read_account_notice(const JsonView& value) {
    const std::string name = value["event"].text_or("");
    for (const Event& event : events)
        if (event.name == name) return ChannelNotice{event.is_broken, std::string(event.words)};
    if (name == "DISABLED_UPDATE") return ban_notice(value["ban_info"]);
    if (name == "ACCOUNT_RESTRICTION") return restriction_notice(value["restriction_info"]);
    if (name == "PARTNER_REMOVED")
        return ChannelNotice{true, "The account was disconnected: " +
                                       value["disconnection_info"]["reason"].text_or("Meta gave no reason") + "."};
    return std::nullopt;
}

}  // namespace okno::whatsapp
