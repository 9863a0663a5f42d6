// A proxy before a database server that loses connections where a test wants it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace okno::tests {

class CuttingProxy {
public:
    // Between a free port of 127.0.0.1 and `server_port` there.
    explicit CuttingProxy(std::uint16_t server_port);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::uint16_t port() const;
    enum class Cut { nothing, before_commit, after_commit };
    // The next COMMIT of a client is lost on its way to the server, or its answer on its way back.
    void cut_next(Cut where);
    // Connections are cut and new ones refused, until it is opened again.
    void close();
    void open();
    int cuts() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace okno::tests
