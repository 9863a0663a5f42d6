// VK's messages of a community behind the messenger port.
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::vk {

class VkMessenger final : public Messenger {
public:
    std::string_view name() const override { return "vk"; }
    const MessengerTraits& traits() const override { return traits_; }
    Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                   const std::map<std::string, Secret>& credentials) const override;
    const ConnectForm& connect_form() const override { return form_; }
    std::string_view sent_credential() const override { return "access_token"; }
    std::string account_of(const Channel&) const override { return {}; }
    Receipt receive(const WebhookRequest& request, const Channel& channel) const override;
    bool verifies(const std::string& body, const std::string& proof, const Channel& channel) const override;
    ParsedWebhook parse(const std::string& body) const override;
    Result<void> check_limits(const std::string& type, const std::string& text,
                              const std::string& content) const override;
    std::vector<std::string> parts_of(const std::string& type, const std::string& text) const override;
    boost::asio::awaitable<SendOutcome> send(OutboundMessage message, Channel channel,
                                             HttpTransport& http) const override;
    boost::asio::awaitable<SendOutcome> change(OutboundChange change, Channel channel,
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
    boost::asio::awaitable<Result<Polled>> poll(Channel channel, std::string cursor,
                                                HttpTransport& http) const override;
    std::vector<HttpRequest> courtesies(const std::string& body, const Channel& channel) const override;
    boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel channel,
                                                                         HttpTransport& http) const override;
    boost::asio::awaitable<Result<std::vector<PersonName>>> names_of(std::vector<Address> people, Channel channel,
                                                                     HttpTransport& http) const override;
    Result<Address> address_of_phone(std::string_view typed) const override;

private:
    // 20 calls a second are a key's, of which uploads and read marks take some (section 8).
    MessengerTraits traits_{.reply_window = std::nullopt,
                            .has_templates = false,
                            .max_text = 4096,
                            .messages_per_second = 15,
                            .media = {{"image", "image/jpeg image/png", 50 << 20},
                                      {"sticker", "image/webp", 50 << 20},
                                      {"video", "video/mp4 video/3gpp", 200 << 20},
                                      {"audio", "audio/ogg audio/aac audio/amr audio/mp4", 200 << 20},
                                      {"document", "", 200 << 20}},
                            .most_choices = 40,
                            .tells_delivered = false,
                            .edit_within = 24h,
                            .delete_within = 24h};
    ConnectForm form_{.title = "VK",
                      .fields = {{.key = "group_id", .is_required = true},
                                 {.key = "access_token", .kind = ConnectField::Kind::secret, .is_required = true},
                                 {.key = "updates", .is_rare = true, .choices = {"polling"}},
                                 {.key = "confirmation_code", .is_rare = true},
                                 {.key = "base_url", .is_rare = true, .fallback = "https://api.vk.com"}}};
};

}  // namespace okno::vk
