// WhatsApp's Cloud API behind the messenger port.
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::whatsapp {

class WhatsappMessenger final : public Messenger {
public:
    std::string_view name() const override { return "whatsapp"; }
    const MessengerTraits& traits() const override { return traits_; }
    Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                   const std::map<std::string, Secret>& credentials) const override;
    const ConnectForm& connect_form() const override { return form_; }
    std::string_view sent_credential() const override { return "access_token"; }
    std::string account_of(const Channel& channel) const override { return channel.setting("waba_id"); }
    Receipt receive(const WebhookRequest& request, const Channel& channel) const override;
    bool verifies(const std::string& body, const std::string& proof, const Channel& channel) const override;
    ParsedWebhook parse(const std::string& body) const override;
    Result<void> check_limits(const std::string& type, const std::string& text,
                              const std::string& content) const override;
    std::vector<std::string> parts_of(const std::string& type, const std::string& text) const override;
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
    boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel channel,
                                                                         HttpTransport& http) const override;
    Result<Address> address_of_phone(std::string_view typed) const override;

private:
    MessengerTraits traits_{.reply_window = 24h,
                            .has_templates = true,
                            .max_text = 4096,
                            .messages_per_second = 80,
                            // 1 message in 6 s to the same person, 45 at once borrowed ahead.
                            .person_interval = 6s,
                            .person_burst = 45,
                            .media = {{"image", "image/jpeg image/png", 5 << 20},
                                      {"sticker", "image/webp", 500 << 10},
                                      {"video", "video/mp4 video/3gpp", 16 << 20},
                                      {"audio", "audio/aac audio/amr audio/mpeg audio/mp4 audio/ogg", 16 << 20},
                                      {"document", "", 100 << 20}},
                            .finds_by_phone = true};
    ConnectForm form_{.title = "WhatsApp",
                      .webhook = WebhookSetup::by_admin,
                      .shows_verify_token = true,
                      .fields = {{.key = "phone_number_id", .is_required = true},
                                 {.key = "waba_id", .is_required = true},
                                 {.key = "access_token", .kind = ConnectField::Kind::secret, .is_required = true},
                                 {.key = "app_secret", .kind = ConnectField::Kind::secret, .is_required = true},
                                 {.key = "verify_token", .kind = ConnectField::Kind::secret, .is_rare = true},
                                 {.key = "base_url", .is_rare = true, .fallback = "https://graph.facebook.com"},
                                 {.key = "api_version", .is_rare = true, .fallback = "v25.0"}}};
};

}  // namespace okno::whatsapp
