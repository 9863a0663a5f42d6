#include "providers/meta/access.hpp"

#include "base/crypto.hpp"

namespace okno::sim::meta {

static std::string given_token(const net::ServerRequest& request) {
    const std::string_view header = request.headers.get("Authorization");
    if (header.starts_with("Bearer ")) return std::string(header.substr(7));
    return std::string(request.query_value("access_token"));
}

std::expected<Account*, Refusal> identify(Site& site, const net::ServerRequest& request) {
    const std::string token = given_token(request);
    if (token.empty()) return refuse(190, 0, "An access token is required to request this resource.");
    Account* found = nullptr;
    for (auto& [id, account] : site.world.accounts)
        if (account.tokens.contains(token)) found = &account;
    if (found == nullptr) return refuse(190);
    const std::string_view proof = request.query_value("appsecret_proof");
    if (proof.empty()) return found;
    const auto app = site.world.apps.find(found->app_id);
    const Sha256 wanted = hmac_sha256(app == site.world.apps.end() ? std::string() : app->second.secret, token);
    if (proof != to_hex(wanted.data(), wanted.size()))
        return refuse(100, 0, "Invalid appsecret_proof provided in the API argument");
    return found;
}

}  // namespace okno::sim::meta
