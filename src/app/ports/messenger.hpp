// What Okno asks of a messenger. One class in one folder implements it; nothing else names a messenger.
#pragma once

#include "app/ports/connecting.hpp"
#include "app/ports/http_transport.hpp"
#include "base/http.hpp"
#include "base/result.hpp"
#include "domain/channel.hpp"
#include "domain/events.hpp"
#include "domain/media.hpp"
#include "domain/reply_window.hpp"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace okno {

// What to do with a webhook: refuse it, answer a handshake, or keep its bytes and then answer.
struct Refuse {
    int status = 401;
};
struct Answer {
    int status = 200;
    std::string body;
    std::string content_type = "text/plain";
};
struct Keep {
    std::string body;  // of the answer, given once the bytes are on disk
    // What proved the sender (a signature), kept beside the bytes to verify them for another channel's secret.
    std::string proof;
    std::string content_type{};  // of the answer; empty: not told
};
using Receipt = std::variant<Refuse, Answer, Keep>;

// A file of ours, to leave with a message.
struct OutboundFile {
    std::string sha256;
    std::string path;  // where it lies; filled in just before it leaves
    std::string name;  // may be empty
    std::string mime;
    std::int64_t size = 0;  // bytes
    MediaId media{};
    // Where a provider that takes no uploads may fetch it, for some days; filled in just before it leaves. Empty: this
    // server has no address that a provider could call.
    std::string link{};
};

// A part of a message, ready to leave.
struct OutboundMessage {
    std::string type;
    std::string text;
    std::string content = "{}";  // as Message::content
    std::vector<Address> to;     // the person, the most stable name first
    std::string reference;       // returned in statuses where the provider can
    ProviderMessageId reply_to;  // empty: no reply
    std::optional<OutboundFile> file{};
    // It leaves after `reply_window` closed, as a person's answer within `person_window`.
    bool is_late = false;
};

struct Unanswered {  // it left us, no reply came: it may have arrived
    std::string reason;
};
struct Accepted {
    ProviderMessageId id;
    // The person's addresses as the provider spells them; empty: it told none.
    std::vector<Address> addresses{};
    std::string price{};  // as Delivery::price
};
enum class RetryScope { channel, person };
struct RetryLater {
    std::chrono::milliseconds after{0};  // 0: back off by our own rule
    std::string reason{};
    RetryScope scope = RetryScope::person;
    int max_tries = 0;         // 0: until the message expires
    int growth = 1;            // each further pause is so many times as long as `after`
    bool is_too_fast = false;  // the channel goes on at half its rate and recovers slowly
};
// What has left is to be changed at the provider.
struct OutboundChange {
    ChangeKind kind = ChangeKind::edit;
    ProviderMessageId target;
    std::string type;         // of the message
    std::string text;         // the new one of an edit
    std::vector<Address> to;  // the person, the most stable name first
};

// The reason in a stable word and the provider's own sentence.
struct Rejected {
    std::string code;
    std::string detail;
    bool closes_window = false;
    bool blocks_person = false;  // nothing reaches this person until they turn to us again
    // What the refusal says of the whole channel: `broken` by its token or account, or a `warning` to the admin.
    std::optional<ChannelNotice::Kind> about_channel{};
};
using SendOutcome = std::variant<Unanswered, Accepted, RetryLater, Rejected>;

struct Template {
    std::string name;
    std::string language;
    std::string status;    // lower case: approved, pending, rejected, paused, disabled
    std::string category;  // lower case
    std::string header;    // text with {{variables}}; empty: none
    std::string body;
    std::string footer;
    std::vector<std::string> buttons;
    std::vector<std::string> variables;  // names in order of the body, header and buttons; "1", "2" or named
    std::string content;                 // the provider's own description, for sending
};

// What the provider told of a channel's account.
struct Account {
    std::string handle{};    // as people know it: +7 495 000-00-01, @bot; empty: not told
    bool is_polled = false;  // nothing is called here: what comes is asked for
    // Kept among the channel's settings, for what `receive` has to answer.
    std::map<std::string, std::string> settings{};
    bool is_unfinished = false;  // once these are kept the check is to be made again
    std::string warning{};       // what an admin should know though the channel works; empty: nothing
};

// How somebody is called, by one of their addresses.
struct PersonName {
    Address person;
    std::string name;
};

// Calls of a channel go through its proxy and trust its own certificate.
inline void reach_through(HttpRequest& request, const Channel& channel) {
    request.proxy = channel.setting("proxy");
    request.trusted_certificate = channel.setting("ca_certificate");
}

// Webhook bodies as the provider would have posted them, in its order, and where to go on.
struct Polled {
    std::vector<std::string> bodies{};
    std::string cursor{};
    std::chrono::milliseconds pause{0};  // before the next question
    // What the provider's answer says of the channel; taken back by the next answer without one.
    std::optional<ChannelNotice> notice{};
};

// How an account is linked to a phone, where that is done by a code that the phone scans.
struct Pairing {
    bool is_linked = false;
    std::string qr{};  // what the code says; it lives for seconds. Empty: there is none to scan
};

class Messenger {
public:
    virtual ~Messenger() = default;

    virtual std::string_view name() const = 0;
    virtual const MessengerTraits& traits() const = 0;

