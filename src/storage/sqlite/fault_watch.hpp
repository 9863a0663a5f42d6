// Says once in the log that a file cannot be written, and once that it can again.
#pragma once

#include <exception>
#include <string>

namespace okno::storage {

// The exception in hand as the port promises it: StoreUnavailable when the ground gave way, else itself.
std::exception_ptr as_told();

// Belongs to the file's one writer.
class FaultWatch {
public:
    explicit FaultWatch(std::string file) : file_(std::move(file)) {}

    void works();
    // Called while the exception is handled; as_told().
    std::exception_ptr fails();

private:
    std::string file_;
    bool is_failing_ = false;
};

}  // namespace okno::storage
