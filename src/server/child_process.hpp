// A program of ours that runs beside this one and ends with it.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace okno::server {

class ChildProcess {
public:
    // Starts the program that lies beside this one; throws std::runtime_error when it cannot.
    ChildProcess(const std::string& name, const std::vector<std::string>& arguments);
    // Asks it to end and waits.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // The next line of its standard output; empty when it ended.
    std::string read_line() const;

private:
    pid_t id_ = -1;
    int output_ = -1;
};

}  // namespace okno::server
