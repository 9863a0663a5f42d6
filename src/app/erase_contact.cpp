#include "app/erase_contact.hpp"

#include "app/waiting_events.hpp"
#include "base/crypto.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace okno {

namespace {

constexpr int most_waiting = 1'000'000;  // they wait for ten minutes: there are never so many
constexpr int set_aside_at_once = 20;    // each may hold 4 MiB
// A shorter name would be found in bytes that have nothing to do with the person.
constexpr std::size_t least_found_by = 5;

bool is_one_of(const std::vector<StoredAddress>& known, ChannelId channel, const Address& address) {
    return std::ranges::any_of(known, [&](const StoredAddress& one) {
        return one.channel == channel && one.kind == address.kind && one.hash == short_hash(address.key);
    });
}

void remove_waiting_of(StoreSession& session, WorkspaceId workspace, const std::vector<StoredAddress>& known) {
    const Timestamp any = from_millis(std::numeric_limits<std::int64_t>::max());
    for (const WaitingEvent& waiting : session.waiting_before(any, most_waiting)) {
        if (waiting.workspace != workspace) continue;
        std::vector<Address> named;
        if (const auto report = read_waiting_status(waiting.event)) named = report->to;
        if (const auto change = read_waiting_change(waiting.event)) named = change->from.addresses;
        const bool is_theirs = std::ranges::any_of(
            named, [&](const Address& address) { return is_one_of(known, waiting.channel, address); });
        if (is_theirs) session.in(workspace).remove_waiting(waiting);
    }
}

// Nothing of these bytes was understood: whose they are is told by the addresses that stand in them.
void remove_set_aside_of(Transaction& tx, const std::vector<StoredAddress>& known) {
    std::set<ChannelId> channels;
    for (const Channel& channel : tx.channels())
        channels.insert(channel.id);
    for (const StoredAddress& address : known)
        channels.insert(address.channel);
    const auto names_them = [&](const std::string& bytes) {
        return std::ranges::any_of(known, [&](const StoredAddress& address) {
            return address.value.size() >= least_found_by && bytes.find(address.value) != std::string::npos;
        });
    };
    for (const ChannelId& channel : channels) {
        std::optional<std::int64_t> before;
        for (auto rows = tx.set_aside_of(channel, before, set_aside_at_once); !rows.empty();
             rows = tx.set_aside_of(channel, before, set_aside_at_once)) {
            before = rows.back().number;
            for (const SetAside& row : rows) {
                if (!names_them(row.bytes)) continue;
                tx.take_set_aside(channel, row.number);
                tx.note_change("channel", channel.value());
            }
        }
    }
}

}  // namespace

std::optional<Erased> erase_again(StoreSession& session, WorkspaceId workspace, ContactId contact) {
    Transaction& tx = session.in(workspace);
    const std::vector<StoredAddress> known = tx.addresses_of_contact(contact);
    auto erased = tx.erase_contact(contact);
    if (!erased) return std::nullopt;
    remove_waiting_of(session, workspace, known);
    remove_set_aside_of(tx, known);
    return erased;
}

std::optional<Erased> erase_contact(StoreSession& session, WorkspaceId workspace, ContactId contact,
                                    ErasureLedger& ledger, Timestamp real_now) {
    Erasure line{real_now, workspace, contact, {}};
    for (const StoredAddress& address : session.in(workspace).addresses_of_contact(contact))
        line.addresses.push_back(ledger.keyed(address));
    auto erased = erase_again(session, workspace, contact);
    if (erased) ledger.append(line);
    return erased;
}

}  // namespace okno
