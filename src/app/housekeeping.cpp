#include "app/housekeeping.hpp"

#include "app/record_events.hpp"
#include "app/waiting_events.hpp"
#include "base/json.hpp"

namespace okno {

static constexpr auto longest_wait = std::chrono::minutes{10};
static constexpr int most_at_once = 500;

static std::string_view word_for(MessageChange::Kind kind) {
    switch (kind) {
        case MessageChange::Kind::edit: return "edit";
        case MessageChange::Kind::remove: return "revoke";
        case MessageChange::Kind::reaction: return "reaction";
    }
    return "";
}

static InboundMessage shown_instead(const MessageChange& change) {
    InboundMessage out;
    out.from = change.from;
    out.provider_id = ProviderMessageId{change.key.empty() ? "without:" + change.target.value() : change.key};
    out.type = "unsupported";
    out.text = change.text;
    out.content = boost::json::serialize(boost::json::object{{"type", word_for(change.kind)}});
    out.opens_window = false;
    return out;
}

static void apply_those_with_target(StoreSession& session, const FindMessenger& find) {
    for (const WaitingEvent& waiting : session.waiting_with_target(most_at_once)) {
        Transaction& tx = session.in(waiting.workspace);
        const auto channel = tx.channel(waiting.channel);
        const Messenger* messenger = channel ? find(channel->messenger) : nullptr;
        if (messenger == nullptr) continue;
        tx.remove_waiting(waiting);
        // At its own arrival: what still finds nothing waits on and is given up in its time.
        if (const auto report = read_waiting_status(waiting.event))
            record_event(tx, *channel, messenger->traits(), {channel->address, *report}, waiting.arrived_at);
        else if (const auto change = read_waiting_change(waiting.event))
            record_event(tx, *channel, messenger->traits(), {channel->address, *change}, waiting.arrived_at);
    }
}

bool is_sweep_due(StoreSession& session, Timestamp now) {
    return !session.waiting_with_target(1).empty() || !session.waiting_before(now - longest_wait, 1).empty();
}

int sweep_waiting(StoreSession& session, const FindMessenger& find, Timestamp now) {
    apply_those_with_target(session, find);
    int dropped = 0;
    for (const WaitingEvent& waiting : session.waiting_before(now - longest_wait, most_at_once)) {
        Transaction& tx = session.in(waiting.workspace);
        tx.remove_waiting(waiting);
        const auto change = read_waiting_change(waiting.event);
        const auto channel = tx.channel(waiting.channel);
        const Messenger* messenger = channel ? find(channel->messenger) : nullptr;
        if (!change) ++dropped;
        if (!change || messenger == nullptr || change->from.addresses.empty()) continue;
        record_event(tx, *channel, messenger->traits(), {channel->address, shown_instead(*change)}, now);
    }
    return dropped;
}

}  // namespace okno
