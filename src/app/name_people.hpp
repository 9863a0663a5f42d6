// Asks providers once how people are called whom their webhooks name by a number alone. Nothing waits for it, and what
// is not answered stays without a name.
#pragma once

#include "app/apply_intake.hpp"
#include "app/ports/http_transport.hpp"

namespace okno {

// People of one channel who are to be asked about together.
struct ToName {
    Channel channel;
    std::vector<std::pair<ContactId, Address>> people;
};

// Those nobody asked about yet; they count as asked from here on.
std::vector<ToName> take_nameless(StoreSession& session, Timestamp now);

// Gives them the names that were told.
void note_names(StoreSession& session, const ToName& asked, const std::vector<PersonName>& told);

// Takes and asks until nobody is left.
boost::asio::awaitable<void> name_people(Store& store, FindMessenger find, HttpTransport& http, Timestamp now);

}  // namespace okno
