// Everything that exists on the simulated WhatsApp: accounts of the business, customers' phones, what was said.
//
// A plain store without rules and without locks; WhatsApp (whatsapp.hpp) guards it.
#pragma once

#include "base/time.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace okno::sim::whatsapp {

namespace json = boost::json;

struct Token {
    std::string text;
    std::set<std::string, std::less<>> permissions;
    std::optional<Timestamp> expires_at;
};

struct App {
    std::string id;
    std::string name;
    std::string secret;
    std::string verify_token;
    std::string callback_url;
    std::vector<Token> tokens;
    std::int64_t webhook_version = 24;
};

struct Waba {
    std::string id;
    std::string app_id;
    std::string name;
    bool is_subscribed = true;
    std::string override_url;
};

struct Number {
    std::string id;
    std::string waba_id;
    std::string display;  // as shown, with blanks and plus
    std::string verified_name;
    std::string status = "CONNECTED";
    std::string quality = "GREEN";
    std::string name_status = "APPROVED";
    std::string messaging_limit = "TIER_250";
    std::string edits_arrive_as;  // empty: by coexistence
    std::string override_url;
    std::int64_t messages_per_second = 80;
    bool is_coexistence = false;
    bool has_pair_limit = true;
    std::set<std::string, std::less<>> test_recipients;  // of a test number: the only spellings it may send to
    // Token bucket of the throughput, filled up to one second's worth.
    double tokens_left = -1;
    std::int64_t tokens_at_ms = 0;
    // Service messages delivered in the month, for the 1,000 free ones.
    std::string counted_month;
    int service_messages = 0;
};

struct Template {
    std::string id;
    std::string waba_id;
    std::string name;
    std::string language;
    std::string category = "UTILITY";
    std::string status = "APPROVED";
    std::string parameter_format = "POSITIONAL";
    json::array components;
};

enum class Reads { when_opened, at_once, never };

struct Phone {
    std::string wa_id;
    std::string name;
    std::string bsuid;
    std::string username;
    std::vector<std::string> aliases;
    Reads reads = Reads::when_opened;
    bool is_on_whatsapp = true;
    bool is_online = true;
    bool hides_number = false;
    bool is_blocked = false;
    bool has_stopped_marketing = false;
    bool has_had_enough_marketing = false;
    bool is_in_experiment = false;
    std::int64_t fails_with = 0;
};

struct Message {
    std::string id;
    std::string number_id;
    std::string wa_id;
    bool from_customer = false;
    std::string type;
    json::object content;  // the type's own object (`contacts` and the like under "list")
    json::object shown;    // what a phone draws: text, header, footer, buttons, rows, media
    std::string reply_to;
    bool is_forwarded = false;
    Timestamp at;
    std::string status;  // accepted, sent, delivered, read, played, failed
    std::string callback_data;
    std::string recipient_given;  // "to" or "recipient"
    json::object pricing;
    bool is_pricing_told = false;  // on delivered or read already
    int error = 0;
    std::string emoji_of_business;
    std::string emoji_of_customer;
    bool is_deleted = false;
    bool is_edited = false;
    std::int64_t sequence = 0;  // order of appearance on the phone; 0: not there
};

// The thread of one number with one phone.
struct Chat {
    std::vector<std::string> messages;  // ids, oldest first
    std::optional<Timestamp> last_user_message;
    std::optional<Timestamp> referred_at;
    std::optional<Timestamp> free_entry_until;
    bool is_open = false;  // on the phone's screen
    std::int64_t typing_until_ms = 0;
    // Pair limit: see may_send_to_pair.
    std::int64_t burst_start_ms = 0;
    std::int64_t burst_size = 0;
    std::int64_t paid_until_ms = 0;
};

struct Media {
    std::string id;
    std::string number_id;  // empty: of a phone, for any number
    std::string mime_type;
    std::string filename;
    std::shared_ptr<const std::string> bytes;
    std::string sha256_hex;
    std::string sha256_base64;
    Timestamp expires_at;
};

struct MediaLink {
    std::string media_id;
    Timestamp expires_at;
};

class World {
public:
    std::map<std::string, App, std::less<>> apps;
    std::map<std::string, Waba, std::less<>> wabas;
    std::map<std::string, Number, std::less<>> numbers;
    std::map<std::string, Template, std::less<>> templates;
    std::map<std::string, Phone, std::less<>> phones;
    std::map<std::pair<std::string, std::string>, Chat> chats;  // (number, wa_id)
    std::unordered_map<std::string, Message> messages;
    std::map<std::string, Media, std::less<>> media;
    std::map<std::string, MediaLink, std::less<>> media_links;
    std::int64_t version = 1;  // grows with every change that a phone may show

    // Null when there is none. `given` may be an alias or hold a plus, blanks and hyphens.
    Phone* phone_by_number(std::string_view given);
    Phone* phone_by_bsuid(std::string_view bsuid);
    Message* message(std::string_view id);
    const Template* template_named(std::string_view waba_id, std::string_view name, std::string_view language) const;
    bool has_template_name(std::string_view waba_id, std::string_view name) const;
    Chat& chat(const std::string& number_id, const std::string& wa_id) { return chats[{number_id, wa_id}]; }

    // Keeps the message and puts it at the end of its chat; a chat keeps its last 5,000.
    Message& add(Message message);
    const Media& add_media(std::string number_id, std::string mime_type, std::string filename, std::string bytes,
                           Timestamp expires_at);
    // As the phone number was told to the other side, after a change of number.
    void rename_phone(const std::string& from, const std::string& to);
    std::string next_id();
    std::int64_t next_sequence() { return ++last_sequence_; }

private:
    std::int64_t last_sequence_ = 0;
};

std::string digits_of(std::string_view text);
// `wamid.` and opaque text, as long as Meta's.
std::string new_message_id(std::string_view wa_id);
std::string new_bsuid(std::string_view wa_id);
// Characters as Meta counts them: code points.
std::size_t length_of(std::string_view utf8);

}  // namespace okno::sim::whatsapp
