#include "net/trusted_proxies.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace okno::net {

namespace ip = boost::asio::ip;

ip::address plain_address(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
    for (const std::string& text : networks) {
        boost::system::error_code error;
        const std::string v4 = text.find('/') == std::string::npos ? text + "/32" : text;
        const std::string v6 = text.find('/') == std::string::npos ? text + "/128" : text;
        if (const auto network = ip::make_network_v4(v4, error); !error)
            v4_.push_back(network.canonical());
        else if (const auto other = ip::make_network_v6(v6, error); !error)
            v6_.push_back(other.canonical());
        else
            throw std::runtime_error("trusted_proxies: `" + text +
                                     "` is neither an address nor a network (10.0.0.0/8)");
    }
}

bool TrustedProxies::contains(const ip::address& address) const {
    const ip::address plain = plain_address(address);
    if (plain.is_v4())
        return std::ranges::any_of(v4_, [&](const auto& network) {
            return network.network() == ip::network_v4(plain.to_v4(), network.prefix_length()).network();
        });
    return std::ranges::any_of(v6_, [&](const auto& network) {
        return network.network() == ip::network_v6(plain.to_v6(), network.prefix_length()).network();
    });
}

// "1.2.3.4", "1.2.3.4:5678", "::1" or "[::1]:5678".
static std::optional<ip::address> read_address(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') == std::string_view::npos ? 0 : text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    boost::system::error_code error;
    const ip::address address = ip::make_address(std::string(text), error);
    if (error) return std::nullopt;
    return plain_address(address);
}

ip::address TrustedProxies::client_of(const ip::address& peer, std::string_view forwarded_for) const {
    ip::address client = plain_address(peer);
    while (contains(client) && !forwarded_for.empty()) {
        const std::size_t comma = forwarded_for.rfind(',');
        const auto address =
            read_address(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
        if (!address) break;
        client = *address;
        forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
    }
    return client;
}

}  // namespace okno::net
