// How a conversation's own row is read, by whoever changes or selects it.
#pragma once

#include "app/ports/storage.hpp"
#include "storage/sql.hpp"

namespace okno::storage {

// For RETURNING of an UPDATE of conversations, and for SELECT from it.
extern const std::string own_columns;
Conversation read_own(const Row& row);

}  // namespace okno::storage
