#include "domain/policy_text.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <functional>

namespace okno {

namespace json = boost::json;

static json::value hours_value(const std::optional<SendingHours>& hours) {
    if (!hours) return nullptr;
    json::array days;
    for (std::size_t day = 0; day < hours->days.size(); ++day)
        if (hours->days[day]) days.push_back(day + 1);
    return json::object{{"days", std::move(days)},
                        {"from", write_time_of_day(hours->from)},
                        {"to", write_time_of_day(hours->to)},
                        {"utc_offset", write_utc_offset(hours->utc_offset)}};
}

static json::object policy_object(const ChannelPolicy& policy) {
    json::array purposes;
    for (const Purpose purpose : policy.purposes)
        purposes.emplace_back(name_of(purpose));
    return {{"reply_only", policy.is_reply_only},
            {"broadcasts", policy.takes_broadcasts},
            {"purposes", std::move(purposes)},
            {"hours", hours_value(policy.hours)}};
}

static std::unexpected<Error> wrong(const std::string& member, const std::string& expected) {
    return fail(ErrorKind::invalid, "invalid", "policy." + member + ": expected " + expected, "policy." + member);
}

static Result<bool> read_flag(const JsonView& wanted, const char* name, bool otherwise) {
    if (!wanted[name].is_there()) return otherwise;
    const json::value* raw = wanted[name].raw();
    if (!raw->is_bool()) return wrong(name, "true or false");
    return raw->get_bool();
}

static Result<std::set<Purpose>> read_purposes(const JsonView& list) {
    std::set<Purpose> out;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto purpose = read_purpose(list.at(i).text_or(""));
        if (!purpose) return wrong("purposes", "support, sales, marketing, research or notification");
        out.insert(*purpose);
    }
    if (out.empty()) return wrong("purposes", "a list of one purpose at least: to send nothing, pause the channel");
    return out;
}

static Result<std::array<bool, 7>> read_days(const JsonView& list) {
    if (!list.is_there()) return SendingHours{}.days;
    std::array<bool, 7> out{};
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto day = list.at(i).integer();
        if (!day || *day < 1 || *day > 7) return wrong("hours.days", "numbers from 1 (Monday) to 7 (Sunday)");
        out[static_cast<std::size_t>(*day - 1)] = true;
    }
    if (std::ranges::none_of(out, std::identity{})) return wrong("hours.days", "a list of one day at least");
    return out;
}

static Result<SendingHours> read_hours(const JsonView& wanted) {
    SendingHours out;
    const auto days = read_days(wanted["days"]);
    if (!days) return std::unexpected(days.error());
    out.days = *days;
    const auto from = read_time_of_day(wanted["from"].text_or(""));
    if (!from || *from == 24h) return wrong("hours.from", "a time from 00:00 to 23:59");
    const auto to = read_time_of_day(wanted["to"].text_or(""));
    if (!to || *to <= *from) return wrong("hours.to", "a time of the same day after hours.from, at most 24:00");
    const auto offset = read_utc_offset(wanted["utc_offset"].text_or("+00:00"));
    if (!offset) return wrong("hours.utc_offset", "the distance of your clock from UTC, as +03:00");
    out.from = *from;
    out.to = *to;
    out.utc_offset = *offset;
    return out;
}

// What an admin may not ask for; what is stored and says nothing is brought to the floor by policy_in_force.
static std::optional<Error> below_floor(const MessengerTraits& messenger, const JsonView& wanted) {
    const auto fixed = [](const char* member) {
        return Error{ErrorKind::conflict, "policy_fixed",
                     "This rule belongs to the messenger and cannot be loosened: its account would be blocked for it.",
                     std::string("policy.") + member};
    };
    if (messenger.is_reply_only && wanted["reply_only"].boolean() == false) return fixed("reply_only");
    if (!messenger.takes_broadcasts && wanted["broadcasts"].boolean() == true) return fixed("broadcasts");
    return std::nullopt;
}

static Result<ChannelPolicy> changed(const MessengerTraits& messenger, ChannelPolicy before, const JsonView& wanted) {
    if (wanted.raw() == nullptr || !wanted.raw()->is_object())
        return fail(ErrorKind::invalid, "invalid", "policy: expected an object", "policy");
    const Result<bool> is_reply_only = read_flag(wanted, "reply_only", before.is_reply_only);
    if (!is_reply_only) return std::unexpected(is_reply_only.error());
    const Result<bool> takes_broadcasts = read_flag(wanted, "broadcasts", before.takes_broadcasts);
    if (!takes_broadcasts) return std::unexpected(takes_broadcasts.error());
    if (auto error = below_floor(messenger, wanted)) return std::unexpected(std::move(*error));
    before.is_reply_only = *is_reply_only;
    before.takes_broadcasts = *takes_broadcasts;
    if (wanted["purposes"].is_there()) {
        auto purposes = read_purposes(wanted["purposes"]);
        if (!purposes) return std::unexpected(purposes.error());
        before.purposes = std::move(*purposes);
    }
    const json::value* hours = wanted["hours"].raw();
    if (hours != nullptr && hours->is_null()) before.hours.reset();
    if (wanted["hours"].is_there()) {
        const auto read = read_hours(wanted["hours"]);
        if (!read) return std::unexpected(read.error());
        before.hours = *read;
    }
    return before;
}

Result<ChannelPolicy> changed_policy(const MessengerTraits& messenger, ChannelPolicy before,
                                     const std::string& wanted) {
    const auto document = parse_json(wanted);
    if (!document) return std::unexpected(document.error());
    return changed(messenger, std::move(before), JsonView(*document));
}

std::string write_policy(const ChannelPolicy& policy) { return json::serialize(policy_object(policy)); }

ChannelPolicy read_policy(const std::string& text) { return changed_policy({}, {}, text).value_or(ChannelPolicy{}); }

}  // namespace okno
