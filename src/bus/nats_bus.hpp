// The bus over NATS core (libnats): one subject for an installation, each hint a message.
//
// What is published is gathered and sent by one thread, so that a NATS that does not read holds nobody up; what is the
// same is sent once. The connection is made anew for ever. It is said once in the log when it is lost, and once when it
// is back; then the listener hears of the outbox, the intake and the channels, whose hints it may have missed.
#pragma once

#include "app/ports/bus.hpp"

#include <nats/nats.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace okno::bus {

class NatsBus final : public Bus {
public:
    // `servers`: "nats://user:password@host:4222,tls://host2"; nodes of the same `installation` hear each other.
    // Throws std::runtime_error when libnats does not take them; whether a server answers does not matter.
    NatsBus(const std::string& servers, const std::string& installation);
    ~NatsBus() override;
    NatsBus(const NatsBus&) = delete;
    NatsBus& operator=(const NatsBus&) = delete;

    void publish(const Hint& hint) override;
    void subscribe(std::function<void(const Hint&)> listener) override;
    bool is_connected() const override;

private:
    // What waits to be sent, each thing once.
    struct Waiting {
        std::set<WorkspaceId> workspaces;
        std::set<std::string> ended_sessions;
        bool outbox = false;
        bool intake = false;
        bool channels = false;

        bool empty() const;
        void add(const Hint& hint);
        std::vector<Hint> hints() const;
    };

    void run();
    // Until the connection is closed for good: by the library, which gives up on a server that refuses it twice, or
    // because the bus ends.
    void serve_connection();
    void send(const Waiting& waiting);
    void was_lost(const char* reason);
    void is_back();
    void tell(const Hint& hint);

    // Called by the library with the bus as closure.
    static void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* bus);
    static void on_silence(void* bus);
    static void on_disconnected(natsConnection*, void* bus);
    static void on_connected(natsConnection*, void* bus);
    static void on_closed(natsConnection*, void* bus);

    const std::string subject_;
    std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)> options_{nullptr, &natsOptions_Destroy};
    natsConnection* connection_ = nullptr;  // of the thread

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Waiting waiting_;
    bool is_connected_ = false;
    bool is_closed_ = false;     // by the library, for good
    bool is_listening_ = false;  // the library may still call on_message
    bool is_told_lost_ = false;  // in the log
    bool is_stopping_ = false;

    std::mutex listener_mutex_;  // held while it is called
    std::function<void(const Hint&)> listener_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace okno::bus
