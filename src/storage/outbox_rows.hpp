// How a row of the outbox is read, by whoever selects it.
#pragma once

#include "app/ports/storage.hpp"
#include "storage/sql.hpp"

namespace okno::storage {

// "SELECT ... FROM outbox o".
extern const std::string outbox_columns;
OutboxRow read_outbox(const Row& row);

}  // namespace okno::storage
