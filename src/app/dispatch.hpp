// The way out, in three steps: take what is due and mark it as leaving (committed), send it outside any transaction,
// note the outcome (committed).
//
// A process that ends between the steps leaves rows marked as leaving: they become unknown, never due again, since
// they may have arrived. Nothing is sent twice by itself. A change of what has left takes the same way
// (app/change_message.hpp), but waits again: made twice it is the same change.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/messenger.hpp"
#include "app/ports/storage.hpp"

#include <vector>

namespace okno {

// A part that is marked as leaving; `message` is ready for Messenger::send.
struct Leaving {
    OutboxRow row;
    Channel channel;
    const Messenger* messenger = nullptr;
    OutboundMessage message;
    // Of a change: one for each part of the message, ready for Messenger::change, in place of `message`.
    std::vector<OutboundChange> changes{};
};

// How much may leave now; asked inside the transaction that takes it.
struct Pace {
    // Of the whole installation; workspaces that have something due share them evenly.
    int places = 1000;
    // Counts the calls: another workspace begins each time.
    std::size_t turn = 0;
    // How many parts of this channel.
    std::function<int(const Channel&, const MessengerTraits&)> room;
    // How long this person must wait; 0: not at all, and one is counted. Null: nobody waits.
    std::function<std::chrono::milliseconds(IdentityId, const MessengerTraits&)> wait_for_person;
};

// Takes due parts, as many as the pace allows. The reply window and the channel's rules are checked here again, at the
// moment of leaving: what they refuse fails with their code, and outside the channel's hours it waits for them; what
// waited for 24 hours fails as `expired`; what belongs to a broken channel waits.
std::vector<Leaving> take_due(StoreSession& session, const FindMessenger& find, Timestamp now, const Pace& pace);

struct Outcome {
    Leaving leaving;
    SendOutcome what;
    double jitter = 0;  // in [0, 1): spreads retries
};

// Writes what became of parts, in their order. For each: false, and nothing is written, when it has another owner
// meanwhile, to whom its fate is unknown.
std::vector<bool> note_outcomes(StoreSession& session, const std::vector<Outcome>& outcomes, Timestamp now);

// At start, and when an owner changed: what another was sending becomes unknown, changes wait again. Says how many
// parts became unknown.
int settle_left_in_flight(StoreSession& session, Timestamp now);

}  // namespace okno
