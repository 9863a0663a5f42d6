// What differs between gateways: how each is called, proves and words its webhooks, and takes messages.
//
// A channel's setting `shape` chooses one. Rules that hold for all of them (the pace, whom one writes to, when a
// session is started again) stand outside: a shape only translates.
#pragma once

#include "app/ports/messenger.hpp"
#include "base/json.hpp"
#include "messengers/gateway/error_table.hpp"
#include "messengers/gateway/session_state.hpp"

#include <boost/json.hpp>

#include <span>
#include <vector>

namespace okno::gateway {

using Events = std::vector<ProviderEvent>;

// One call of a gateway. `path`: as the shape writes it, with its query.
struct Call {
    std::string method;
    std::string path;
    boost::json::value body = nullptr;  // null: none
};

// A message of ours as a call.
struct Rendered {
    Call call;
    // The id that it is given, by which the gateway knows it when it is sent once more; empty: the gateway makes one.
    std::string prepared_id{};
};

// What a shape needs to render a message.
struct Outgoing {
    const OutboundMessage& message;
    const Address& to;
    JsonView content;
    std::string data{};  // the file's bytes in base64, where the shape takes them
};

class Shape {
public:
    virtual ~Shape() = default;

    virtual std::string_view name() const = 0;  // the value of the setting
    // What the setting `session` may be; the error names it. Empty where the admin gave none.
    virtual Result<void> check_session(const std::string& session) const = 0;
    // What the credential `api_key` is there, as the end of a sentence.
    virtual std::string_view key_in_words() const = 0;

    // Address, headers and body of a call.
    virtual HttpRequest request_of(const Channel& channel, const Call& call) const = 0;
    virtual std::span<const KnownRefusal> refusals() const = 0;
    // Its own sentence in a refusal's document; empty: there is none.
    virtual std::string reason_in(const JsonView& answer) const = 0;

    // What proves the sender of a webhook; `proves` is asked for the same bytes with the channel's secret.
    virtual std::string proof_in(const WebhookRequest& request) const = 0;
    virtual bool proves(const std::string& proof, const std::string& body, const std::string& secret) const = 0;
    // Whether a body is worded as this gateway words them.
    virtual bool is_worded_here(const JsonView& body) const = 0;
    // Digits of the account that the webhook is about; empty: not told.
    virtual std::string number_in(const JsonView& body) const = 0;
    virtual Result<Events> events_of(const JsonView& body) const = 0;
    // Of one element of `history_since`.
    virtual Result<Events> events_of_history(const JsonView& element) const = 0;

    virtual bool takes_bytes() const = 0;  // of files; false: it fetches them by their link
    virtual Result<Rendered> render(const Outgoing& out, const Channel& channel) const = 0;
    // The id that an accepted message was given; empty: not told.
    virtual std::string id_in(const JsonView& answer) const = 0;
    // Whether it edits and deletes messages of ours, and the call that does; asked only of one that does.
    virtual bool changes_sent() const { return false; }
    virtual Call change_call(const OutboundChange&, const Address&, const Channel&) const { return {}; }
    virtual Call seen_call(const Address& person, const std::string& message, const Channel& channel) const = 0;
    virtual Call typing_call(const Address& person, const Channel& channel) const = 0;

    // The session with our webhook in place, made where the gateway can do that.
    virtual boost::asio::awaitable<Result<Session>> set_up(Channel channel, std::string webhook_url,
                                                           HttpTransport& http) const = 0;
    virtual boost::asio::awaitable<Result<void>> take_down(Channel channel, HttpTransport& http) const = 0;
    virtual boost::asio::awaitable<Result<Session>> look(Channel channel, HttpTransport& http) const = 0;
    virtual boost::asio::awaitable<Result<Pairing>> pairing(Channel channel, HttpTransport& http) const = 0;
    virtual Call restart_call(const Channel& channel) const = 0;
    // Messages since then as the gateway keeps them, oldest first.
    virtual boost::asio::awaitable<Result<std::vector<boost::json::value>>> history_since(
        Channel channel, Timestamp since, HttpTransport& http) const = 0;
    virtual boost::asio::awaitable<Result<void>> fetch(Media media, Channel channel, std::string save_to,
                                                       HttpTransport& http) const = 0;
    // The number of a person who hides it, once the gateway knows it. Most tell it in webhooks.
    virtual boost::asio::awaitable<std::optional<Address>> phone_of(Address, Channel, HttpTransport&) const {
        co_return std::nullopt;
    }
};

// WAHA's where the setting is empty; null for a name that no shape has.
const Shape* find_shape(std::string_view name);
const Shape& shape_of(const Channel& channel);
// By which a body is tried in turn: WAHA, which takes every other `event`, last.
std::span<const Shape* const> all_shapes();

}  // namespace okno::gateway
