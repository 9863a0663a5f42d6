// A messenger of the tests: one line of its webhook is one event, its limits are those of a limited messenger.
//
//   <id> <phone> <text...>   a message;   ! reason   an element that cannot be read;   @address before the id or the
//   reason: an entry of another channel;   #account before the id: news of all its channels, the text is why they are
//   broken. Bytes are verified by "proof" = the channel's credential "secret".
#pragma once

#include "app/ports/messenger.hpp"

#include <sstream>
#include <stdexcept>
#include <string>

namespace okno::tests {

class PlainMessenger final : public Messenger {
public:
    PlainMessenger() = default;
    explicit PlainMessenger(MessengerTraits traits) : traits_(std::move(traits)) {}
    std::string_view name() const override { return "whatsapp"; }
    const MessengerTraits& traits() const override { return traits_; }
    MessengerTraits& own_traits() { return traits_; }
    Result<std::string> address_of(const std::map<std::string, std::string>&,
                                   const std::map<std::string, Secret>&) const override {
        return "1";
    }
    const ConnectForm& connect_form() const override { return form_; }
    std::string_view sent_credential() const override { return "access_token"; }
    std::string account_of(const Channel& channel) const override { return channel.setting("account"); }
    Receipt receive(const WebhookRequest&, const Channel&) const override { return Keep{}; }
    bool verifies(const std::string&, const std::string& proof, const Channel& channel) const override {
        return proof == channel.credential("secret").reveal();
    }
    ParsedWebhook parse(const std::string& body) const override {
        if (body == "explode") throw std::runtime_error("cannot be applied");
        ParsedWebhook out;
        std::istringstream lines(body);
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("! ")) {
                const std::size_t blank = line.find(' ', 2);
                const bool is_foreign = line[2] == '@';
                out.unreadable.push_back({is_foreign ? line.substr(3, blank - 3) : std::string(),
                                          line.substr(is_foreign ? blank + 1 : 2), line});
                continue;
            }
            std::istringstream words(line);
            std::string id, phone;
            ProviderEvent event;
            InboundMessage inbound;
            words >> id;
            if (id.starts_with("@")) {
                event.channel_address = id.substr(1);
                words >> id;
            }
            words >> phone >> std::ws;
            std::getline(words, inbound.text);
            inbound.provider_id = ProviderMessageId{id};
            inbound.from.addresses.push_back({"phone", phone, phone});
            event.what = inbound;
            if (id.starts_with("#")) {
                event.account = id.substr(1);
                event.what = ChannelNotice{ChannelNotice::Kind::broken, phone};
            }
            out.events.push_back(std::move(event));
        }
        return out;
    }
    Result<void> check_limits(const std::string&, const std::string& text, const std::string&) const override {
        if (text == "unspeakable") return fail(ErrorKind::invalid, "invalid", "It cannot be said here.", "text");
        return {};
    }
    std::vector<std::string> parts_of(const std::string&, const std::string& text) const override {
        std::vector<std::string> out;
        for (std::size_t at = 0; at < text.size() || at == 0; at += traits_.max_text)
            out.push_back(text.substr(at, traits_.max_text));
        return out;
    }
    boost::asio::awaitable<SendOutcome> send(OutboundMessage, Channel, HttpTransport&) const override {
        co_return Unanswered{"not used"};
    }
    boost::asio::awaitable<Result<void>> fetch_media(Media, Channel, std::string, HttpTransport&) const override {
        co_return Result<void>{};
    }
    boost::asio::awaitable<Result<void>> mark_read(ProviderMessageId, Channel, HttpTransport&) const override {
        co_return Result<void>{};
    }
    boost::asio::awaitable<Result<void>> show_typing(ProviderMessageId, Channel, HttpTransport&) const override {
        co_return Result<void>{};
    }
    boost::asio::awaitable<Result<Account>> check(Channel, std::string, HttpTransport&) const override {
        co_return Account{};
    }
    boost::asio::awaitable<Result<std::vector<Template>>> read_templates(Channel, HttpTransport&) const override {
        co_return Result<std::vector<Template>>{};
    }
    Result<Address> address_of_phone(std::string_view typed) const override {
        return Address{"phone", std::string(typed), std::string(typed)};
    }

private:
    MessengerTraits traits_{.reply_window = 24h,
                            .has_templates = true,
                            .max_text = 10,
                            .media = {{"image", "image/png", 1000}, {"document", "", 2000}}};
    ConnectForm form_{.title = "Plain"};
};

}  // namespace okno::tests
