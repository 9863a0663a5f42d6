// Rows of messages and deliveries.
#pragma once

#include "domain/message.hpp"
#include "storage/sql.hpp"

#include <string>

namespace okno::storage {

extern const std::string message_columns;  // of messages m
Message read_message(const Row& row);

extern const std::string delivery_columns;  // of deliveries d
constexpr int delivery_column_count = 10;
Delivery read_delivery(const Row& row);

}  // namespace okno::storage
