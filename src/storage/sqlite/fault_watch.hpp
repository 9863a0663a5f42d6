// Says once in the log that a file cannot be written, and once that it can again.
#pragma once

#include "storage/told.hpp"

#include <exception>
#include <string>

namespace okno::storage {

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
