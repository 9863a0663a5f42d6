#include "messengers/gateway/watch.hpp"

#include "base/json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace okno::gateway {

namespace json = boost::json;

namespace {

constexpr std::array<std::chrono::minutes, 3> pauses{1min, 5min, 15min};  // before the restarts
constexpr auto silence_is_told_after = 5min;
constexpr auto well_for_good_after = 15min;
constexpr auto told_again_after = 10min;
constexpr auto fetched_before = 10min;  // what came just before an outage may not have been told either
constexpr int missed_looks = 3;         // after which Okno itself was away

constexpr const char* working = "WORKING";
constexpr const char* silent = "silent";
constexpr const char* other_number = "other_number";
constexpr const char* refused = "refused";
constexpr const char* blocked = "blocked";

// Said when it is new, and now and then again: something else may have been said of the channel by others.
std::optional<ChannelNotice> told_once(Watch& watch, const std::string& what, std::optional<ChannelNotice> notice,
                                       Timestamp now) {
    if (watch.told == what && now - watch.told_at < told_again_after) return std::nullopt;
    watch.told = what;
    watch.told_at = now;
    return notice;
}

ChannelNotice broken(std::string reason) { return {ChannelNotice::Kind::broken, std::move(reason)}; }

// Nothing came: from the gateway, from its proxy, or because it lost its session.
Step step_without_session(Watch watch, const Look& look, Timestamp now) {
    Step out{watch};
    if (!look.refusal.empty()) {
        out.notice = told_once(out.after, refused, broken("The gateway refuses: " + look.refusal), now);
        return out;
    }
    if (out.after.silent_at == Timestamp{}) out.after.silent_at = now;
    if (now - out.after.silent_at >= silence_is_told_after)
        out.notice = told_once(out.after, silent,
                               broken("The gateway has not answered for 5 minutes. See whether it runs and can be "
                                      "reached."),
                               now);
    return out;
}

Step step_failed(Watch watch, const Session& session, Timestamp now) {
    Step out{watch};
    const auto tried = static_cast<std::size_t>(out.after.restarts);
    if (tried >= pauses.size()) {
        out.notice = told_once(out.after, blocked, blocked_notice(session.word), now);
        return out;
    }
    if (out.after.restart_at == Timestamp{}) out.after.restart_at = now + pauses[tried];
    out.notice = told_once(out.after, std::string(name_of(session.state)), notice_of(session, 1), now);
    if (now < out.after.restart_at) return out;
    out.restarts = true;
    out.after.restart_at = Timestamp{};
    ++out.after.restarts;
    return out;
}

Step step_working(Watch watch, bool was_away, Timestamp now) {
    Step out{watch};
    const bool was_out = !watch.told.empty() && watch.told != working;
    if (watch.well_at != Timestamp{} && (was_out || was_away))
        out.fetch_since = std::max(watch.well_at - fetched_before, watch.begun_at);
    out.notice = told_once(out.after, working, ChannelNotice{ChannelNotice::Kind::working, ""}, now);
    if (out.after.well_since == Timestamp{}) out.after.well_since = now;
    if (now - out.after.well_since >= well_for_good_after) out.after.restarts = 0;
    out.after.restart_at = Timestamp{};
    out.after.well_at = now;
    return out;
}

std::int64_t millis(const JsonView& number) { return number.integer().value_or(0); }

}  // namespace

Watch read_watch(const std::string& cursor) {
    const auto document = parse_json(cursor);
    if (!document) return {};
    const JsonView view(*document);
    Watch out;
    out.told = view["told"].text_or("");
    out.told_at = from_millis(millis(view["told_at"]));
    out.looked_at = from_millis(millis(view["looked_at"]));
    out.well_at = from_millis(millis(view["well_at"]));
    out.well_since = from_millis(millis(view["well_since"]));
    out.silent_at = from_millis(millis(view["silent_at"]));
    out.begun_at = from_millis(millis(view["begun_at"]));
    out.restart_at = from_millis(millis(view["restart_at"]));
    out.restarts = static_cast<int>(millis(view["restarts"]));
    return out;
}

std::string write_watch(const Watch& watch) {
    return json::serialize(json::object{{"told", watch.told},
                                        {"told_at", to_millis(watch.told_at)},
                                        {"looked_at", to_millis(watch.looked_at)},
                                        {"well_at", to_millis(watch.well_at)},
                                        {"well_since", to_millis(watch.well_since)},
                                        {"silent_at", to_millis(watch.silent_at)},
                                        {"begun_at", to_millis(watch.begun_at)},
                                        {"restart_at", to_millis(watch.restart_at)},
                                        {"restarts", watch.restarts}});
}

Step step(Watch watch, const Look& look, const std::string& number, std::chrono::milliseconds pause, Timestamp now) {
    const bool was_silent = watch.silent_at != Timestamp{} || watch.told == refused;
    const bool is_first = watch.looked_at == Timestamp{};
    const bool was_away =
        was_silent ||
        (!is_first && (now - watch.looked_at > missed_looks * pause || look.changed_at > watch.looked_at));
    if (is_first) watch.begun_at = watch.well_at = now;
    watch.looked_at = now;
    if (!look.session) return step_without_session(watch, look, now);
    const Session& session = *look.session;
    watch.silent_at = Timestamp{};
    const bool is_working = session.state == SessionState::working;
    if (is_working && !session.number.empty() && session.number != number) {
        Step out{watch};
        out.notice = told_once(out.after, other_number,
                               broken("Another number is linked now, +" + session.number + " instead of +" + number +
                                      ". Link the right one, or connect the other as a channel of its own."),
                               now);
        return out;
    }
    if (is_working) return step_working(watch, was_away, now);
    watch.well_since = Timestamp{};
    if (session.state == SessionState::failed) return step_failed(watch, session, now);
    Step out{watch};
    // It begins; whether it works will be seen. What was told before stays true so long.
    if (session.state == SessionState::starting) {
        if (out.after.told.empty() || out.after.told == working) out.after.told = name_of(session.state);
        return out;
    }
    out.after.restart_at = Timestamp{};
    out.notice = told_once(out.after, std::string(name_of(session.state)), notice_of(session, 0), now);
    return out;
}

}  // namespace okno::gateway
