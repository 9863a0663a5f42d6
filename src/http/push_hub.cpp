#include "http/push_hub.hpp"

#include "base/log.hpp"
#include "http/api/objects.hpp"

#include <algorithm>
#include <set>

namespace okno::http {

namespace json = boost::json;

constexpr int most_in_batch = 500;

PushHub::PushHub(Store& store, Clock& clock, FindMessenger find, std::string public_url)
    : store_(store), clock_(clock), find_(std::move(find)), public_url_(std::move(public_url)) {}

void PushHub::join(std::shared_ptr<Watcher> watcher) {
    const WorkspaceId workspace = watcher->user.workspace;
    {
        const std::scoped_lock lock(mutex_);
        feeds_[workspace].watchers.push_back(std::move(watcher));
    }
    pump(workspace);
}

void PushHub::leave(const std::shared_ptr<Watcher>& watcher) {
    const std::scoped_lock lock(mutex_);
    const auto feed = feeds_.find(watcher->user.workspace);
    if (feed != feeds_.end()) std::erase(feed->second.watchers, watcher);
}

void PushHub::changed(const std::vector<WorkspaceId>& workspaces) {
    for (const WorkspaceId workspace : workspaces)
        pump(workspace);
}

void PushHub::poll() {
    end_old_sessions(Clock::real_now());
    std::vector<WorkspaceId> watched;
    {
        const std::scoped_lock lock(mutex_);
        std::erase_if(feeds_, [](const auto& one) { return one.second.watchers.empty() && !one.second.is_reading; });
        for (const auto& [workspace, feed] : feeds_)
            watched.push_back(workspace);
    }
    changed(watched);
}

void PushHub::end_session(const std::string& session_hash) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [workspace, feed] : feeds_)
        for (const auto& watcher : feed.watchers)
            if (!session_hash.empty() && watcher->session_hash == session_hash) watcher->peer->close(4401);
}

// Nobody asks on an open feed, so the age of its session is looked at here.
void PushHub::end_old_sessions(Timestamp real_now) {
    const std::scoped_lock lock(mutex_);
    for (auto& [workspace, feed] : feeds_)
        std::erase_if(feed.watchers, [&](const std::shared_ptr<Watcher>& watcher) {
            const bool is_over = watcher->ends_at && *watcher->ends_at <= real_now;
            if (is_over) watcher->peer->close(4401);
            return is_over;
        });
}

void PushHub::clock_moved() {
    const auto text = std::make_shared<const std::string>(
        json::serialize(json::object{{"type", "clock"}, {"server_time", to_rfc3339(clock_.now())}}));
    const std::scoped_lock lock(mutex_);
    for (const auto& [workspace, feed] : feeds_)
        for (const auto& watcher : feed.watchers)
            watcher->peer->send({text});
}

void PushHub::close() {
    const std::scoped_lock lock(mutex_);
    for (auto& [workspace, feed] : feeds_)
        feed.watchers.clear();
}

std::size_t PushHub::watchers() const {
    const std::scoped_lock lock(mutex_);
    std::size_t count = 0;
    for (const auto& [workspace, feed] : feeds_)
        count += feed.watchers.size();
    return count;
}

// One read at a time for each workspace, so that `after` of a watcher only moves forward and frames keep their order.
void PushHub::pump(WorkspaceId workspace) {
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = feeds_.find(workspace);
        if (found == feeds_.end() || found->second.watchers.empty()) return;
        if (found->second.is_reading) {
            found->second.is_stale = true;
            return;
        }
        found->second.is_reading = true;
        found->second.is_stale = false;
        watchers = found->second.watchers;
    }
    auto has_more = std::make_shared<bool>(false);
    store_.read([this, workspace, watchers = std::move(watchers),
                 has_more](StoreSession& session) { *has_more = send_changes(session, workspace, watchers); },
                [this, workspace, has_more](std::exception_ptr error) {
                    if (error) log(LogLevel::warning, "changes could not be read, pages wait for the next poll");
                    bool is_stale = false;
                    {
                        const std::scoped_lock lock(mutex_);
                        Feed& feed = feeds_[workspace];
                        feed.is_reading = false;
                        is_stale = !error && (feed.is_stale || *has_more);
                    }
                    if (is_stale) pump(workspace);
                });
}

