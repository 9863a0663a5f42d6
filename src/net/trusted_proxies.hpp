// Whose X-Forwarded-For is believed: the reverse proxies that stand before this server, and nobody else.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace okno::net {

class TrustedProxies {
public:
    // Addresses and networks ("10.0.0.0/8", "::1"); throws std::runtime_error naming one that is neither.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    bool contains(const boost::asio::ip::address& address) const;
    // Who really calls: from the right of X-Forwarded-For the first address that is no proxy of ours. Whatever stands
    // left of it was written by a stranger. `peer` itself when it is no proxy of ours, or the header says nothing.
    boost::asio::ip::address client_of(const boost::asio::ip::address& peer, std::string_view forwarded_for) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

// An IPv4 address that IPv6 carries becomes itself.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

}  // namespace okno::net
