#include "app/apply_intake.hpp"

#include "app/record_events.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <future>

namespace okno {

static void wait_for_write(Store& store, const Store::Work& work) {
    std::promise<void> done;
    store.write_later(work, [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
}

static const Channel* channel_with(const std::vector<Channel>& channels, ChannelId id) {
    const auto found = std::ranges::find(channels, id, &Channel::id);
    return found == channels.end() ? nullptr : &*found;
}

// Whom an element of a webhook concerns: the channel of an address, or all those of an account.
struct Addressee {
    const std::string& channel_address;
    const std::string& account;
};

static bool concerns(const Addressee& addressee, const Messenger& messenger, const Channel& channel) {
    if (!addressee.account.empty()) return messenger.account_of(channel) == addressee.account;
    return channel.address == addressee.channel_address;
}

// The channels that may take it, each verified by its own secret; the channel of the URL when it names none.
static std::vector<const Channel*> targets_of(const std::vector<Channel>& channels, const Channel& received,
                                              const Messenger& messenger, const Addressee& addressee,
                                              const IntakeRow& row) {
    if (addressee.channel_address.empty() && addressee.account.empty()) return {&received};
    std::vector<const Channel*> out;
    for (const Channel& channel : channels) {
        if (channel.messenger != received.messenger || !concerns(addressee, messenger, channel)) continue;
        if (channel.id == received.id || messenger.verifies(row.bytes, row.proof, channel)) out.push_back(&channel);
    }
    return out;
}

static void set_aside(StoreSession& session, const Channel& channel, const IntakeRow& row, const std::string& reason,
                      const std::string& bytes) {
    session.in(channel.workspace).set_aside({0, channel.id, row.received_at, reason, bytes, row.proof});
    session.in(channel.workspace).note_change("channel", channel.id.value());
}

bool apply_webhook(StoreSession& session, const FindMessenger& find, const std::vector<Channel>& channels,
                   const IntakeRow& row) {
    const Channel* received = channel_with(channels, row.channel);
    if (received == nullptr) return false;  // the channel was deleted after its webhook came
    const Messenger* messenger = find(received->messenger);
    if (messenger == nullptr) return false;
    const ParsedWebhook parsed = messenger->parse(row.bytes);
    bool has_foreign = false;
    for (const ProviderEvent& event : parsed.events) {
        const auto targets = targets_of(channels, *received, *messenger, {event.channel_address, event.account}, row);
        has_foreign = has_foreign || targets.empty();
        for (const Channel* target : targets)
            record_event(session.in(target->workspace), *target, messenger->traits(), event, row.received_at);
    }
    for (const UnreadableElement& element : parsed.unreadable) {
        const auto targets = targets_of(channels, *received, *messenger, {element.channel_address, {}}, row);
        has_foreign = has_foreign || targets.empty();
        for (const Channel* target : targets)
            set_aside(session, *target, row, element.reason, element.bytes);
    }
    if (has_foreign)
        set_aside(session, *received, row,
                  "It holds entries of a number or an account that is not connected with the same secret.", row.bytes);
    return !parsed.events.empty() || !parsed.unreadable.empty();
}

IntakeWorker::IntakeWorker(Store& store, Intake& intake, FindMessenger find)
    : store_(store), intake_(intake), find_(std::move(find)) {}

int IntakeWorker::run_once(int limit) {
    const std::vector<IntakeRow> rows = intake_.waiting(limit);
    if (rows.empty()) return 0;
    try {
        wait_for_write(store_, [&](StoreSession& session) {
            const std::vector<Channel> channels = session.all_channels();
            for (const IntakeRow& row : rows)
                apply_webhook(session, find_, channels, row);
            intake_.mark_applied(session, rows);
        });
    } catch (const StoreUnavailable&) {
        throw;
    } catch (const std::exception& error) {
        log(LogLevel::warning, "a batch of webhooks failed, trying them one by one", {{"reason", error.what()}});
        for (const IntakeRow& row : rows)
            apply_alone(row);
    }
    return static_cast<int>(rows.size());
}

void IntakeWorker::apply_alone(const IntakeRow& row) {
    std::string reason;
    for (int attempt = 0; attempt < 3; ++attempt) {
        try {
            wait_for_write(store_, [&](StoreSession& session) {
                apply_webhook(session, find_, session.all_channels(), row);
                intake_.mark_applied(session, {row});
            });
            return;
        } catch (const StoreUnavailable&) {
            throw;
        } catch (const std::exception& error) {
            reason = error.what();
        }
    }
    log(LogLevel::error, "a webhook was set aside", {{"number", std::to_string(row.number)}, {"reason", reason}});
    wait_for_write(store_, [&](StoreSession& session) {
        const std::vector<Channel> channels = session.all_channels();
        if (const Channel* channel = channel_with(channels, row.channel))
            set_aside(session, *channel, row, reason, row.bytes);
        intake_.mark_applied(session, {row});
    });
}

bool IntakeWorker::replay(WorkspaceId workspace, ChannelId channel, std::int64_t number) {
    bool is_there = false;
    wait_for_write(store_, [&](StoreSession& session) {
        const auto kept = session.in(workspace).take_set_aside(channel, number);
        is_there = kept.has_value();
        if (!kept) return;
        const bool is_read = apply_webhook(session, find_, session.all_channels(),
                                           {0, kept->channel, kept->received_at, kept->proof, kept->bytes});
        if (!is_read) session.in(workspace).set_aside(*kept);  // nothing of it was understood: it is not to be lost
        session.in(workspace).note_change("channel", channel.value());
    });
    return is_there;
}

}  // namespace okno
