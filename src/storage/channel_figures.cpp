// What went through a channel. There is no index by channel: conversations are found by their time, and their messages
// from there, so that it costs what was written in that time and nothing to those who write.
#include "storage/sql_transaction.hpp"

#include <algorithm>
#include <map>

namespace okno::storage {

static const std::string messages_of_channel =
    " FROM conversations c JOIN messages m ON m.workspace_id=c.workspace_id AND m.conversation_id=c.id"
    " WHERE c.workspace_id=$1 AND c.channel_id=$2 AND c.updated_at>=$3 AND m.position>=$3";

static bool is_inbound(std::int64_t direction) { return direction == static_cast<int>(Direction::inbound); }

namespace {

struct Group {
    std::int64_t direction = 0;
    std::optional<std::int64_t> status;
    std::string error;
    int count = 0;
    Timestamp last;
    std::int64_t slowest = 0;
};

Group read_group(const Row& row) {
    Group out;
    out.direction = row.integer(0);
    if (const std::int64_t status = row.integer(1); status >= 0) out.status = status;
    out.error = row.text(2);
    out.count = static_cast<int>(row.integer(3));
    out.last = row.time(4);
    out.slowest = row.integer(5);
    return out;
}

void add(ChannelFigures& figures, const Group& group) {
    if (is_inbound(group.direction)) {
        figures.came += group.count;
        figures.last_in = std::max(figures.last_in.value_or(group.last), group.last);
        const std::chrono::milliseconds slowest(group.slowest);
        figures.slowest = std::max(figures.slowest.value_or(slowest), slowest);
        return;
    }
    if (group.status != static_cast<int>(MessageStatus::failed)) {
        if (group.status >= static_cast<int>(MessageStatus::sent)) {
            figures.left += group.count;
            figures.last_out = std::max(figures.last_out.value_or(group.last), group.last);
        }
        return;
    }
    figures.failed += group.count;
    figures.errors.push_back({group.error, group.count, group.last});
}

}  // namespace

ChannelFigures SqlTransaction::channel_figures(ChannelId id, Timestamp since, Timestamp long_since) {
    ChannelFigures out;
    const std::string groups =
        "SELECT m.direction, coalesce(m.status, -1), m.error_code, count(*), max(m.position),"
        " max(m.created_at - m.position)" +
        messages_of_channel + " AND m.direction IN (0, 1) GROUP BY m.direction, coalesce(m.status, -1), m.error_code";
    for (const Group& group : sql_.rows(groups, read_group, workspace_, id, since))
        add(out, group);
    std::ranges::sort(out.errors, std::ranges::greater{}, &ChannelFigures::Cause::count);
    if (!out.last_in || !out.last_out) {
        const std::string last = "SELECT m.direction, max(m.position)" + messages_of_channel +
                                 " AND (m.direction=0 OR (m.direction=1 AND m.status IN (3, 5, 6)))"
                                 " GROUP BY m.direction";
        for (const auto& [direction, at] : sql_.rows(
                 last, [](const Row& row) { return std::pair{row.integer(0), row.time(1)}; }, workspace_, id,
                 long_since))
            (is_inbound(direction) ? out.last_in : out.last_out) = at;
    }
    out.waiting = static_cast<int>(sql_.first(
                                           "SELECT count(*) FROM outbox WHERE workspace_id=$1 AND channel_id=$2",
                                           [](const Row& row) { return row.integer(0); }, workspace_, id)
                                       .value_or(0));
    return out;
}

int SqlTransaction::came_between(ChannelId id, Timestamp from, Timestamp to) {
    return static_cast<int>(sql_.first(
                                    "SELECT count(*)" + messages_of_channel + " AND m.direction=0 AND m.position<$4",
                                    [](const Row& row) { return row.integer(0); }, workspace_, id, from, to)
                                .value_or(0));
}

}  // namespace okno::storage
