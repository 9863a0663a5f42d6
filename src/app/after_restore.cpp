#include "app/after_restore.hpp"

#include "app/change_message.hpp"
#include "app/erase_contact.hpp"
#include "app/record_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace okno {

namespace {

// More changes than any installation makes: numbers must not be given twice to pages that stayed open.
constexpr std::int64_t least_step = 1'000'000;
constexpr std::int64_t most_changes_in_millisecond = 100;

std::string in_words(Timestamp time) {
    std::string text = to_rfc3339(time);  // 2026-03-02T10:00:00.000Z
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

void make_unknown(Transaction& tx, const OutboxRow& row, Timestamp copied_at, Timestamp now) {
    for (Delivery delivery : tx.deliveries(row.message)) {
        if (delivery.id != row.delivery) continue;
        delivery.status = advance(delivery.status, MessageStatus::unknown);
        auto& time = delivery.status_times[static_cast<std::size_t>(MessageStatus::unknown)];
        if (!time) time = now;
        delivery.error_code = "no_answer";
        delivery.error_message = fmt::format(
            "It waited to leave when the backup of {} was made: it may have arrived since.", in_words(copied_at));
        tx.save_delivery(row.channel, delivery);
    }
    tx.remove_from_outbox(row.delivery);
    refresh_message(tx, row.channel, row.message);
}

void give_up_change(Transaction& tx, const OutboxRow& row, Timestamp copied_at) {
    fail_change(tx, row, "no_answer",
                fmt::format("It waited to leave when the backup of {} was made: it may have been done since.",
                            in_words(copied_at)));
}

int stop_sending(StoreSession& session, Channel channel, Timestamp copied_at, Timestamp now) {
    Transaction& tx = session.in(channel.workspace);
    int unknown = 0;
    for (const OutboxRow& row : tx.outbox_of(channel.id)) {
        if (row.change) {
            give_up_change(tx, row, copied_at);
            continue;
        }
        make_unknown(tx, row, copied_at, now);
        ++unknown;
    }
    channel.become(ChannelState::paused,
                   fmt::format("Restored from a backup of {}: look through the messages shown as unknown, then resume.",
                               in_words(copied_at)),
                   now);
    tx.save_channel(channel);
    tx.note_change("channel", channel.id.value());
    return unknown;
}

// Contacts of the workspace that the ledger names.
std::set<ContactId> named_contacts(Transaction& tx, const std::vector<Erasure>& erasures, const ErasureLedger& ledger) {
    std::set<ContactId> out;
    std::set<std::string> addresses;
    for (const Erasure& erasure : erasures) {
        out.insert(erasure.contact);
        addresses.insert(erasure.addresses.begin(), erasure.addresses.end());
    }
    tx.each_address([&](ContactId contact, const StoredAddress& address) {
        if (addresses.contains(ledger.keyed(address))) out.insert(contact);
    });
    return out;
}

void erase_since(StoreSession& session, Timestamp copied_at, const std::vector<Erasure>& erasures,
                 const ErasureLedger& ledger, AfterRestore& out) {
    std::map<WorkspaceId, std::vector<Erasure>> since;
    for (const Erasure& erasure : erasures)
        if (erasure.time >= copied_at) since[erasure.workspace].push_back(erasure);
    for (const auto& [workspace, lines] : since) {
        for (const ContactId& contact : named_contacts(session.in(workspace), lines, ledger)) {
            const auto erased = erase_again(session, workspace, contact);
            if (!erased) continue;
            ++out.erased;
            out.files.insert(out.files.end(), erased->files.begin(), erased->files.end());
        }
    }
}

}  // namespace

AfterRestore after_restore(StoreSession& session, Timestamp copied_at, const std::vector<Erasure>& erasures,
                           const ErasureLedger& ledger, Timestamp now) {
    AfterRestore out;
    for (const Channel& channel : session.all_channels()) {
        out.unknown += stop_sending(session, channel, copied_at, now);
        ++out.paused;
    }
    erase_since(session, copied_at, erasures, ledger, out);
    const std::int64_t since = std::max<std::int64_t>(0, (now - copied_at).count());
    for (const WorkspaceId& workspace : session.workspaces())
        session.in(workspace).restart_changes(least_step + since * most_changes_in_millisecond);
    return out;
}

}  // namespace okno
