// Which addresses nobody outside may have us call.
#include "net/private_network.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

using namespace okno;

static bool is_private(const std::string& text) {
    sockaddr_storage address{};
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
    if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
    } else {
        REQUIRE_MESSAGE(::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1, text);
        v6->sin6_family = AF_INET6;
    }
    return net::is_private_address(reinterpret_cast<const sockaddr&>(address));
}

TEST_CASE("addresses of this machine, of private networks and of clouds' metadata are private") {
    for (const char* text : {"127.0.0.1",       "127.255.255.255", "0.0.0.0",         "0.1.2.3",     "10.0.0.1",
                             "10.255.255.255",  "172.16.0.1",      "172.31.255.255",  "192.168.0.1", "169.254.0.1",
                             "169.254.169.254", "100.64.0.1",      "100.127.255.255", "192.0.0.170", "192.0.2.1",
                             "198.18.0.1",      "198.19.255.255",  "198.51.100.1",    "203.0.113.1", "224.0.0.1",
                             "239.255.255.255", "240.0.0.1",       "255.255.255.255", "::",          "::1",
                             "fc00::1",         "fd00:ec2::254",   "fe80::1",         "fec0::1",     "ff02::1"})
        CHECK_MESSAGE(is_private(text), text);
}

TEST_CASE("an IPv6 address that carries a private IPv4 one is private, in every way of carrying") {
    for (const char* text :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::127.0.0.1",
          "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:1::1"})
        CHECK_MESSAGE(is_private(text), text);
}

TEST_CASE("what tunnels, documents, or is translated inside a network is no address of the world") {
    for (const char* text : {"2001:db8::1", "3fff::1", "2001::1", "64:ff9b:1::1", "100::1", "5f00::1"})
        CHECK_MESSAGE(is_private(text), text);
}

TEST_CASE("addresses of the world are not private, also at the edges of private networks") {
    for (const char* text :
         {"1.1.1.1",         "9.255.255.255",   "11.0.0.0",          "100.63.255.255", "100.128.0.0",
          "126.255.255.255", "128.0.0.1",       "169.253.255.255",   "169.255.0.0",    "172.15.255.255",
          "172.32.0.0",      "192.167.255.255", "192.169.0.0",       "198.17.255.255", "198.20.0.0",
          "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
          "2002:101:101::1"})
        CHECK_MESSAGE(!is_private(text), text);
}

TEST_CASE("what is no IP is private") {
    sockaddr address{};
    address.sa_family = AF_UNIX;
    CHECK(net::is_private_address(address));
}
