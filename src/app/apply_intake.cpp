#include "app/apply_intake.hpp"

#include "app/record_events.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <utility>

namespace okno {

static void wait_for_write(Store& store, const Store::Work& work, const std::function<void()>& meanwhile = {}) {
    std::promise<void> done;
    store.write_later(work, [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    if (meanwhile) meanwhile();
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

// A webhook, read.
struct ReadWebhook {
    const IntakeRow& row;
    const Channel& received;
    const Messenger& messenger;
    const ParsedWebhook& parsed;
};

static bool apply_read(StoreSession& session, const std::vector<Channel>& channels, const ReadWebhook& webhook) {
    const auto& [row, received, messenger, parsed] = webhook;
    bool has_foreign = false;
    for (const ProviderEvent& event : parsed.events) {
        const auto targets = targets_of(channels, received, messenger, {event.channel_address, event.account}, row);
        has_foreign = has_foreign || targets.empty();
        for (const Channel* target : targets)
            record_event(session.in(target->workspace), *target, messenger.traits(), event, row.received_at);
    }
    for (const UnreadableElement& element : parsed.unreadable) {
        const auto targets = targets_of(channels, received, messenger, {element.channel_address, {}}, row);
        has_foreign = has_foreign || targets.empty();
        for (const Channel* target : targets)
            set_aside(session, *target, row, element.reason, element.bytes);
    }
    if (has_foreign)
        set_aside(session, received, row,
                  "It holds entries of a number or an account that is not connected with the same secret.", row.bytes);
    return !parsed.events.empty() || !parsed.unreadable.empty();
}

// Null when the channel was deleted after its webhook came.
static const Messenger* messenger_of(const Channel* received, const FindMessenger& find) {
    return received != nullptr ? find(received->messenger) : nullptr;
}

bool apply_webhook(StoreSession& session, const FindMessenger& find, const std::vector<Channel>& channels,
                   const IntakeRow& row) {
    const Channel* received = channel_with(channels, row.channel);
    const Messenger* messenger = messenger_of(received, find);
    if (messenger == nullptr) return false;
    return apply_read(session, channels, {row, *received, *messenger, messenger->parse(row.bytes)});
}

// What a batch will do, by the channel it most likely concerns: a wrong guess costs a question, nothing more.
// Workspaces in their order, as whoever locks in several of them does.
static void read_ahead(StoreSession& session, const std::vector<Channel>& channels,
                       const std::vector<ReadWebhook>& webhooks) {
    // Several numbers of an account share a URL.
    const auto likely_channel = [&](const ReadWebhook& webhook, const std::string& address) -> const Channel& {
        if (address.empty() || address == webhook.received.address) return webhook.received;
        const auto named = std::ranges::find_if(channels, [&](const Channel& one) {
            return one.address == address && one.messenger == webhook.received.messenger;
        });
        return named == channels.end() ? webhook.received : *named;
    };
    std::map<WorkspaceId, std::map<ChannelId, Foreseen>> foreseen;
    for (const ReadWebhook& webhook : webhooks)
        for (const ProviderEvent& event : webhook.parsed.events) {
            const Channel& channel = likely_channel(webhook, event.channel_address);
            Foreseen& of_channel = foreseen[channel.workspace][channel.id];
            if (const auto* inbound = std::get_if<InboundMessage>(&event.what))
                of_channel.messages.push_back(inbound);
            else if (const auto* report = std::get_if<StatusReport>(&event.what))
                of_channel.reports.push_back(report);
        }
    for (const auto& [workspace, of_workspace] : foreseen)
        session.in(workspace).read_ahead(of_workspace);
}

IntakeWorker::IntakeWorker(Store& store, Intake& intake, FindMessenger find)
    : store_(store), intake_(intake), find_(std::move(find)) {}

// Empty when it is not known yet by whom, or when it fails: it is then told where the row is applied.
std::optional<ParsedWebhook> IntakeWorker::parsed_already(const IntakeRow& row) const {
    const auto known = messenger_of_.find(row.channel);
    if (known == messenger_of_.end()) return std::nullopt;
    try {
        return known->second->parse(row.bytes);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

// Up to `limit` rows that are not among those `in_hand`, and what they say where the messenger is known.
IntakeWorker::Batch IntakeWorker::read(int limit, const std::vector<IntakeRow>& in_hand) {
    std::set<std::int64_t> numbers;
    for (const IntakeRow& row : in_hand)
        numbers.insert(row.number);
    Batch batch;
    batch.rows = intake_.waiting(limit + static_cast<int>(in_hand.size()));
    std::erase_if(batch.rows, [&](const IntakeRow& row) { return numbers.contains(row.number); });
    batch.is_full = batch.rows.size() >= static_cast<std::size_t>(limit);
    if (batch.is_full) batch.rows.resize(static_cast<std::size_t>(limit));
    for (const IntakeRow& row : batch.rows)
        batch.parsed.push_back(parsed_already(row));
    return batch;
}

// May be run again, then with the same rows.
void IntakeWorker::apply(StoreSession& session, Batch& batch) {
    const std::vector<Channel> channels = session.all_channels();
    std::vector<ReadWebhook> webhooks;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const IntakeRow& row = batch.rows[i];
        const Channel* received = channel_with(channels, row.channel);
        const Messenger* messenger = messenger_of(received, find_);
        if (messenger == nullptr) continue;
        auto& parsed = batch.parsed[i];
        if (!parsed) parsed = messenger->parse(row.bytes);
        batch.messengers.emplace(row.channel, messenger);
        webhooks.push_back({row, *received, *messenger, *parsed});
    }
    read_ahead(session, channels, webhooks);
    for (const ReadWebhook& webhook : webhooks)
        apply_read(session, channels, webhook);
    intake_.mark_applied(session, batch.rows);
}

int IntakeWorker::run_once(int limit) {
    Batch batch = std::exchange(next_, {});
    if (batch.rows.empty()) batch = read(limit, {});
    if (batch.rows.empty()) return 0;
    // The writer is never without work while much waits: the next rows are read and parsed beside it.
    const auto read_next = [&] {
        try {
            if (batch.is_full) next_ = read(limit, batch.rows);
        } catch (const std::exception&) {  // the next call tries again, and tells
        }
    };
    try {
        wait_for_write(store_, [&](StoreSession& session) { apply(session, batch); }, read_next);
        messenger_of_.merge(batch.messengers);
    } catch (const StoreUnavailable&) {
        next_ = {};
        throw;
    } catch (const std::exception& error) {
        next_ = {};
        log(LogLevel::warning, "a batch of webhooks failed, trying them one by one", {{"reason", error.what()}});
        for (const IntakeRow& row : batch.rows)
            apply_alone(row);
    }
    return static_cast<int>(batch.rows.size());
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
