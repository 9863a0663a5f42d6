// Evolution API, version 2: open source, self-hosted; an instance is one account.
#pragma once

#include "messengers/gateway/reading.hpp"

namespace okno::gateway::evolution {

class Evolution final : public Shape {
public:
    std::string_view name() const override { return "evolution"; }
    Result<void> check_session(const std::string& session) const override;
    std::string_view key_in_words() const override {
        return "the key of the gateway (AUTHENTICATION_API_KEY) or of the instance";
    }
    HttpRequest request_of(const Channel& channel, const Call& call) const override;
    std::span<const KnownRefusal> refusals() const override;
    std::string reason_in(const JsonView& answer) const override;
    std::string proof_in(const WebhookRequest& request) const override;
    bool proves(const std::string& proof, const std::string& body, const std::string& secret) const override;
    bool is_worded_here(const JsonView& body) const override;
    std::string number_in(const JsonView& body) const override;
    Result<Events> events_of(const JsonView& body) const override;
    Result<Events> events_of_history(const JsonView& element) const override;
    bool takes_bytes() const override { return true; }
    Result<Rendered> render(const Outgoing& out, const Channel& channel) const override;
    std::string id_in(const JsonView& answer) const override { return answer["key"]["id"].text_or(""); }
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
};

// WhatsApp's own words for people who show their number.
constexpr std::string_view host = "s.whatsapp.net";

// The header by which our webhook is known; the gateway sends along what it is told.
constexpr const char* proof_header = "X-Okno-Token";

// What is in a message as WhatsApp words it; `chat` and `id` name it.
Content content_of(const JsonView& message, const JsonView& context, const std::string& chat, const std::string& id);
// What the message quotes or was led by; absent: nothing.
JsonView context_of(const JsonView& data);
// The message itself, without what may be wrapped around it.
JsonView unwrapped(const JsonView& message);

// A state and the code with which WhatsApp ended it; 0: none.
Session session_of_state(const std::string& state, std::int64_t code);

}  // namespace okno::gateway::evolution
