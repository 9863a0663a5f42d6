#include "messengers/meta/platform.hpp"

#include "base/crypto.hpp"
#include "base/utf8.hpp"
#include "messengers/meta/graph.hpp"

#include <algorithm>

namespace okno::meta {

constexpr std::string_view newest_version = "v26.0";

const Platform messenger_platform{
    .name = "messenger",
    .shown = "Messenger",
    .object = "page",
    .setting = "page_id",
    .fields =
        "messages,messaging_postbacks,messaging_optins,messaging_referrals,message_deliveries,message_reads,"
        "message_echoes,message_reactions,message_edits,standby,messaging_handovers,messaging_policy_enforcement",
    .max_text = 2000,
    .counts_bytes = false,
    .has_get_started = true,
    .tells_delivered = true,
    .asks_for_phone = true,
};

const Platform instagram_platform{
    .name = "instagram",
    .shown = "Instagram",
    .object = "instagram",
    .setting = "instagram_id",
    .fields =
        "messages,messaging_postbacks,messaging_seen,message_reactions,messaging_referral,standby,"
        "messaging_handover",
    .max_text = 1000,
    .counts_bytes = true,
    .has_get_started = false,
    .tells_delivered = false,
    .asks_for_phone = false,
};

// An Instagram account without a Page has its own host, where no proof is taken.
static bool is_without_page(const Channel& channel) {
    return channel.messenger == instagram_platform.name && channel.setting("page_id").empty();
}

std::string node_of(const Channel& channel) {
    const std::string page = channel.setting("page_id");
    return page.empty() ? channel.address : page;
}

HttpRequest request_of(const Channel& channel, std::string method, const std::string& path) {
    if (is_without_page(channel))
        return graph_request(channel, "https://graph.instagram.com", newest_version, std::move(method), path);
    HttpRequest request = graph_request(channel, "https://graph.facebook.com", newest_version, std::move(method), path);
    const Sha256 proof =
        hmac_sha256(channel.credential("app_secret").reveal(), channel.credential("access_token").reveal());
    request.url += (path.find('?') == std::string::npos ? "?appsecret_proof=" : "&appsecret_proof=") +
                   to_hex(proof.data(), proof.size());
    return request;
}

Address person_address(const Platform& platform, const std::string& id) { return {std::string(platform.name), id, id}; }

std::optional<std::string> id_of(const Platform& platform, const std::vector<Address>& to) {
    const auto found = std::ranges::find(to, platform.name, &Address::kind);
    return found == to.end() ? std::nullopt : std::optional(found->value);
}

ProviderMessageId message_id(const std::string& person, const std::string& mid) {
    return ProviderMessageId{person + ":" + mid};
}

std::optional<MessageName> name_of(const ProviderMessageId& id) {
    const std::string& text = id.value();
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    MessageName out{text.substr(0, colon), text.substr(colon + 1, text.find('#') - colon - 1)};
    const bool is_person = out.person.find_first_not_of("0123456789") == std::string::npos;
    if (!is_person || out.mid.empty() || out.mid.starts_with('/')) return std::nullopt;
    return out;
}

std::size_t length_of(const Platform& platform, std::string_view text) {
    if (platform.counts_bytes) return text.size();
    return characters(text);
}

}  // namespace okno::meta
