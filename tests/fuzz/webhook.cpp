// Webhooks of every messenger: whatever a provider sends becomes events that the storage can hold, or is kept as bytes.
#include "base/utf8.hpp"
#include "fuzz/target.hpp"
#include "messengers/registry.hpp"

#include <boost/json.hpp>

using namespace okno;
using fuzz::must;

// PostgreSQL takes no other text.
static void must_be_text(const std::string& text) {
    must(is_utf8(text), "an event's text is UTF-8");
    must(text.find('\0') == std::string::npos, "an event's text has no U+0000");
}

static void must_be_object(const std::string& content) {
    boost::system::error_code error;
    const auto value = boost::json::parse(content, error);
    must(!error && value.is_object(), "an event's content is a JSON object");
    must_be_text(content);
    must(content.find("\\u0000") == std::string::npos, "an event's content has no U+0000");
}

static void check(const std::vector<Address>& addresses) {
    for (const Address& address : addresses) {
        must_be_text(address.kind);
        must_be_text(address.value);
        must_be_text(address.key);
        must(!address.kind.empty() && !address.key.empty(), "an address has a kind and a key");
    }
}

static void check(const Person& person) {
    must(!person.addresses.empty(), "a person has an address");
    check(person.addresses);
    must_be_text(person.name);
}

static void check(const InboundMessage& message) {
    check(message.from);
    must(!message.provider_id.value().empty(), "a message has the provider's id");
    must_be_text(message.provider_id.value());
    must_be_text(message.reply_to.value());
    must_be_text(message.type);
    must(!message.type.empty(), "a message has a type");
    must_be_text(message.text);
    must_be_object(message.content);
    if (!message.media) return;
    must_be_text(message.media->kind);
    must_be_text(message.media->provider_id);
    must_be_text(message.media->name);
    must_be_text(message.media->mime);
    must_be_text(message.media->sha256);
}

static void check(const MessageChange& change) {
    check(change.from.addresses);
    must(!change.target.value().empty(), "a change names its message");
    must_be_text(change.target.value());
    must_be_text(change.key);
    must_be_text(change.text);
}

static void check(const StatusReport& report) {
    must(!report.provider_id.value().empty() || !report.reference.empty(), "a status names its message");
    must_be_text(report.provider_id.value());
    must_be_text(report.reference);
    must_be_text(report.error_code);
    must_be_text(report.error_message);
    if (!report.price.empty()) must_be_object(report.price);
    check(report.to);
}

static void check(const AddressChange& change) {
    must(!change.before.empty() && !change.after.empty(), "a change of addresses has both");
    check(change.before);
    check(change.after);
}

static void check(const PersonNotice& notice) { check(notice.from.addresses); }

static void check(const Watermark& mark) { check(mark.from); }

static void check(const ChannelNotice& notice) { must_be_text(notice.reason); }

static void check(const Messenger& messenger, const std::string& body) {
    const ParsedWebhook parsed = messenger.parse(body);
    for (const ProviderEvent& event : parsed.events) {
        must_be_text(event.channel_address);
        must_be_text(event.account);
        std::visit([](const auto& what) { check(what); }, event.what);
    }
    const ParsedWebhook again = messenger.parse(body);
    must(again.events.size() == parsed.events.size() && again.unreadable.size() == parsed.unreadable.size(),
         "reading twice gives the same");
    for (const UnreadableElement& element : parsed.unreadable) {
        must(!element.reason.empty() && is_utf8(element.reason), "what could not be read has its reason");
        // It is replayed as a body of its own, and must not turn into something else then.
        const ParsedWebhook replayed = messenger.parse(element.bytes);
        must(replayed.events.empty() && replayed.unreadable.size() == 1, "what is set aside stays one element");
    }
}

// Each reads what is addressed to the others too: a wrong address in a provider's settings brings just that.
void fuzz::take(std::string_view input) {
    const std::string body(input);
    for (const auto& messenger : all_messengers())
        check(*messenger, body);
}
