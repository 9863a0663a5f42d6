// What an admin gives to connect a channel of a messenger. The pages draw their form from it; the words beside each
// field are theirs (web/src/messengers/<name>.ts).
#pragma once

#include <string_view>
#include <vector>

namespace okno {

struct ConnectField {
    // `text` is kept among the channel's settings; `secret` sealed among its credentials, and never shown again.
    enum class Kind { text, secret };

    std::string_view key;  // its name there
    Kind kind = Kind::text;
    bool is_required = false;
    bool is_rare = false;                     // most leave it alone: shown folded
    std::string_view fallback{};              // used where it is left empty; empty: nothing is
    std::vector<std::string_view> choices{};  // the values it may have beside none; empty: any
};

// How the provider comes to call the channel's webhook address: Okno tells it by its API, or an admin copies the
// address (and the verify token) into the provider's pages.
enum class WebhookSetup { by_okno, by_admin };

struct ConnectForm {
    std::string_view title;  // the messenger's name as people write it: "Telegram"
    WebhookSetup webhook = WebhookSetup::by_okno;
    bool shows_verify_token = false;     // the admin copies it too
    std::vector<ConnectField> fields{};  // in the order in which they are asked for
};

}  // namespace okno
