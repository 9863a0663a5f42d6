// Failures of an engine in the words of the port.
#pragma once

#include <exception>

namespace okno::storage {

// The exception in hand as the port promises it: StoreUnavailable when the ground gave way, else itself.
std::exception_ptr as_told();

}  // namespace okno::storage
