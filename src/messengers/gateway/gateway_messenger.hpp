// WhatsApp by an unofficial gateway (WAHA, Green-API or Evolution API: the channel's shape) behind the messenger port.
//
// An ordinary account is driven as a linked device, which WhatsApp does not allow: nobody is written to first, nothing
// goes to an audience, and messages leave at a human pace.
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::gateway {

class GatewayMessenger final : public Messenger {
public:
    std::string_view name() const override { return "gateway"; }
    const MessengerTraits& traits() const override { return traits_; }
    Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                   const std::map<std::string, Secret>& credentials) const override;
    const ConnectForm& connect_form() const override { return form_; }
    std::string_view sent_credential() const override { return "api_key"; }
    std::string account_of(const Channel&) const override { return {}; }
    Receipt receive(const WebhookRequest& request, const Channel& channel) const override;
    bool verifies(const std::string& body, const std::string& proof, const Channel& channel) const override;
    ParsedWebhook parse(const std::string& body) const override;
    Result<void> check_limits(const std::string& type, const std::string& text,
                              const std::string& content) const override;
    std::vector<std::string> parts_of(const std::string& type, const std::string& text) const override;
    boost::asio::awaitable<SendOutcome> send(OutboundMessage message, Channel channel,
                                             HttpTransport& http) const override;
    bool changes_sent(const Channel& channel) const override;
    boost::asio::awaitable<SendOutcome> change(OutboundChange change, Channel channel,
                                               HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> fetch_media(Media media, Channel channel, std::string save_to,
                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> mark_read(ProviderMessageId message, Channel channel,
                                                   HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> mark_read_of(std::vector<Address> person, ProviderMessageId message,
                                                      Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> show_typing(ProviderMessageId message, Channel channel,
                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> show_typing_to(std::vector<Address> person, ProviderMessageId message,
                                                        Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<Account>> check(Channel channel, std::string webhook_url,
                                                  HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> disconnect(Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<Polled>> poll(Channel channel, std::string cursor,
                                                HttpTransport& http) const override;
    boost::asio::awaitable<Result<Pairing>> pairing(Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel channel,
                                                                         HttpTransport& http) const override;
    Result<Address> address_of_phone(std::string_view typed) const override;

private:
    // One message in three seconds, as a person would write (section 7).
    MessengerTraits traits_{.reply_window = std::nullopt,
                            .has_templates = false,
                            .max_text = 4096,
                            .messages_per_second = 1.0 / 3,
                            .media = {{"image", "image/jpeg image/png", 16 << 20},
                                      {"video", "video/mp4 video/3gpp", 16 << 20},
                                      {"audio", "", 16 << 20},
                                      {"document", "", 16 << 20}},
                            .is_official = false,
                            .is_reply_only = true,
                            .takes_broadcasts = false,
                            .most_choices = 0,
                            .edit_within = 15min,
                            .delete_within = 48h};
    ConnectForm form_{.title = "WhatsApp (gateway)",
                      .fields = {{.key = "shape", .fallback = "waha", .choices = {"waha", "green_api", "evolution"}},
                                 {.key = "base_url", .is_required = true},
                                 {.key = "phone", .is_required = true},
                                 {.key = "api_key", .kind = ConnectField::Kind::secret, .is_required = true},
                                 {.key = "session", .fallback = "default"},
                                 {.key = "watch_seconds", .is_rare = true, .fallback = "60"}}};
};

}  // namespace okno::gateway
