#include "providers/whatsapp/access.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::sim::whatsapp {

namespace {

constexpr std::string_view kSchemes[] = {"Bearer ", "OAuth "};

std::string given_token(const net::ServerRequest& request) {
    const std::string_view header = request.headers.get("Authorization");
    for (const std::string_view scheme : kSchemes)
        if (header.starts_with(scheme)) return std::string(header.substr(scheme.size()));
    return std::string(request.query_value("access_token"));
}

}  // namespace

std::expected<Caller, Refusal> identify(const Site& site, const net::ServerRequest& request) {
    const std::string given = given_token(request);
    if (given.empty()) return std::unexpected(Refusal{190, "An access token is required to request this resource."});
    for (const auto& [id, app] : site.world.apps) {
        if (given == app.id + "|" + app.secret) return Caller{&app, nullptr};
        const auto token = std::ranges::find(app.tokens, given, &Token::text);
        if (token == app.tokens.end()) continue;
        if (token->expires_at && site.now() >= *token->expires_at)
            return std::unexpected(Refusal{190, "Error validating access token: Session has expired.", 463});
        return Caller{&app, &*token};
    }
    return std::unexpected(Refusal{190, "Invalid OAuth access token - Cannot parse access token"});
}

std::optional<Refusal> require_permission(const Caller& caller, std::string_view permission) {
    if (caller.token != nullptr && caller.token->permissions.contains(permission)) return std::nullopt;
    return Refusal{10, fmt::format("Application does not have permission for this action: {} is missing.", permission)};
}

Refusal unknown_object(std::string_view id, std::string_view method) {
    return {33,
            fmt::format("Unsupported {} request. Object with ID '{}' does not exist, cannot be loaded due to missing "
                        "permissions, or does not support this operation.",
                        method == "GET"      ? "get"
                        : method == "DELETE" ? "delete"
                                             : "post",
                        id),
            33};
}

bool may_touch(const Site&, const Caller& caller, const Waba& waba) { return waba.app_id == caller.app->id; }

bool may_touch(const Site& site, const Caller& caller, const Number& number) {
    const auto waba = site.world.wabas.find(number.waba_id);
    return waba != site.world.wabas.end() && may_touch(site, caller, waba->second);
}

}  // namespace okno::sim::whatsapp
