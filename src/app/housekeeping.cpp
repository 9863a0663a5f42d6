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

int give_up_waiting(StoreSession& session, const FindMessenger& find, Timestamp now) {
    int dropped = 0;
    for (const WaitingEvent& waiting : session.take_waiting_before(now - longest_wait, most_at_once)) {
        Transaction& tx = session.in(waiting.workspace);
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
