// A connected account of a messenger.
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"
#include "domain/channel_policy.hpp"
#include "domain/ids.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace okno {

// `paused`: an admin stopped its sending; what arrives is taken in all the same.
enum class ChannelState { connecting, connected, broken, paused };

std::string_view name_of(ChannelState state);
ChannelState read_channel_state(std::string_view name);  // unknown names read as connecting

struct Channel {
    ChannelId id;
    WorkspaceId workspace;
    std::string messenger;
    std::string name;
    // The provider's own name of the account (WhatsApp: phone number id); unique over the installation.
    std::string address;
    // The last part of the webhook URL: unguessable, never changes.
    std::string key;
    std::map<std::string, std::string> settings;
    std::map<std::string, Secret> credentials;
    ChannelState state = ChannelState::connecting;
    ChannelPolicy policy{};                   // as an admin set it; see policy_in_force
    std::string state_reason;                 // the provider's words; empty when there is nothing to say
    Timestamp state_since;                    // when state and reason became what they are
    std::optional<Timestamp> called_at{};     // when the provider first called our address; empty: not yet
    std::optional<Timestamp> silent_since{};  // it tells less than it used to, though it says that it works
    Timestamp created_at;

    // Keeps `state_since` when nothing changes.
    void become(ChannelState now_is, std::string why, Timestamp now);

    // Empty when it is not set.
    std::string setting(const std::string& name) const;
    Secret credential(const std::string& name) const;
};

}  // namespace okno
