#include "messengers/gateway/reading.hpp"

#include <array>
#include <cstdlib>

namespace okno::gateway {

namespace json = boost::json;

namespace {

std::optional<double> degrees(const JsonView& text) {
    if (const auto number = text.number()) return number;
    const std::string written = text.text_or("");
    char* end = nullptr;
    const double value = std::strtod(written.c_str(), &end);
    return written.empty() || *end != '\0' ? std::nullopt : std::optional(value);
}

// The value behind the first colon of a line "NAME..." or "item1.NAME..."; empty: it is another line.
std::string value_in(std::string_view line, std::string_view name) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    std::string_view key = line.substr(0, line.find_first_of(":;"));
    if (const std::size_t dot = key.find('.'); dot != std::string_view::npos) key.remove_prefix(dot + 1);
    return key == name ? std::string(line.substr(colon + 1)) : std::string();
}

json::object card_of(std::string_view vcard) {
    json::object name;
    json::array phones;
    json::array emails;
    while (!vcard.empty()) {
        const std::size_t end = std::min(vcard.find('\n'), vcard.size());
        std::string_view line = vcard.substr(0, end);
        vcard.remove_prefix(std::min(end + 1, vcard.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (const std::string full = value_in(line, "FN"); !full.empty()) name["formatted_name"] = full;
        if (const std::string phone = value_in(line, "TEL"); !phone.empty())
            phones.push_back(json::object{{"phone", phone}});
        if (const std::string email = value_in(line, "EMAIL"); !email.empty())
            emails.push_back(json::object{{"email", email}});
    }
    json::object out{{"name", std::move(name)}};
    if (!phones.empty()) out["phones"] = std::move(phones);
    if (!emails.empty()) out["emails"] = std::move(emails);
    return out;
}

Events one(auto&& what) { return Events{{{}, std::forward<decltype(what)>(what)}}; }

}  // namespace

std::optional<Timestamp> time_of(const JsonView& number) {
    const auto whole = number.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (!whole || *whole <= 0 || *whole > year_9999 * 1000) return std::nullopt;
    constexpr std::int64_t first_millis = 100'000'000'000;  // as seconds that is the year 5138
    return *whole < first_millis ? Timestamp{std::chrono::seconds{*whole}} : from_millis(*whole);
}

Result<std::string> required_id(const JsonView& id) {
    Result<std::string> text = id.required_text();
    if (text && text->empty()) return fail(ErrorKind::invalid, "missing_field", "`" + id.path() + "` is empty.");
    return text;
}

std::string write_file_name(const FileName& name) {
    return name.url + std::string(by_message) + name.chat + "/" + name.id;
}

FileName read_file_name(const std::string& text) {
    const std::size_t mark = text.find(by_message);
    if (mark == std::string::npos) return {text, {}, {}};
    const std::string message = text.substr(mark + by_message.size());
    const std::size_t slash = message.find('/');
    if (slash == std::string::npos) return {text.substr(0, mark), {}, {}};
    return {text.substr(0, mark), message.substr(0, slash), message.substr(slash + 1)};
}

std::string kind_of_mime(std::string_view mime) {
    if (mime.starts_with("image/webp")) return "sticker";
    for (const std::string_view kind : {"image", "video", "audio"})
        if (mime.starts_with(kind)) return std::string(kind);
    return "document";
}

Content file_content(const std::string& kind, const std::string& mime, const std::string& name, const std::string& text,
                     const FileName& at) {
    Content out{.type = kind, .text = text};
    MediaHint hint;
    hint.kind = kind;
    hint.provider_id = write_file_name(at);
    hint.name = name;
    hint.mime = mime.substr(0, mime.find(';'));
    if (kind == "audio" && mime.find("opus") != std::string::npos) out.more["voice"] = true;
    out.media = std::move(hint);
    return out;
}

std::optional<Content> place_content(const JsonView& latitude, const JsonView& longitude, json::object place) {
    const auto north = degrees(latitude);
    const auto east = degrees(longitude);
    if (!north || !east) return std::nullopt;
    Content out{.type = "location"};
    out.more = {{"latitude", *north}, {"longitude", *east}};
    for (const std::string_view member : {"name", "address"})
        if (const json::value* said = place.if_contains(member); said != nullptr && !said->get_string().empty())
            out.more[member] = *said;
    if (place.contains("live")) out.more["live"] = true;
    return out;
}

Content cards_content(const std::vector<std::string>& vcards) {
    Content out{.type = "contacts"};
    json::array cards;
    for (const std::string& vcard : vcards)
        cards.push_back(card_of(vcard));
    if (!cards.empty())
        if (const json::value* first = cards[0].at("name").as_object().if_contains("formatted_name"))
            out.text = std::string(first->as_string());
    out.more["contacts"] = std::move(cards);
    return out;
}

Content poll_content(const std::string& question, const std::vector<std::string>& options) {
    Content out;
    out.text = question;
    for (const std::string& option : options)
        out.text += "\n- " + option;
    return out;
}

Content unknown_content(const std::string& kind) {
    Content out{.type = "unsupported"};
    out.more["kind"] = kind;
    return out;
}

Events message_event(const Written& written, Content content) {
    InboundMessage inbound;
    inbound.from = written.from;
    inbound.provider_id = ProviderMessageId{written.id};
    inbound.author = written.is_ours ? AuthorKind::phone : AuthorKind::customer;
    inbound.provider_time = written.time;
    inbound.type = std::move(content.type);
    inbound.text = std::move(content.text);
    if (const json::value* referral = content.more.if_contains("referral"))
        inbound.referral = std::string(referral->as_string());
    inbound.content = json::serialize(content.more);
    inbound.media = std::move(content.media);
    inbound.opens_window = !written.is_ours;
    inbound.reply_to = ProviderMessageId{written.quoted};
    return one(std::move(inbound));
}

static StatusReport report_of(const std::string& id, const std::string& reference, MessageStatus status,
                              std::optional<Timestamp> time) {
    StatusReport report;
    report.provider_id = ProviderMessageId{id};
    report.reference = reference;
    report.status = status;
    report.time = time.value_or(Timestamp{});
    return report;
}

Events status_event(const std::string& id, const std::string& reference, MessageStatus status,
                    std::optional<Timestamp> time) {
    return one(report_of(id, reference, status, time));
}

Events failed_event(const std::string& id, const std::string& reference, const std::string& word,
                    std::optional<Timestamp> time) {
    StatusReport report = report_of(id, reference, MessageStatus::failed, time);
    report.error_code = "provider_error";
    report.error_message = "WhatsApp did not take the message (" + word + ").";
    return one(std::move(report));
}

Events change_event(MessageChange::Kind kind, const std::string& target, const std::string& key, std::string text,
                    std::optional<Timestamp> time) {
    MessageChange change;
    change.kind = kind;
    change.target = ProviderMessageId{target};
    change.key = key;
    change.text = std::move(text);
    change.provider_time = time;
    return one(std::move(change));
}

Events call_event(const Person& from, const std::string& id, bool is_video, std::optional<Timestamp> time) {
    InboundMessage inbound;
    inbound.from = from;
    inbound.provider_id = ProviderMessageId{"call:" + id};
    inbound.provider_time = time;
    inbound.type = "call";
    inbound.text = is_video ? "Video call" : "Call";
    inbound.content = json::serialize(json::object{{"video", is_video}});
    inbound.opens_window = false;
    inbound.is_event = true;
    return one(std::move(inbound));
}

Events state_event(const std::optional<Session>& session, int failures) {
    const auto notice = session ? notice_of(*session, failures) : std::nullopt;
    return notice ? one(*notice) : Events{};
}

}  // namespace okno::gateway
