// A running Okno: opens the data directory, joins all parts, and takes them apart in the right order.
#pragma once

#include "base/time.hpp"
#include "server/configuration.hpp"

#include <functional>
#include <memory>

namespace okno {
class Store;
}

namespace okno::server {

class Server {
public:
    // Throws std::runtime_error that says what is wrong (directory, address in use) and what to do.
    // `is_demo` shows the demo's banner; the clock is the demo's to move, `serve` never touches it.
    Server(const Configuration& configuration, bool is_demo);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // "http://127.0.0.1:8080", with the port that was taken.
    const std::string& url() const;
    Store& store();
    // Moves the clock forward: what became due is looked at, the pages are told.
    void move_clock(std::chrono::milliseconds step);
    Clock& clock();
    // Channels were written past the API: webhooks are routed to them from now on.
    void channels_changed();
    // Reads the certificate and its key again; says in the log what came of it.
    void reload_certificate();
    // Stops accepting, finishes requests and what is on its way, leaves the outbox on disk.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace okno::server