// Says hello; a watcher whose number is no longer kept is told to load its views anew.
void PushHub::greet(Watcher& watcher, std::int64_t oldest, std::int64_t last) const {
    const auto send = [&](const json::object& frame) {
        watcher.peer->send({std::make_shared<const std::string>(json::serialize(frame))});
    };
    send({{"type", "hello"}, {"seq", last}, {"server_time", to_rfc3339(clock_.now())}});
    watcher.is_greeted = true;
    const bool is_kept = watcher.after && *watcher.after <= last && *watcher.after >= oldest - 1;
    if (watcher.after && !is_kept) send({{"type", "resync"}});
    if (!is_kept) watcher.after = last;
}

namespace {

// The frames of one batch; what differs by reader is made once for each reader.
class Frames {
public:
    Frames(Transaction& tx, const FindMessenger& find, Timestamp now, const std::string& public_url)
        : tx_(tx), find_(find), writer_(tx, find, now), public_url_(public_url) {}

    std::shared_ptr<const std::string> frame(const Change& change, const User& reader) {
        const bool is_personal = change.type != "message";
        const auto key = std::pair{change.seq, is_personal ? reader.id : UserId{}};
        auto& made = frames_[key];
        if (!made) {
            json::object frame{{"seq", change.seq}, {"type", change.type}, {"data", data(change, reader)}};
            if (frame["data"].is_null()) {
                frame["type"] = "removed";
                frame["data"] = json::object{{"type", change.type}, {"id", change.object.text()}};
            }
            made = std::make_shared<const std::string>(json::serialize(frame));
        }
        return made;
    }

private:
    json::value data(const Change& change, const User& reader) {
        if (change.type == "message") {
            const auto message = tx_.message(MessageId{change.object});
            return message ? json::value(writer_.message(*message)) : json::value(nullptr);
        }
        if (change.type == "conversation") {
            const auto conversation = tx_.conversation(ConversationId{change.object}, reader.id);
            return conversation ? json::value(writer_.conversation(*conversation)) : json::value(nullptr);
        }
        const auto channel = tx_.channel(ChannelId{change.object});
        const bool is_admin = reader.role == "owner" || reader.role == "admin";
        if (!channel) return nullptr;
        return channel_object(*channel, find_(channel->messenger), public_url_, is_admin);
    }

    Transaction& tx_;
    const FindMessenger& find_;
    ObjectWriter writer_;
    const std::string& public_url_;
    std::map<std::pair<std::int64_t, UserId>, std::shared_ptr<const std::string>> frames_;
};

// Of several changes of one object only the last is sent: each frame holds the object as it is now.
std::vector<Change> last_of_each(std::vector<Change> changes) {
    std::set<std::pair<std::string, Uuid>> seen;
    std::vector<Change> out;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change)
        if (seen.emplace(change->type, change->object).second) out.push_back(*change);
    std::ranges::reverse(out);
    return out;
}

void look_ahead(Transaction& tx, const std::vector<Change>& changes,
                const std::vector<std::shared_ptr<Watcher>>& watchers) {
    std::set<MessageId> messages;
    std::set<ConversationId> conversations;
    for (const Change& change : changes) {
        if (change.type == "message") messages.insert(MessageId{change.object});
        if (change.type == "conversation") conversations.insert(ConversationId{change.object});
    }
    std::set<UserId> readers;
    for (const auto& watcher : watchers)
        if (*watcher->after < changes.back().seq) readers.insert(watcher->user.id);
    for (const UserId& reader : readers)
        tx.look_ahead_for(reader, messages, conversations);
}

}  // namespace

bool PushHub::send_changes(StoreSession& session, WorkspaceId workspace,
                           const std::vector<std::shared_ptr<Watcher>>& watchers) {
    Transaction& tx = session.in(workspace);
    const std::int64_t last = tx.last_seq();
    const std::int64_t oldest = tx.oldest_seq();
    std::int64_t from = last;
    for (const auto& watcher : watchers) {
        if (!watcher->is_greeted) greet(*watcher, oldest, last);
        from = std::min(from, watcher->after.value_or(last));
    }
    if (from >= last) return false;
    const std::vector<Change> changes = tx.changes_after(from, most_in_batch);
    if (changes.empty()) return false;
    Frames frames(tx, find_, clock_.now(), public_url_);
    const std::vector<Change> wanted = last_of_each(changes);
    look_ahead(tx, wanted, watchers);
    for (const auto& watcher : watchers) {
        std::vector<std::shared_ptr<const std::string>> texts;
        for (const Change& change : wanted)
            if (*watcher->after < change.seq) texts.push_back(frames.frame(change, watcher->user));
        if (!texts.empty()) watcher->peer->send(std::move(texts));
        watcher->after = std::max(*watcher->after, changes.back().seq);
    }
    return static_cast<int>(changes.size()) == most_in_batch;
}

}  // namespace okno::http
