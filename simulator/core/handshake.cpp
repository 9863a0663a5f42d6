#include "core/handshake.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>

namespace okno::sim {

namespace json = boost::json;

namespace {

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                              c == '_' || c == '.' || c == '~';
        if (is_plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

void shake_hands(Core& core, const std::string& url, const std::string& verify_token,
                 std::function<void(std::string)> done) {
    std::uint32_t number = 0;
    random_bytes(&number, sizeof number);
    const std::string challenge = std::to_string(number);
    HttpRequest request;
    request.url = fmt::format("{}{}hub.mode=subscribe&hub.challenge={}&hub.verify_token={}", url,
                              url.find('?') == std::string::npos ? '?' : '&', challenge, percent_encoded(verify_token));
    request.headers.set("User-Agent", "facebookplatform/1.0 (+http://developers.facebook.com)");
    request.timeout = std::chrono::seconds(10);
    request.allow_private_network = true;
    core.client.perform(std::move(request), [&core, url, challenge, done](const Result<HttpReply>& reply) {
        json::object entry{{"url", url}, {"status", nullptr}};
        std::string why;
        if (!reply) {
            why = reply.error().detail;
        } else {
            entry["status"] = reply->status;
            if (reply->status != 200)
                why = fmt::format("The callback answered {}.", reply->status);
            else if (reply->body != challenge)
                why = "The callback did not answer with the challenge alone.";
        }
        if (!why.empty()) entry["error"] = why;
        core.journal.write("handshake", std::move(entry));
        done(why);
    });
}

}  // namespace okno::sim
