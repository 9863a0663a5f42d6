// The API's objects, written from the stored ones.
#pragma once

#include "http/endpoint.hpp"

namespace okno::http {

// Writes the objects of one transaction; remembers the channels it met.
class ObjectWriter {
public:
    ObjectWriter(Transaction& tx, const FindMessenger& find, Timestamp now) : tx_(tx), find_(find), now_(now) {}

    boost::json::object message(const Message& message);
    boost::json::object conversation(const Conversation& conversation);

private:
    boost::json::array media(const Message& message);
    const Messenger* messenger_of(ChannelId channel);

    Transaction& tx_;
    const FindMessenger& find_;
    Timestamp now_;
    std::map<ChannelId, const Messenger*> messengers_;
};

// The verify token is shown to admins only. `messenger` null: one that this program does not know.
boost::json::object channel_object(const Channel& channel, const Messenger* messenger, const std::string& public_url,
                                   bool is_admin);
boost::json::object me_object(const Caller& caller, const Services& services, Timestamp now);
boost::json::object list_object(boost::json::array items, const std::optional<std::string>& next_cursor);

}  // namespace okno::http
