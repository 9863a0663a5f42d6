#include "storage/told.hpp"

#include "app/ports/storage.hpp"
#include "storage/sql.hpp"

namespace okno::storage {

std::exception_ptr as_told() {
    try {
        throw;
    } catch (const SqlUnavailable& reason) {
        return std::make_exception_ptr(StoreUnavailable(reason.what()));
    } catch (const SqlConflict& reason) {  // it lost every time it was tried: the same may succeed later
        return std::make_exception_ptr(StoreUnavailable(reason.what()));
    } catch (...) {
        return std::current_exception();
    }
}

}  // namespace okno::storage
