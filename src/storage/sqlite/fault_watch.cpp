#include "storage/sqlite/fault_watch.hpp"

#include "app/ports/storage.hpp"
#include "base/log.hpp"
#include "storage/sql.hpp"

namespace okno::storage {

void FaultWatch::works() {
    if (!is_failing_) return;
    is_failing_ = false;
    log(LogLevel::info, "the database can be written again", {{"file", file_}});
}

std::exception_ptr FaultWatch::fails() {
    try {
        throw;
    } catch (const SqlUnavailable& reason) {
        if (!is_failing_)
            log(LogLevel::error, "the database cannot be written, requests are answered 503 until it can",
                {{"file", file_}, {"reason", reason.what()}});
        is_failing_ = true;
        return std::make_exception_ptr(StoreUnavailable(reason.what()));
    } catch (...) {
        return std::current_exception();
    }
}

}  // namespace okno::storage
