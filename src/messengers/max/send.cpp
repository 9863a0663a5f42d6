#include "messengers/max/send.hpp"

#include "base/utf8.hpp"
#include "messengers/max/address.hpp"
#include "messengers/max/keyboard.hpp"

#include <array>

namespace okno::max {

namespace json = boost::json;

namespace {

constexpr std::size_t most_text = 4000;

std::unexpected<Error> not_here(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, where);
}

bool is_file(const std::string& type) {
    constexpr std::array<std::string_view, 5> types{"image", "video", "audio", "document", "sticker"};
    return std::ranges::find(types, type) != types.end();
}

// `attachment` empty: there is none.
json::object body_with(const std::string& text, json::object attachment = {}) {
    json::object out;
    if (!text.empty()) out["text"] = text;
    if (!attachment.empty()) out["attachments"].emplace_array().push_back(std::move(attachment));
    return out;
}

Result<json::object> place_of(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    std::string words = content["name"].text_or("");
    if (const std::string address = content["address"].text_or(""); !address.empty())
        words += (words.empty() ? "" : "\n") + address;
    return body_with(words, {{"type", "location"}, {"latitude", *latitude}, {"longitude", *longitude}});
}

std::string escaped(const std::string& value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == ';' || c == ',') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c != '\r')
            out += c;
    }
    return out;
}

struct CardLine {
    const char* list;
    const char* member;
    const char* property;
};
constexpr std::array card_lines{CardLine{"phones", "phone", "TEL;TYPE=CELL"}, CardLine{"emails", "email", "EMAIL"},
                                CardLine{"urls", "url", "URL"}};

std::string name_on(const JsonView& contact) { return contact["name"]["formatted_name"].text_or(""); }

// Of one person as a card, which stands alone in its message.
json::object card_of(const JsonView& contact) {
    const std::string name = name_on(contact);
    std::string vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:" + escaped(name) + "\r\n";
    for (const CardLine& line : card_lines)
        for (std::size_t i = 0; i < contact[line.list].size(); ++i)
            vcard +=
                std::string(line.property) + ":" + escaped(contact[line.list].at(i)[line.member].text_or("")) + "\r\n";
    vcard += "END:VCARD\r\n";
    return {{"type", "contact"}, {"payload", json::object{{"name", name}, {"vcf_info", vcard}}}};
}

std::string cards_text(const JsonView& contacts) {
    std::string out;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        out += (out.empty() ? "" : "\n\n") + name_on(contacts.at(i));
        for (const CardLine& line : card_lines)
            for (std::size_t k = 0; k < contacts.at(i)[line.list].size(); ++k)
                out += "\n" + contacts.at(i)[line.list].at(k)[line.member].text_or("");
    }
    return out;
}

json::object contacts_of(const JsonView& contacts) {
    if (contacts.size() == 1) return body_with({}, card_of(contacts.at(0)));
    return body_with(cards_text(contacts));
}

Result<json::object> choices_of(const JsonView& content) {
    Result<json::array> rows = rows_of(content);
    if (!rows) return std::unexpected(rows.error());
    return body_with(text_of_choices(content),
                     {{"type", "inline_keyboard"}, {"payload", json::object{{"buttons", *rows}}}});
}

Result<json::object> words_of(const OutboundMessage& message, const JsonView& content,
                              const std::optional<json::object>& file) {
    if (message.type == "text") return body_with(message.text);
    if (message.type == "location") return place_of(content);
    if (message.type == "contacts") return contacts_of(content["contacts"]);
    if (message.type == "interactive") return choices_of(content);
    if (is_file(message.type) && file) return body_with(message.text, *file);
    return not_here("Messages of type `" + message.type + "` cannot be sent in MAX.", "type");
}

}  // namespace

Result<json::object> body_of(const OutboundMessage& message, const std::optional<json::object>& file) {
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    Result<json::object> out = words_of(message, JsonView(*content), file);
    if (!out) return out;
    const std::string quoted = name_of(message.reply_to).mid;
    if (!quoted.empty()) (*out)["link"] = json::object{{"type", "reply"}, {"mid", quoted}};
    return out;
}

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    if (type == "template") return not_here("MAX has no templates and needs none: write the text itself.", "type");
    if (type == "reaction") return not_here("A bot cannot react to messages in MAX.", "type");
    if (is_file(type) && characters(text) > most_text)
        return fail(ErrorKind::invalid, "invalid",
                    "The text beside a file has at most 4000 characters in MAX, this has " +
                        std::to_string(characters(text)) + ": send the file first and the text after it.",
                    "text");
    if (type == "contacts" && characters(cards_text(content["contacts"])) > most_text)
        return fail(ErrorKind::invalid, "invalid", "These are too many contacts for one message of MAX.", "contacts");
    if (type != "interactive") return {};
    if (const auto fits = check_choices(content); !fits) return fits;
    if (characters(text_of_choices(content)) > most_text)
        return fail(ErrorKind::invalid, "invalid", "The text of choices has at most 4000 characters in MAX.",
                    "interactive.body");
    return {};
}

}  // namespace okno::max
