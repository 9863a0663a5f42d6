// Rows of messages, deliveries and files.
#pragma once

#include "domain/media.hpp"
#include "domain/message.hpp"
#include "storage/sql.hpp"

#include <string>

namespace okno::storage {

extern const std::string message_columns;  // of messages m
Message read_message(const Row& row);

extern const std::string delivery_columns;  // of deliveries d
constexpr int delivery_column_count = 10;
Delivery read_delivery(const Row& row);

extern const std::string media_columns;  // of media f
Media read_media(const Row& row);

}  // namespace okno::storage
