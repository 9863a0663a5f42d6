#pragma once

#include "app/ports/messenger.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace okno {

// Tells the provider at once what it wants to hear about these bytes; on `executor`, and nobody waits for it.
void say_courtesies(boost::asio::any_io_executor executor, const Messenger& messenger, const std::string& body,
                    const Channel& channel, HttpTransport& http);

}  // namespace okno
