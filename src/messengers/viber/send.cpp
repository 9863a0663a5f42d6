#include "messengers/viber/send.hpp"

#include "messengers/split_text.hpp"
#include "messengers/viber/address.hpp"
#include "messengers/viber/api.hpp"
#include "messengers/viber/files.hpp"
#include "messengers/viber/keyboard.hpp"
#include "messengers/viber/text.hpp"
#include "messengers/viber/welcome.hpp"

#include <fmt/format.h>

#include <iterator>

namespace okno::viber {

namespace json = boost::json;

namespace {

constexpr int newest_version = 7;
constexpr std::size_t most_of_envelope = 5000;  // what stands around a text: sender, receiver, tracking data

std::unexpected<Error> not_here(const std::string& detail, const std::string& where) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, where);
}

json::object text_members(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

// A place on the map has no words beside it: one with a name is told in words.
Result<json::object> place_members(const JsonView& content, Form form) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    const std::string name = content["name"].text_or("");
    const std::string address = content["address"].text_or("");
    if (form != Form::simple && name.empty() && address.empty())
        return json::object{{"type", "location"}, {"location", json::object{{"lat", *latitude}, {"lon", *longitude}}}};
    std::string words = name + (name.empty() || address.empty() ? "" : "\n") + address;
    words += (words.empty() ? "" : "\n") + fmt::format("https://maps.google.com/?q={},{}", *latitude, *longitude);
    return text_members(words);
}

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

// One person with one number has a card; more is told in words.
json::object card_members(const JsonView& contacts, Form form) {
    const JsonView one = contacts.at(0);
    const std::string name = one["name"]["formatted_name"].text_or("");
    const std::string phone = one["phones"].at(0)["phone"].text_or("");
    const bool fits = contacts.size() == 1 && one["phones"].size() == 1 && !one["emails"].is_there() &&
                      !one["urls"].is_there() && !name.empty() && characters(name) <= most_card_name &&
                      !phone.empty() && phone.size() <= most_card_phone;
    if (!fits || form == Form::simple) return text_members(cards_text(contacts));
    return {{"type", "contact"}, {"contact", json::object{{"name", name}, {"phone_number", phone}}}};
}

Result<json::object> choice_members(const JsonView& content, Form form) {
    const bool has_keyboard = form != Form::simple;
    json::object out = text_members(text_of_choices(content, has_keyboard));
    if (!has_keyboard) return out;
    const Result<json::object> keyboard = keyboard_of(content);
    if (!keyboard) return std::unexpected(keyboard.error());
    out["keyboard"] = *keyboard;
    out["min_api_version"] = version_for(content);
    return out;
}

Result<json::object> members_of(const OutboundMessage& message, const JsonView& content, Form form) {
    if (message.type == "text") return text_members(message.text);
    if (message.type == "location") return place_members(content, form);
    if (message.type == "contacts") return card_members(content["contacts"], form);
    if (message.type == "interactive") return choice_members(content, form);
    if (!message.file) return not_here("Messages of type `" + message.type + "` cannot be sent in Viber.", "type");
    // A part with words that the file cannot carry is the message after it.
    const bool is_words = !message.text.empty() && !is_caption(message.type, *message.file, message.text);
    if (is_words) return text_members(message.text);
    return file_members(message, form == Form::simple);
}

Tracking tracking_of(const OutboundMessage& message, const JsonView& content) {
    Tracking out{.reference = message.reference};
    if (message.type != "interactive") return out;
    out.choices = choices_of(content);
    out.has_choices = !out.choices.empty();
    out.asks_phone = content["kind"].text_or("") == "contact_request";
    return out;
}

std::size_t written_size(const std::string& text) { return json::serialize(json::string(text)).size(); }

}  // namespace

Result<json::object> body_of(const OutboundMessage& message, const Channel& channel, Form form) {
    const auto person = person_in(message.to);
    if (!person) return fail(ErrorKind::invalid, "no_address", "No Viber account of this person is known.");
    const auto content = parse_json(message.content);
    if (!content) return std::unexpected(content.error());
    Result<json::object> out = members_of(message, JsonView(*content), form);
    if (!out) return out;
    (*out)["receiver"] = *person;
    (*out)["sender"] = sender_of(channel);
    (*out)["tracking_data"] = write_tracking(tracking_of(message, JsonView(*content)));
    if (form == Form::newer || !out->contains("min_api_version"))
        (*out)["min_api_version"] = form == Form::newer ? newest_version : 1;
    return out;
}

std::vector<std::string> text_parts(const std::string& text) {
    std::vector<std::string> out;
    for (const std::string& part : split_text(text, most_text)) {
        if (written_size(part) <= most_body_bytes - most_of_envelope) {
            out.push_back(part);
            continue;
        }
        const std::vector<std::string> smaller = split_text(part, most_text / 2);  // at most 6 bytes a character
        out.insert(out.end(), smaller.begin(), smaller.end());
    }
    return out;
}

Result<void> check_limits(const std::string& type, const JsonView& content) {
    if (type == "template") return not_here("Viber has no templates and needs none: write the text itself.", "type");
    if (type == "reaction") return not_here("Reactions cannot be sent in Viber.", "type");
    if (type != "interactive") return {};
    if (const auto fits = check_choices(content); !fits) return fits;
    const std::string text = text_of_choices(content, false);  // longer than with a keyboard
    if (characters(text) > most_text)
        return fail(ErrorKind::invalid, "invalid", "The text of choices has at most 7000 characters in Viber.",
                    "interactive.body");
    const auto keyboard = keyboard_of(content);
    if (written_size(text) + json::serialize(*keyboard).size() > most_body_bytes - most_of_envelope)
        return fail(ErrorKind::invalid, "invalid",
                    "A message with its buttons has at most 25 KB in Viber: use fewer or shorter ones.",
                    "interactive.buttons");
    return {};
}

}  // namespace okno::viber
