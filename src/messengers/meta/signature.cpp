#include "messengers/meta/signature.hpp"

#include "base/crypto.hpp"

namespace okno::meta {

bool is_signed(std::string_view body, std::string_view header, const Channel& channel) {
    const Secret secret = channel.credential("app_secret");
    if (secret.empty()) return false;
    const Sha256 mac = hmac_sha256(secret.reveal(), body);
    return equal_in_constant_time(header, "sha256=" + to_hex(mac.data(), mac.size()));
}

static Receipt answer_handshake(const WebhookRequest& request, const Channel& channel) {
    const Secret token = channel.credential("verify_token");
    const bool is_ours = !token.empty() && request.query_value("hub.mode") == "subscribe" &&
                         equal_in_constant_time(request.query_value("hub.verify_token"), token.reveal());
    if (!is_ours) return Refuse{403};
    return Answer{200, std::string(request.query_value("hub.challenge"))};
}

Receipt receive(const WebhookRequest& request, const Channel& channel) {
    if (request.method == "GET") return answer_handshake(request, channel);
    const std::string_view header = request.headers.get("X-Hub-Signature-256");
    if (!is_signed(request.body, header, channel)) return Refuse{401};
    return Keep{"", std::string(header)};
}

}  // namespace okno::meta
