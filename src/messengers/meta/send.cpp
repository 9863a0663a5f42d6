#include "messengers/meta/send.hpp"

#include "messengers/meta/choices.hpp"
#include "messengers/split_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace okno::meta {

namespace json = boost::json;

namespace {

std::unexpected<Error> not_here(const Platform& platform, const std::string& what, const std::string& where) {
    return fail(ErrorKind::invalid, "type_not_supported", what + " in " + std::string(platform.shown) + ".", where);
}

// Neither platform takes a place: its name and a map.
Result<std::string> place_text(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    std::string out;
    for (const char* field : {"name", "address"})
        if (const std::string line = content[field].text_or(""); !line.empty()) out += line + "\n";
    return out + fmt::format("https://maps.google.com/?q={},{}", *latitude, *longitude);
}

// Nor contact cards: names and numbers as text.
std::string cards_text(const JsonView& contacts) {
    std::string out;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        out += (out.empty() ? "" : "\n\n") + contacts.at(i)["name"]["formatted_name"].text_or("");
        for (const auto& [list, member] : {std::pair{"phones", "phone"}, {"emails", "email"}, {"urls", "url"}})
            for (std::size_t k = 0; k < contacts.at(i)[list].size(); ++k)
                out += "\n" + contacts.at(i)[list].at(k)[member].text_or("");
    }
    return out;
}

json::object text_message(std::string text) { return {{"text", std::move(text)}}; }

json::object file_message(const std::string& type, const std::string& attachment_id) {
    return {{"attachment", json::object{{"type", type == "document" ? "file" : type},
                                        {"payload", json::object{{"attachment_id", attachment_id}}}}}};
}

Result<json::object> message_of(const Platform& platform, const OutboundMessage& message, const JsonView& content,
                                const std::string& attachment_id) {
    if (!attachment_id.empty()) return file_message(message.type, attachment_id);
    const bool is_words_of_file = is_file(message.type) && !message.text.empty();
    if (message.type == "text" || is_words_of_file) return text_message(message.text);
    if (message.type == "contacts") return text_message(cards_text(content["contacts"]));
    if (message.type == "interactive") return choices_of(platform, content);
    if (message.type != "location")
        return not_here(platform, "Messages of type `" + message.type + "` cannot be sent", "type");
    const Result<std::string> place = place_text(content);
    if (!place) return std::unexpected(place.error());
    return text_message(*place);
}

std::vector<std::string> split(const Platform& platform, const std::string& text) {
    return split_text(text, platform.max_text, platform.counts_bytes ? TextUnit::bytes : TextUnit::characters);
}

}  // namespace

bool is_file(const std::string& type) {
    constexpr std::array<std::string_view, 4> types{"image", "video", "audio", "document"};
    return std::ranges::find(types, type) != types.end();
}

Result<std::string> body_of(const Platform& platform, const OutboundMessage& message,
                            const std::string& attachment_id) {
    const auto person = id_of(platform, message.to);
    if (!person)
        return fail(ErrorKind::invalid, "no_address",
                    "No " + std::string(platform.shown) + " account of this person is known.");
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    Result<json::object> inner = message_of(platform, message, JsonView(*content), attachment_id);
    if (!inner) return std::unexpected(inner.error());
    // Comes back in the echo, by which records.cpp knows what is ours.
    (*inner)["metadata"] = std::string(our_mark) + message.reference;
    json::object body{{"recipient", json::object{{"id", *person}}},
                      {"messaging_type", message.is_late ? "MESSAGE_TAG" : "RESPONSE"},
                      {"message", std::move(*inner)}};
    if (message.is_late) body["tag"] = "HUMAN_AGENT";
    const auto quoted = name_of(message.reply_to);
    if (quoted && quoted->person == *person) body["reply_to"] = json::object{{"mid", quoted->mid}};
    return json::serialize(body);
}

std::string action_body(const std::string& person, const std::string& action) {
    return json::serialize(json::object{{"recipient", json::object{{"id", person}}}, {"sender_action", action}});
}

std::vector<std::string> parts_of(const Platform& platform, const std::string& type, const std::string& text) {
    if (type == "text") return split(platform, text);
    if (!is_file(type)) return {text};
    std::vector<std::string> out{std::string()};
    if (!text.empty())
        for (std::string& part : split(platform, text))
            out.push_back(std::move(part));
    return out;
}

Result<void> check_limits(const Platform& platform, const std::string& type, const JsonView& content) {
    if (type == "template") return not_here(platform, "There are no approved templates", "type");
    if (type == "reaction") return not_here(platform, "Reactions cannot be sent", "type");
    if (type == "interactive") return check_choices(platform, content);
    std::string text;
    if (type == "contacts") text = cards_text(content["contacts"]);
    if (type == "location") text = place_text(content).value_or("");
    if (length_of(platform, text) <= platform.max_text) return {};
    return fail(ErrorKind::invalid, "invalid",
                "It leaves as text and is longer than one message of " + std::string(platform.shown) + ".", type);
}

}  // namespace okno::meta
