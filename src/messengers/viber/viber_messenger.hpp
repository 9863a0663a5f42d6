// Viber's bots behind the messenger port.
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::viber {

class ViberMessenger final : public Messenger {
public:
    std::string_view name() const override { return "viber"; }
    const MessengerTraits& traits() const override { return traits_; }
    Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                   const std::map<std::string, Secret>& credentials) const override;
    const ConnectForm& connect_form() const override { return form_; }
    std::string_view sent_credential() const override { return "auth_token"; }
    std::string account_of(const Channel&) const override { return {}; }
    Receipt receive(const WebhookRequest& request, const Channel& channel) const override;
    bool verifies(const std::string& body, const std::string& proof, const Channel& channel) const override;
    ParsedWebhook parse(const std::string& body) const override;
    Result<void> check_limits(const std::string& type, const std::string& text,
                              const std::string& content) const override;
    std::vector<std::string> parts_of(const std::string& type, const std::string& text) const override;
    std::vector<std::string> parts_beside(const Media& file, const std::string& type,
                                          const std::string& text) const override;
    boost::asio::awaitable<SendOutcome> send(OutboundMessage message, Channel channel,
                                             HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> fetch_media(Media media, Channel channel, std::string save_to,
                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> mark_read(ProviderMessageId message, Channel channel,
                                                   HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> show_typing(ProviderMessageId message, Channel channel,
                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<Account>> check(Channel channel, std::string webhook_url,
                                                  HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> disconnect(Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel channel,
                                                                         HttpTransport& http) const override;
    Result<Address> address_of_phone(std::string_view typed) const override;

private:
    // Without an answer a person gets 100 messages an hour: 50 at once and 50 over the hour stay within that.
    MessengerTraits traits_{.reply_window = std::nullopt,
                            .has_templates = false,
                            .max_text = 7000,
                            .messages_per_second = 40,
                            .person_interval = std::chrono::seconds{72},
                            .person_burst = 50,
                            .media = {{"image", "image/jpeg image/png", 50 << 20},
                                      {"sticker", "image/webp", 50 << 20},
                                      {"video", "", 50 << 20},
                                      {"audio", "", 50 << 20},
                                      {"document", "", 50 << 20}},
                            .most_choices = 48};
    ConnectForm form_{
        .title = "Viber",
        .fields = {{.key = "uri", .is_required = true},
                   {.key = "auth_token", .kind = ConnectField::Kind::secret, .is_required = true},
                   {.key = "welcome_text"},
                   {.key = "welcome_button"},
                   {.key = "sender_name", .is_rare = true},
                   {.key = "sender_avatar", .is_rare = true},
                   {.key = "stickers_url", .is_rare = true, .fallback = "https://viber.github.io/docs/img/stickers/"},
                   {.key = "base_url", .is_rare = true, .fallback = "https://chatapi.viber.com"}}};
};

}  // namespace okno::viber
