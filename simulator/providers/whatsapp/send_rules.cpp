#include "providers/whatsapp/send_rules.hpp"

#include "core/reading.hpp"
#include "providers/whatsapp/interactive_rules.hpp"
#include "providers/whatsapp/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>

namespace okno::sim::whatsapp {

namespace {

enum class Shape { text, object, array, number, boolean };

// One line of the contract. `when` is "*", a message type or "interactive/<kind>"; `[]` in a path means every element.
// `least`..`most` are characters of a text or elements of an array; `most` 0: no limit.
struct FieldRule {
    std::string_view when;
    std::string_view path;
    Shape shape;
    bool is_required;
    std::size_t least = 0;
    std::size_t most = 0;
    int missing_code = 131008;
    int wrong_code = 100;
};

constexpr FieldRule kFields[] = {
    {"*", "messaging_product", Shape::text, true, 1, 0, 100},
    {"*", "biz_opaque_callback_data", Shape::text, false, 0, 512},
    {"*", "context", Shape::object, false},
    {"*", "context.message_id", Shape::text, true, 1, 0, 131009, 131009},

    {"text", "text", Shape::object, true},
    {"text", "text.body", Shape::text, true, 1, 4096},
    {"text", "text.preview_url", Shape::boolean, false},

    {"image", "image", Shape::object, true},
    {"image", "image.caption", Shape::text, false, 0, 1024},
    {"video", "video", Shape::object, true},
    {"video", "video.caption", Shape::text, false, 0, 1024},
    {"audio", "audio", Shape::object, true},
    {"audio", "audio.voice", Shape::boolean, false},
    {"document", "document", Shape::object, true},
    {"document", "document.caption", Shape::text, false, 0, 1024},
    {"document", "document.filename", Shape::text, false, 1, 240},
    {"sticker", "sticker", Shape::object, true},

    {"location", "location", Shape::object, true},
    {"location", "location.latitude", Shape::number, true, 0, 90, 131008, 131009},
    {"location", "location.longitude", Shape::number, true, 0, 180, 131008, 131009},
    {"location", "location.name", Shape::text, false},
    {"location", "location.address", Shape::text, false},

    {"contacts", "contacts", Shape::array, true, 1, 257},
    {"contacts", "contacts[].name", Shape::object, true},
    {"contacts", "contacts[].name.formatted_name", Shape::text, true, 1},
    {"contacts", "contacts[].phones", Shape::array, false},
    {"contacts", "contacts[].phones[].phone", Shape::text, false, 1},
    {"contacts", "contacts[].emails", Shape::array, false},

    {"reaction", "reaction", Shape::object, true},
    {"reaction", "reaction.message_id", Shape::text, true, 1},
    {"reaction", "reaction.emoji", Shape::text, true, 0, 10, 131008, 131009},

    {"interactive", "interactive", Shape::object, true},
    {"interactive", "interactive.type", Shape::text, true, 1},
    {"interactive", "interactive.action", Shape::object, true},
    {"interactive", "interactive.body", Shape::object, true},
    {"interactive", "interactive.footer.text", Shape::text, false, 1, 60, 131008, 131009},
    {"interactive", "interactive.header.type", Shape::text, true, 1, 0, 131008, 131009},
    {"interactive/button", "interactive.body.text", Shape::text, true, 1, 1024, 131008, 131009},
    {"interactive/button", "interactive.action.buttons", Shape::array, true, 1, 3, 131008, 131009},
    {"interactive/button", "interactive.action.buttons[].reply", Shape::object, true},
    {"interactive/button", "interactive.action.buttons[].reply.id", Shape::text, true, 1, 256, 131008, 131009},
    {"interactive/button", "interactive.action.buttons[].reply.title", Shape::text, true, 1, 20, 131008, 131009},
    {"interactive/list", "interactive.body.text", Shape::text, true, 1, 4096, 131008, 131009},
    {"interactive/list", "interactive.action.button", Shape::text, true, 1, 20, 131008, 131009},
    {"interactive/list", "interactive.action.sections", Shape::array, true, 1, 10, 131008, 131009},
    {"interactive/list", "interactive.action.sections[].title", Shape::text, false, 0, 24, 131008, 131009},
    {"interactive/list", "interactive.action.sections[].rows", Shape::array, true, 1, 10, 131008, 131009},
    {"interactive/list", "interactive.action.sections[].rows[].id", Shape::text, true, 1, 200, 131008, 131009},
    {"interactive/list", "interactive.action.sections[].rows[].title", Shape::text, true, 1, 24, 131008, 131009},
    {"interactive/list", "interactive.action.sections[].rows[].description", Shape::text, false, 0, 72, 131008, 131009},
    {"interactive/cta_url", "interactive.body.text", Shape::text, true, 1, 1024, 131008, 131009},
    {"interactive/cta_url", "interactive.action.parameters", Shape::object, true},
    {"interactive/cta_url", "interactive.action.parameters.display_text", Shape::text, true, 1, 20, 131008, 131009},
    {"interactive/cta_url", "interactive.action.parameters.url", Shape::text, true, 1, 2000, 131008, 131009},
    {"interactive/location_request_message", "interactive.body.text", Shape::text, true, 1, 1024, 131008, 131009},
    {"interactive/contact_request", "interactive.body.text", Shape::text, true, 1, 1024, 131008, 131009},
    {"interactive/flow", "interactive.body.text", Shape::text, true, 1, 1024, 131008, 131009},
    {"interactive/carousel", "interactive.action.cards", Shape::array, true, 2, 10, 131008, 131009},

    {"template", "template", Shape::object, true},
    {"template", "template.name", Shape::text, true, 1, 512},
    {"template", "template.language", Shape::object, true},
    {"template", "template.language.code", Shape::text, true, 1},
    {"template", "template.components", Shape::array, false},
    {"template", "template.components[].type", Shape::text, true, 1},
    {"template", "template.components[].parameters", Shape::array, false},
    {"template", "template.components[].parameters[].type", Shape::text, true, 1},
};

// The only members some objects may have; Meta answers an unexpected key with (#100).
struct KeyRule {
    std::string_view type;
    std::string_view keys;
};
constexpr KeyRule kKeys[] = {
    {"text", "body preview_url"},
    {"image", "id link caption"},
    {"video", "id link caption"},
    {"audio", "id link voice"},
    {"document", "id link caption filename"},
    {"sticker", "id link"},
    {"location", "latitude longitude name address"},
    {"reaction", "message_id emoji"},
};

constexpr std::string_view kTypes =
    "audio contacts document image interactive location reaction sticker template text video";

bool is_word_of(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t blank = list.find(' ');
        if (list.substr(0, blank) == word) return true;
        if (blank == std::string_view::npos) return false;
        list.remove_prefix(blank + 1);
    }
    return false;
}

// Calls `found` for every place the path leads to; with null where the last member is missing. Missing parents are
// silent: a rule of their own says whether they must be there.
void visit(const json::value& from, std::string_view path, const std::string& done,
           const std::function<void(const json::value*, const std::string&)>& found) {
    const std::size_t dot = path.find('.');
    std::string_view step = path.substr(0, dot);
    const bool is_each = step.ends_with("[]");
    if (is_each) step.remove_suffix(2);
    const bool is_last = dot == std::string_view::npos && !is_each;
    if (!from.is_object()) {  // an element that is no object has none of its members
        found(nullptr, done);
        return;
    }
    const json::value* next = from.as_object().if_contains(step);
    const std::string here = done.empty() ? std::string(step) : fmt::format("{}['{}']", done, step);
    if (is_last) {
        found(next, here);
    } else if (next != nullptr && is_each && next->is_array()) {
        for (std::size_t i = 0; i < next->get_array().size(); ++i)
            visit(next->get_array()[i], path.substr(dot + 1), fmt::format("{}[{}]", here, i), found);
    } else if (next != nullptr && !is_each) {
        visit(*next, path.substr(dot + 1), here, found);
    }
}

std::optional<double> as_number(const json::value& value) {
    if (value.is_number()) return value.to_number<double>();
    if (!value.is_string() || value.get_string().empty()) return std::nullopt;
    const std::string text(value.get_string());
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    return *end == '\0' ? std::optional(number) : std::nullopt;
}

std::optional<Refusal> check_size(const FieldRule& rule, std::size_t size, const std::string& where,
                                  std::string_view unit) {
    if (size < rule.least)
        return Refusal{rule.wrong_code, fmt::format("Param {} must be at least {} {} long.", where, rule.least, unit)};
    if (rule.most > 0 && size > rule.most)
        return Refusal{rule.wrong_code, fmt::format("Param {} must be at most {} {} long.", where, rule.most, unit)};
    return std::nullopt;
}

std::optional<Refusal> check_value(const FieldRule& rule, const json::value* value, const std::string& where) {
    if (value == nullptr || value->is_null()) {
        if (!rule.is_required) return std::nullopt;
        return Refusal{rule.missing_code, fmt::format("The parameter {} is required.", where)};
    }
    switch (rule.shape) {
        case Shape::text:
            if (!value->is_string()) break;
            return check_size(rule, length_of(value->get_string()), where, "characters");
        case Shape::array:
            if (!value->is_array()) break;
            return check_size(rule, value->get_array().size(), where, "elements");
        case Shape::object:
            if (!value->is_object()) break;
            return std::nullopt;
        case Shape::boolean:
            if (!value->is_bool()) break;
            return std::nullopt;
        case Shape::number: {
            const auto number = as_number(*value);
            if (!number) break;
            if (std::abs(*number) <= static_cast<double>(rule.most)) return std::nullopt;
            return Refusal{rule.wrong_code, fmt::format("Param {} is out of range.", where)};
        }
    }
    static constexpr std::string_view names[] = {"a string", "a JSON object", "an array", "a number", "a boolean"};
    return Refusal{100, fmt::format("Param {} must be {}.", where, names[static_cast<int>(rule.shape)])};
}

std::optional<Refusal> check_fields(std::string_view when, const json::value& body) {
    for (const FieldRule& rule : kFields) {
        if (rule.when != when) continue;
        std::optional<Refusal> refusal;
        visit(body, rule.path, {}, [&](const json::value* value, const std::string& where) {
            if (!refusal) refusal = check_value(rule, value, where);
        });
        if (refusal) return refusal;
    }
    return std::nullopt;
}

std::optional<Refusal> check_keys(std::string_view type, const json::object& content) {
    for (const KeyRule& rule : kKeys) {
        if (rule.type != type) continue;
        for (const auto& member : content)
            if (!is_word_of(rule.keys, member.key()))
                return Refusal{
                    100, fmt::format("Unexpected key \"{}\" on param \"{}\".", std::string_view(member.key()), type)};
    }
    return std::nullopt;
}

std::optional<Refusal> check_media(std::string_view type, const json::object& media) {
    const bool has_id = !text_at(media, "id").empty();
    const std::string link = text_at(media, "link");
    if (!has_id && link.empty())
        return Refusal{131008, fmt::format("Either id or link is required for type {}.", type)};
    if (has_id && !link.empty()) return Refusal{131009, "Only one of id and link may be given."};
    if (!link.empty() && !link.starts_with("http://") && !link.starts_with("https://"))
        return Refusal{131009, fmt::format("Param {}['link'] is not a valid URL.", type)};
    return std::nullopt;
}

std::optional<Refusal> check_contacts(const json::array& contacts) {
    static constexpr std::string_view parts[] = {"first_name", "last_name", "middle_name", "prefix", "suffix"};
    for (const json::value& contact : contacts) {
        const json::object& name = object_at(contact.as_object(), "name");
        if (std::ranges::none_of(parts, [&](std::string_view part) { return !text_at(name, part).empty(); }))
            return Refusal{131009, "A contact name needs formatted_name and at least one other part."};
    }
    return std::nullopt;
}

// One emoji, as far as bytes can tell: nothing that is a letter, digit or blank of ASCII alone.
std::optional<Refusal> check_reaction(const json::object& reaction) {
    const std::string emoji = text_at(reaction, "emoji");
    if (std::ranges::all_of(emoji, [](char c) { return static_cast<unsigned char>(c) < 0x80U; }) && !emoji.empty())
        return Refusal{131009, "Param reaction['emoji'] must be one emoji."};
    return std::nullopt;
}

std::optional<Refusal> check_common(const json::object& body, std::string_view type) {
    if (auto refusal = check_fields("*", body)) return refusal;
    if (text_at(body, "messaging_product") != "whatsapp")
        return Refusal{100, fmt::format("Param messaging_product must be one of {{WHATSAPP}} - got \"{}\".",
                                        text_at(body, "messaging_product"))};
    const std::string recipient_type = text_at(body, "recipient_type");
    if (!recipient_type.empty() && recipient_type != "individual" && recipient_type != "group")
        return Refusal{100, "Param recipient_type must be one of {INDIVIDUAL, GROUP}."};
    if (text_at(body, "to").empty() && text_at(body, "recipient").empty())
        return Refusal{100, "The parameter to is required."};
    if (!is_word_of(kTypes, type))
        return Refusal{100, fmt::format("Param type must be one of {{AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, "
                                        "LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO}} - got \"{}\".",
                                        type)};
    return std::nullopt;
}

}  // namespace

std::string type_of_message(const json::object& body) {
    const std::string type = text_at(body, "type");
    return type.empty() ? "text" : type;
}

std::optional<Refusal> check_form(const json::object& body) {
    const std::string type = type_of_message(body);
    if (auto refusal = check_common(body, type)) return refusal;
    if (auto refusal = check_fields(type, body)) return refusal;
    const json::object& content = object_at(body, type);
    if (auto refusal = check_keys(type, content)) return refusal;
    if (is_word_of("image video audio document sticker", type)) return check_media(type, content);
    if (type == "contacts") return check_contacts(array_at(body, "contacts"));
    if (type == "reaction") return check_reaction(content);
    if (type != "interactive") return std::nullopt;
    const std::string kind = text_at(content, "type");
    if (auto refusal = check_interactive_kind(kind)) return refusal;
    if (auto refusal = check_fields("interactive/" + kind, body)) return refusal;
    return check_interactive(content);
}

}  // namespace okno::sim::whatsapp
