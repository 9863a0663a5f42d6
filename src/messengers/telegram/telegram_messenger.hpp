// Telegram's Bot API behind the messenger port.
#pragma once

#include "app/ports/messenger.hpp"

namespace okno::telegram {

class TelegramMessenger final : public Messenger {
public:
    std::string_view name() const override { return "telegram"; }
    const MessengerTraits& traits() const override { return traits_; }
    Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                   const std::map<std::string, Secret>& credentials) const override;
    const ConnectForm& connect_form() const override { return form_; }
    std::string_view sent_credential() const override { return "bot_token"; }
    std::string account_of(const Channel&) const override { return {}; }
    Receipt receive(const WebhookRequest& request, const Channel& channel) const override;
    // An update names no bot: it is of the channel whose URL it came to.
    bool verifies(const std::string&, const std::string&, const Channel&) const override { return false; }
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
    // About 30 a second over all chats and 1 to one chat, where short bursts pass (section 9): a little less. What
    // cannot be shown as what it is goes as a document, so any file of a kind is taken.
    MessengerTraits traits_{.reply_window = std::nullopt,
                            .has_templates = false,
                            .max_text = 4096,
                            .messages_per_second = 25,
                            .person_interval = 1s,
                            .person_burst = 3,
                            .media = {{"image", "", 50 << 20},
                                      {"sticker", "image/webp", 512 << 10},
                                      {"video", "", 50 << 20},
                                      {"audio", "", 50 << 20},
                                      {"document", "", 50 << 20}},
                            .most_choices = 100,
                            .tells_delivered = false,
                            .tells_read = false,
                            .edit_within = std::nullopt,
                            .delete_within = 48h};
    ConnectForm form_{.title = "Telegram",
                      .fields = {{.key = "bot_token", .kind = ConnectField::Kind::secret, .is_required = true},
                                 {.key = "updates", .is_rare = true, .choices = {"polling"}},
                                 {.key = "base_url", .is_rare = true, .fallback = "https://api.telegram.org"}}};
};

}  // namespace okno::telegram