    // Checks what an admin typed, and answers the account's unique name at the provider; the error names the field.
    virtual Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                           const std::map<std::string, Secret>& credentials) const = 0;
    // What is asked of an admin who connects a channel; lives as long as the messenger.
    virtual const ConnectForm& connect_form() const = 0;
    // The credential that goes with calls to the provider: whoever sends them elsewhere must know it.
    virtual std::string_view sent_credential() const = 0;
    // The provider's account that holds the channel and others like it (WhatsApp: the business account); empty: none.
    virtual std::string account_of(const Channel& channel) const = 0;

    virtual Receipt receive(const WebhookRequest& request, const Channel& channel) const = 0;
    // True when this channel's own secret verifies the bytes.
    virtual bool verifies(const std::string& body, const std::string& proof, const Channel& channel) const = 0;
    // Pure; never fails as a whole: what cannot be read is in `unreadable`.
    virtual ParsedWebhook parse(const std::string& body) const = 0;

    // Whether it can be sent as it is; the error names the field of our API and says what to change.
    virtual Result<void> check_limits(const std::string& type, const std::string& text,
                                      const std::string& content) const = 0;
    // Splits what is longer than the messenger takes; one element for most messages.
    virtual std::vector<std::string> parts_of(const std::string& type, const std::string& text) const = 0;
    // The same for the text beside a file: a messenger that takes none there gives the file an empty part of its own.
    virtual std::vector<std::string> parts_beside(const Media&, const std::string& type,
                                                  const std::string& text) const {
        return parts_of(type, text);
    }
    virtual boost::asio::awaitable<SendOutcome> send(OutboundMessage message, Channel channel,
                                                     HttpTransport& http) const = 0;
    // Whether this channel's way to the provider changes what has left; asked only where the traits allow it.
    virtual bool changes_sent(const Channel&) const { return true; }
    // Changes a message that has left; asked only where the traits and `changes_sent` allow it. `Accepted` also when it
    // is so already: a change that got no answer is made again.
    virtual boost::asio::awaitable<SendOutcome> change(OutboundChange, Channel, HttpTransport&) const {
        co_return Rejected{"not_changeable", "This messenger does not let a message be changed once it has left."};
    }
    // Fetches a file that the provider holds into `save_to`. Errors: `never_left`, `left_no_answer` and `unavailable`
    // may pass; any other kind means that it will not come.
    virtual boost::asio::awaitable<Result<void>> fetch_media(Media media, Channel channel, std::string save_to,
                                                             HttpTransport& http) const = 0;
    // Tells the provider that we read this message and those before it.
    virtual boost::asio::awaitable<Result<void>> mark_read(ProviderMessageId message, Channel channel,
                                                           HttpTransport& http) const = 0;
    // Shows the person that somebody is writing; `message` is their newest one, which it marks as read too.
    virtual boost::asio::awaitable<Result<void>> show_typing(ProviderMessageId message, Channel channel,
                                                             HttpTransport& http) const = 0;
    // As the two above, for a messenger that has to be told the person as well.
    virtual boost::asio::awaitable<Result<void>> mark_read_of(std::vector<Address>, ProviderMessageId message,
                                                              Channel channel, HttpTransport& http) const {
        return mark_read(std::move(message), std::move(channel), http);
    }
    virtual boost::asio::awaitable<Result<void>> show_typing_to(std::vector<Address>, ProviderMessageId message,
                                                                Channel channel, HttpTransport& http) const {
        return show_typing(std::move(message), std::move(channel), http);
    }
    // Asks the provider whether the channel works and has it call `webhook_url` where its API can do that; empty: this
    // server has no address that the provider could call. The error holds the provider's words.
    virtual boost::asio::awaitable<Result<Account>> check(Channel channel, std::string webhook_url,
                                                          HttpTransport& http) const = 0;
    // The provider is to call here no more, where its API can do that.
    virtual boost::asio::awaitable<Result<void>> disconnect(Channel, HttpTransport&) const { co_return Result<void>{}; }
    // What came since `cursor` (empty: what the provider has kept), waiting up to half a minute for it. Asked only when
    // Account::is_polled.
    virtual boost::asio::awaitable<Result<Polled>> poll(Channel, std::string cursor, HttpTransport&) const {
        co_return Polled{{}, std::move(cursor)};
    }
    // What the provider wants to be told at once about these bytes, now that they are stored: that a press of a button
    // was seen. Nothing depends on its arrival.
    virtual std::vector<HttpRequest> courtesies(const std::string&, const Channel&) const { return {}; }
    // The code that links the account to a phone. Error: `no_pairing` where there is none.
    virtual boost::asio::awaitable<Result<Pairing>> pairing(Channel, HttpTransport&) const {
        co_return fail(ErrorKind::conflict, "no_pairing", "A channel of this kind is not linked by a code.");
    }
    virtual boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel channel,
                                                                                 HttpTransport& http) const = 0;
    // How these people are called, where webhooks do not tell it. Whom the provider does not name is left out; the
    // order is free. Asked once for a person, and nothing depends on the answer.
    virtual boost::asio::awaitable<Result<std::vector<PersonName>>> names_of(std::vector<Address>, Channel,
                                                                             HttpTransport&) const {
        co_return std::vector<PersonName>{};
    }
    // The address of a typed phone number, or an error that says what is wrong with it.
    virtual Result<Address> address_of_phone(std::string_view typed) const = 0;
};

}  // namespace okno
