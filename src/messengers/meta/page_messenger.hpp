// Messenger and Instagram behind the messenger port: one API of Meta, two platforms.
#pragma once

#include "app/ports/messenger.hpp"
#include "messengers/meta/platform.hpp"

namespace okno::meta {

class PageMessenger : public Messenger {
public:
    std::string_view name() const override { return platform_.name; }
    const MessengerTraits& traits() const override { return traits_; }
    const ConnectForm& connect_form() const override { return form_; }
    Result<std::string> address_of(const std::map<std::string, std::string>& settings,
                                   const std::map<std::string, Secret>& credentials) const override;
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
    boost::asio::awaitable<Result<void>> fetch_media(Media media, Channel channel, std::string save_to,
                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> mark_read(ProviderMessageId message, Channel channel,
                                                   HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> show_typing(ProviderMessageId message, Channel channel,
                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<std::vector<PersonName>>> names_of(std::vector<Address> people, Channel channel,
                                                                     HttpTransport& http) const override;
    boost::asio::awaitable<Result<Account>> check(Channel channel, std::string webhook_url,
                                                  HttpTransport& http) const override;
    boost::asio::awaitable<Result<void>> disconnect(Channel channel, HttpTransport& http) const override;
    boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel channel,
                                                                         HttpTransport& http) const override;
    Result<Address> address_of_phone(std::string_view typed) const override;

protected:
    PageMessenger(const Platform& platform, MessengerTraits traits, ConnectForm form)
        : platform_(platform), traits_(std::move(traits)), form_(std::move(form)) {}

private:
    const Platform& platform_;
    MessengerTraits traits_;
    ConnectForm form_;
};

class FacebookMessenger final : public PageMessenger {
public:
    FacebookMessenger();
};

class Instagram final : public PageMessenger {
public:
    Instagram();
};

}  // namespace okno::meta
