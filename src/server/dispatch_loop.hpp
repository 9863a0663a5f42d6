// Sends what is due: takes a batch in a commit, sends each part at its place, notes each outcome in a commit.
#pragma once

#include "app/dispatch.hpp"
#include "base/time.hpp"
#include "domain/pacing.hpp"
#include "app/ports/ownership.hpp"
#include "app/ports/media_files.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <unordered_map>

namespace okno::server {

// An address of the file for whoever is told it; empty: there is none that a provider could call.
using LinkForProvider = std::function<std::string(WorkspaceId, const OutboundFile&)>;

class DispatchLoop {
public:
    // Everything outlives the loop; `ownership` null: everything is this process's. It runs on `executor`, which one
    // thread serves; files that lie elsewhere are brought on `blocking`.
    DispatchLoop(boost::asio::any_io_executor executor, boost::asio::any_io_executor blocking, Store& store,
                 Clock& clock, FindMessenger find, HttpTransport& transport, const MediaFiles& files,
                 const Ownership* ownership, LinkForProvider link);

    void start();
    // Something may be due; from any thread.
    void wake();
    // Takes nothing more; what is on its way is noted as it comes back. On the executor's thread.
    void stop();
    // Whether something of the partition is on its way out; from any thread.
    bool is_busy(int partition);
    int in_flight() const { return in_flight_; }

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<std::vector<Leaving>> take();
    boost::asio::awaitable<void> send(Leaving leaving, PaceTime place);
    boost::asio::awaitable<SendOutcome> hand_over(Leaving& leaving);
    // In every part of the message, until one is not taken.
    boost::asio::awaitable<SendOutcome> make_changes(Leaving& leaving);
    // Sets the path of the message's file, if it has one; what became of the message when that cannot be.
    boost::asio::awaitable<std::optional<SendOutcome>> bring_file(Leaving& leaving);
    void note_later(Leaving leaving, SendOutcome outcome);
    boost::asio::awaitable<void> note_all();
    // False when the store did not take them.
    boost::asio::awaitable<bool> note(std::shared_ptr<const std::vector<Outcome>> outcomes);
    boost::asio::awaitable<void> note_alone(Outcome outcome);
    // Counts one on its way and says when it may leave.
    PaceTime begin(ChannelId channel, double rate);
    void end(ChannelId channel);
    bool may_send(const OutboxRow& row) const;
    double rate_of(const Channel& channel, const MessengerTraits& traits) const;

    boost::asio::any_io_executor executor_;
    boost::asio::any_io_executor blocking_;
    Store& store_;
    Clock& clock_;
    FindMessenger find_;
    HttpTransport& transport_;
    const MediaFiles& files_;
    const Ownership* const ownership_;
    const LinkForProvider link_;
    boost::asio::steady_timer timer_;
    std::mutex pacing_mutex_;  // of the next two: the writer asks for places, the executor takes them
    Pacing pacing_;
    std::unordered_map<ChannelId, int> in_flight_of_;
    std::minstd_rand random_{std::random_device{}()};
    std::size_t turn_ = 0;  // on the writer's thread
    std::atomic<int> in_flight_{0};
    std::deque<Outcome> to_note_;
    bool is_noting_ = false;
    bool is_woken_ = false;
    bool is_failing_ = false;
    bool is_stopping_ = false;
};

}  // namespace okno::server
