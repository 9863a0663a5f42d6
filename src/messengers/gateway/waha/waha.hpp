// WAHA: open source, self-hosted; the shape that a channel has where none is set.
#pragma once

#include "messengers/gateway/reading.hpp"

namespace okno::gateway::waha {

class Waha final : public Shape {
public:
    std::string_view name() const override { return "waha"; }
    Result<void> check_session(const std::string& session) const override;
    std::string_view key_in_words() const override {
        return "the key that the gateway was started with (WAHA_API_KEY)";
    }
    HttpRequest request_of(const Channel& channel, const Call& call) const override;
    std::span<const KnownRefusal> refusals() const override;
    std::string reason_in(const JsonView& answer) const override;
    std::string proof_in(const WebhookRequest& request) const override;
    bool proves(const std::string& proof, const std::string& body, const std::string& secret) const override;
    bool is_worded_here(const JsonView& body) const override { return body["event"].is_there(); }
    std::string number_in(const JsonView& body) const override;
    Result<Events> events_of(const JsonView& body) const override;
    Result<Events> events_of_history(const JsonView& element) const override;
    bool takes_bytes() const override { return true; }
    Result<Rendered> render(const Outgoing& out, const Channel& channel) const override;
    std::string id_in(const JsonView& answer) const override;
    bool changes_sent() const override { return true; }
    Call change_call(const OutboundChange& change, const Address& to, const Channel& channel) const override;
    Call seen_call(const Address& person, const std::string& message, const Channel& channel) const override;
    Call typing_call(const Address& person, const Channel& channel) const override;
    boost::asio::awaitable<Result<Session>> set_up(Channel channel, std::string webhook_url,
                                                   HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> take_down(Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<Session>> look(Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<Pairing>> pairing(Channel channel, HttpTransport& http) const override;
    Call restart_call(const Channel& channel) const override;
    boost::asio::awaitable<Result<std::vector<boost::json::value>>> history_since(Channel channel, Timestamp since,
                                                                                  HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> fetch(Media media, Channel channel, std::string save_to,
                                               HttpTransport& http) const override;
    boost::asio::awaitable<std::optional<Address>> phone_of(Address hidden, Channel channel,
                                                            HttpTransport& http) const override;
};

// What is in a message's object.
Content content_of(const JsonView& message);

// What a word of WAHA's for a session means; `starting` for those that are not known.
SessionState state_of(std::string_view word);

}  // namespace okno::gateway::waha
