// What a request's first lines hold at our layer: the target, and who is calling behind proxies.
#include "net/target.hpp"
#include "net/trusted_proxies.hpp"

#include "base/utf8.hpp"
#include "fuzz/target.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

using namespace okno;
using fuzz::must;

static void must_be_text(std::string_view text) {
    must(is_utf8(text) && text.find('\0') == std::string_view::npos, "a decoded target is text");
}

static std::string encoded(std::string_view text) { return boost::urls::encode(text, boost::urls::unreserved_chars); }

static void check_target(std::string_view target) {
    net::ServerRequest request;
    if (!net::read_target(target, request)) return;
    must_be_text(request.path);
    must(request.path.starts_with('/'), "a path begins with a slash");
    std::string written = "/" + encoded(std::string_view(request.path).substr(1));
    std::string sign = "?";
    for (const auto& [key, value] : request.query) {
        must_be_text(key);
        must_be_text(value);
        must(!request.query_value(key).empty() || request.query_value(key) == "", "a key of the query is found");
        written += sign + encoded(key) + "=" + encoded(value);
        sign = "&";
    }
    net::ServerRequest again;
    must(net::read_target(written, again), "a target that was read can be written");
    must(again.path == request.path && again.query == request.query, "a target reads as it was written");
}

static void check_proxies(std::string_view forwarded) {
    static const net::TrustedProxies proxies({"10.0.0.0/8", "::1", "fd00::/8"});
    const std::string header(forwarded);
    const auto stranger = boost::asio::ip::make_address("198.51.100.7");
    must(proxies.client_of(stranger, header) == stranger, "the header of a stranger is not believed");
    const auto proxy = boost::asio::ip::make_address("10.1.2.3");
    const auto client = proxies.client_of(proxy, header);
    must(!client.is_v6() || !client.to_v6().is_v4_mapped(), "an IPv4 address is plain");
    // Whatever a client writes itself stands left of what our proxy appends.
    if (!proxies.contains(client))
        must(proxies.client_of(proxy, "203.0.113.9, " + header) == client, "what stands further left changes nothing");
    must(proxies.client_of(proxy, header + ", 198.51.100.7") == stranger, "the last address is our proxy's word");
}

void fuzz::take(std::string_view input) {
    Pieces pieces(input);
    check_target(pieces.line());
    check_proxies(pieces.rest());
}
