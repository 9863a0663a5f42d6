// A browser that wants to be told while no page of it is open (Web Push).
#pragma once

#include "domain/ids.hpp"

#include <string>

namespace okno {

using PushSubscriptionId = Strong<struct PushSubscriptionIdTag, Uuid>;

struct PushSubscription {
    PushSubscriptionId id;
    UserId user;
    std::string session_hash{};  // the session it was made in: it ends with it
    std::string endpoint;        // an address at the browser maker's push service
    std::string browser_key;     // its public key `p256dh`: an uncompressed point of P-256, 65 bytes
    std::string auth;            // its secret `auth`, 16 bytes
    std::string language;        // in which it is told: "en" or "ru"
};

}  // namespace okno
