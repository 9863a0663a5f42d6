#include "messengers/whatsapp/account_notices.hpp"

#include "messengers/whatsapp/errors.hpp"
#include "messengers/whatsapp/parse.hpp"

#include <array>
#include <string_view>

namespace okno::whatsapp {

using Kind = ChannelNotice::Kind;

namespace {

struct Event {
    std::string_view name;
    Kind kind;
    std::string_view words;
};

// Events that decide about sending by themselves; the others need a look at their details.
constexpr std::array events{
    Event{"ACCOUNT_DELETED", Kind::broken, "Meta deleted the WhatsApp Business account."},
    Event{"ACCOUNT_OFFBOARDED", Kind::broken, "The number was moved to another device and left the API."},
    Event{"ACCOUNT_RECONNECTED", Kind::working, ""},
    Event{"PARTNER_APP_UNINSTALLED", Kind::broken, "The app was removed from the account: its token no longer works."},
};

std::optional<ChannelNotice> ban_notice(const JsonView& ban) {
    const std::string state = ban["waba_ban_state"].text_or("");
    if (state == "REINSTATE") return ChannelNotice{Kind::working, ""};
    if (state == "DISABLE") return ChannelNotice{Kind::broken, "Meta disabled the WhatsApp Business account."};
    if (state == "SCHEDULE_FOR_DISABLE")
        return ChannelNotice{Kind::warning, "Meta will disable the account on " +
                                                ban["waba_ban_date"].text_or("a day to come") +
                                                ": appeal in Business Support."};
    return std::nullopt;
}

std::string until(const JsonView& restriction) {
    const auto expires = time_of(restriction["expiration"]);
    if (!expires) return ".";
    return " until " + to_rfc3339(*expires).substr(0, 10) + ".";
}

// Of several restrictions the one that stops everything counts, wherever it stands.
std::optional<ChannelNotice> restriction_notice(const JsonView& restrictions) {
    std::optional<ChannelNotice> out;
    for (std::size_t i = 0; i < restrictions.size(); ++i) {
        const JsonView one = restrictions.at(i);
        const std::string type = one["restriction_type"].text_or("");
        if (type == "RESTRICTED_CUSTOMER_INITIATED_MESSAGING")
            return ChannelNotice{Kind::broken,
                                 "Meta restricted the account: it may not even answer customers" + until(one)};
        if (type == "RESTRICTED_BIZ_INITIATED_MESSAGING")
            out = {Kind::warning, "Meta restricted the account: it may answer, but not write first" + until(one)};
        else if (type == "RESTRICTED_UTILITY_TEMPLATES" && !out)
            out = {Kind::warning, "Meta restricted the account: it may not send utility templates" + until(one)};
    }
    return out;
}

}  // namespace

std::optional<ChannelNotice> read_account_notice(const JsonView& value) {
    const std::string name = value["event"].text_or("");
    for (const Event& event : events)
        if (event.name == name) return ChannelNotice{event.kind, std::string(event.words)};
    if (name == "DISABLED_UPDATE") return ban_notice(value["ban_info"]);
    if (name == "ACCOUNT_RESTRICTION") return restriction_notice(value["restriction_info"]);
    if (name == "ACCOUNT_VIOLATION")
        return ChannelNotice{Kind::warning, "Meta says that the account broke its rules: " +
                                                value["violation_info"]["violation_type"].text_or("no reason given") +
                                                "."};
    if (name == "PARTNER_REMOVED")
        return ChannelNotice{Kind::broken, "The account was disconnected: " +
                                               value["disconnection_info"]["reason"].text_or("Meta gave no reason") +
                                               "."};
    return std::nullopt;
}

ChannelNotice notice_of(const JsonView& error) {
    const auto kind = concern_of(error["code"].integer().value_or(-1));
    return {kind.value_or(Kind::warning), sentence_of(error)};
}

}  // namespace okno::whatsapp
