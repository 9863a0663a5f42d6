// MAX's bots behind the messenger port.
#pragma once

#include "app/ports/messenger.hpp"

#include <chrono>

namespace okno::max {

class MaxMessenger final : public Messenger {
public:
    // `beat`: the first pause before a file that is being worked on is tried again, and nearly twice the pause between
    // two questions of long polling.
    explicit MaxMessenger(std::chrono::milliseconds beat = std::chrono::seconds{1}) : beat_(beat) {}

    std::string_view name() const override { return "max"; }
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
    Result<Address> address_of_phone(std::string_view typed) const override;

private:
    // 30 calls a second are a bot's, of which uploads and answers to presses take some; two messages a second go into
    // one dialog, and a little less keeps us below that when the network hurries one of them (section 5).
    MessengerTraits traits_{.reply_window = std::nullopt,
                            .has_templates = false,
                            .max_text = 4000,
                            .messages_per_second = 20,
                            .person_interval = std::chrono::milliseconds{600},
                            .person_burst = 1,
                            .media = {{"image", "image/jpeg image/png", 200 << 20},
                                      {"sticker", "image/webp", 200 << 20},
                                      {"video", "video/mp4 video/3gpp", 200 << 20},
                                      {"audio", "audio/ogg audio/mpeg audio/mp4 audio/aac audio/amr", 200 << 20},
                                      {"document", "", 200 << 20}},
                            .most_choices = 210,
                            .tells_delivered = false,
                            .tells_read = false,
                            .edit_within = std::chrono::hours{24},
                            .delete_within = std::chrono::hours{24}};
    ConnectForm form_{.title = "MAX",
                      .fields = {{.key = "bot", .is_required = true},
                                 {.key = "access_token", .kind = ConnectField::Kind::secret, .is_required = true},
                                 {.key = "updates", .is_rare = true, .choices = {"polling"}},
                                 {.key = "base_url", .is_rare = true, .fallback = "https://platform-api2.max.ru"}}};
    std::chrono::milliseconds beat_;
};

}  // namespace okno::max
