#include "messengers/vk/send.hpp"

#include "base/crypto.hpp"
#include "base/utf8.hpp"
#include "messengers/vk/address.hpp"
#include "messengers/vk/keyboard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace okno::vk {

namespace json = boost::json;

namespace {

constexpr std::size_t most_text = 4096;  // VK takes 9000, its own programs show 4096 well

std::unexpected<Error> not_here(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, where);
}

bool is_file(const std::string& type) {
    constexpr std::array<std::string_view, 5> types{"image", "video", "audio", "document", "sticker"};
    return std::ranges::find(types, type) != types.end();
}

Result<Parameters> place_of(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    Parameters out{{"lat", fmt::format("{}", *latitude)}, {"long", fmt::format("{}", *longitude)}};
    std::string words = content["name"].text_or("");
    if (const std::string address = content["address"].text_or(""); !address.empty())
        words += (words.empty() ? "" : "\n") + address;
    if (!words.empty()) out.emplace_back("message", words);
    return out;
}

// VK has no contact cards: names and numbers as text.
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

Result<Parameters> choices_of(const JsonView& content, bool has_keyboard) {
    Parameters out{{"message", text_of_choices(content, has_keyboard)}};
    if (!has_keyboard) return out;
    const Result<json::object> keyboard = keyboard_of(content);
    if (!keyboard) return std::unexpected(keyboard.error());
    out.emplace_back("keyboard", json::serialize(*keyboard));
    return out;
}

Result<Parameters> words_of(const OutboundMessage& message, const JsonView& content, const std::string& attachment,
                            bool has_keyboard) {
    if (message.type == "text") return Parameters{{"message", message.text}};
    if (message.type == "location") return place_of(content);
    if (message.type == "contacts") return Parameters{{"message", cards_text(content["contacts"])}};
    if (message.type == "interactive") return choices_of(content, has_keyboard);
    if (!is_file(message.type) || attachment.empty())
        return not_here("Messages of type `" + message.type + "` cannot be sent in VK.", "type");
    Parameters out{{"attachment", attachment}};
    if (!message.text.empty()) out.emplace_back("message", message.text);
    return out;
}

// By the number inside the conversation, which VK calls forwarding.
std::string quote_of(const MessageName& quoted) {
    return json::serialize(json::object{{"peer_id", std::stoll(quoted.peer)},
                                        {"conversation_message_ids", json::array{std::stoll(quoted.number)}},
                                        {"is_reply", true}});
}

bool is_number(const MessageName& name) {
    constexpr std::size_t most_digits = 18;
    return name.peer.size() <= most_digits && name.number.size() <= most_digits;
}

}  // namespace

std::int64_t random_id_of(const std::string& reference) {
    const Sha256 hash = sha256(reference);
    std::int64_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number * 256 + hash[i];
    return std::max<std::int64_t>(number % 0x80000000, 1);  // 0 switches VK's check off
}

Result<Parameters> parameters_of(const OutboundMessage& message, const std::string& attachment, bool has_keyboard) {
    const auto peer = peer_for(message.to);
    if (!peer) return fail(ErrorKind::invalid, "no_address", "No VK account of this person is known.");
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    Result<Parameters> out = words_of(message, JsonView(*content), attachment, has_keyboard);
    if (!out) return out;
    // Of a list VK tells the number in the conversation, of a single person it does not.
    out->emplace_back("peer_ids", *peer);
    out->emplace_back("random_id", std::to_string(random_id_of(message.reference)));
    // Comes back in `message_reply`, by which parse.cpp knows what is ours.
    out->emplace_back("payload", json::serialize(json::object{{"okno", message.reference}}));
    const auto quoted = name_of(message.reply_to);
    if (quoted && quoted->peer == *peer && is_number(*quoted)) out->emplace_back("forward", quote_of(*quoted));
    return out;
}

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    if (type == "template") return not_here("VK has no templates and needs none: write the text itself.", "type");
    if (type == "reaction") return not_here("Reactions cannot be sent in VK from a community.", "type");
    if (is_file(type) && characters(text) > most_text)
        return fail(ErrorKind::invalid, "invalid",
                    "The text beside a file has at most 4096 characters in VK, this has " +
                        std::to_string(characters(text)) + ": send the file first and the text after it.",
                    "text");
    if (type != "interactive") return {};
    if (const auto fits = check_choices(content); !fits) return fits;
    if (characters(text_of_choices(content, true)) > most_text)
        return fail(ErrorKind::invalid, "invalid", "The text of choices has at most 4096 characters in VK.",
                    "interactive.body");
    return {};
}

}  // namespace okno::vk
