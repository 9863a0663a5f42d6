// Asks a provider whether a channel works and keeps what it says; and watches for channels that went quiet.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/http_transport.hpp"

namespace okno {

// All that it references outlives what is asked with it.
struct ChannelWatch {
    Store& store;
    FindMessenger find;
    HttpTransport& http;
    // Where providers call this server, with "/hooks/" at its end; empty: there is no address that they could call.
    std::string hooks;
    // Awaited after a commit that may have changed a channel: from then on its webhooks are checked by what was
    // committed.
    std::function<boost::asio::awaitable<void>()> changed;
};

// Asks the provider and gives the channel as it then is. Error: `not_found` when it was disconnected meanwhile. What an
// admin paused stays as it is. A provider that cannot be reached now breaks nothing.
boost::asio::awaitable<Result<Channel>> check_channel(std::shared_ptr<const ChannelWatch> watch, Channel channel,
                                                      Timestamp now);

// `odd`: nothing comes though it used to at these hours, and the channel does not bear the mark of it. `over`: it bears
// the mark, and something came again.
enum class Silence { usual, odd, over };

// Reads only.
Silence silence_of(Transaction& tx, const Channel& channel, Timestamp now);

// Puts the mark on the channel or takes it away; false when it no longer fits: the channel is gone or does not work.
bool mark_silence(Transaction& tx, ChannelId id, Silence silence, Timestamp now);

// Asks the providers of channels that went quiet whether they work, and marks those that say so.
boost::asio::awaitable<void> watch_for_silence(std::shared_ptr<const ChannelWatch> watch,
                                               std::function<bool(ChannelId)> is_ours, Timestamp now);

}  // namespace okno
