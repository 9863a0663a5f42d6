#include "providers/whatsapp/template_rules.hpp"

#include "core/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace okno::sim::whatsapp {

namespace {

struct StatusRule {
    std::string_view status;
    int code;  // 0: may be sent
    std::string_view details;
};
constexpr StatusRule kStatuses[] = {
    {"APPROVED", 0, ""},
    {"FLAGGED", 0, ""},
    {"PAUSED", 132015, "Template is paused due to low quality so it cannot be sent in a template message."},
    {"DISABLED", 132016, "Template has been paused too many times due to low quality and is now permanently disabled."},
};

struct Limits {
    std::size_t header = 60;
    std::size_t body = 1024;
    std::size_t body_alone = 32'768;
    std::size_t code = 15;
};
constexpr Limits kLimits;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

// The names between {{ and }}, each once, in the order of their first appearance.
std::vector<std::string> variables_of(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
        const std::size_t end = text.find("}}", at);
        if (end == std::string_view::npos) break;
        std::string name(text.substr(at + 2, end - at - 2));
        if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::optional<Refusal> check_text_value(const std::string& value, std::string_view where) {
    if (value.empty()) return Refusal{100, fmt::format("{}: parameter text must not be empty.", where)};
    if (value.find_first_of("\n\t\r") != std::string::npos || value.find("     ") != std::string::npos)
        return Refusal{100, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"};
    return std::nullopt;
}

// The text a parameter stands for; text, currency and date_time have one.
std::string value_of(const json::object& parameter) {
    const std::string type = text_at(parameter, "type");
    if (type == "text") return text_at(parameter, "text");
    if (type == "currency" || type == "date_time") return text_at(object_at(parameter, type), "fallback_value");
    return {};
}

// `pattern` with the parameters in place.
std::expected<std::string, Refusal> fill_text(std::string_view where, std::string pattern, bool is_named,
                                              const json::array& parameters) {
    const std::vector<std::string> names = variables_of(pattern);
    if (names.size() != parameters.size())
        return std::unexpected(Refusal{
            132000,
            fmt::format("{}: number of localizable_params ({}) does not match the expected number of params ({})",
                        where, parameters.size(), names.size())});
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const json::object& parameter = parameters[i].as_object();
        const std::string type = text_at(parameter, "type");
        if (type != "text" && type != "currency" && type != "date_time")
            return std::unexpected(
                Refusal{132012, fmt::format("{}: Format mismatch, expected TEXT, received {}", where, type)});
        const std::string value = value_of(parameter);
        if (auto refusal = check_text_value(value, where)) return std::unexpected(*refusal);
        std::string name = std::to_string(i + 1);
        if (is_named) {
            name = text_at(parameter, "parameter_name");
            if (std::ranges::find(names, name) == names.end())
                return std::unexpected(
                    Refusal{132012, fmt::format("{}: Parameter name is missing or unknown: \"{}\"", where, name)});
        }
        replace_all(pattern, "{{" + name + "}}", value);
    }
    return pattern;
}

const json::object* component(const json::array& list, std::string_view type) {
    for (const json::value& one : list)
        if (one.is_object() && lower(text_at(one.as_object(), "type")) == type) return &one.as_object();
    return nullptr;
}

std::expected<json::object, Refusal> fill_header(const Template& source, const json::object& header,
                                                 const json::array& parameters) {
    json::object shown;
    const std::string format = lower(text_at(header, "format"));
    if (format == "text") {
        auto text = fill_text("header", text_at(header, "text"), source.parameter_format == "NAMED", parameters);
        if (!text) return std::unexpected(text.error());
        if (length_of(*text) > kLimits.header) return std::unexpected(Refusal{132005, "header: Text is too long."});
        shown["header_text"] = *text;
        return shown;
    }
    const std::string received = parameters.empty() ? "UNKNOWN" : text_at(parameters[0].as_object(), "type");
    if (received != format || parameters.size() != 1)
        return std::unexpected(Refusal{
            132012, fmt::format("header: Format mismatch, expected {}, received {}", upper(format), upper(received))});
    const json::object& content = object_at(parameters[0].as_object(), format);
    if (format != "location" && text_at(content, "id").empty() && text_at(content, "link").empty())
        return std::unexpected(Refusal{132012, fmt::format("header: {} needs an id or a link.", format)});
    shown["header_" + format] = content;
    return shown;
}

// The parameters the message gives for the button at `index`; null when it gives none.
const json::object* given_for_button(const json::array& components, std::size_t index) {
    for (const json::value& one : components)
        if (lower(text_at(one.as_object(), "type")) == "button" &&
            number_at(one.as_object(), "index", -1) == static_cast<std::int64_t>(index))
            return &one.as_object();
    return nullptr;
}

std::expected<json::object, Refusal> fill_button(const json::object& button, const json::object* given,
                                                 std::size_t index) {
    const std::string type = lower(text_at(button, "type"));
    json::object shown{{"type", type}, {"text", text_at(button, "text")}};
    static const json::array none;
    const json::array& parameters = given == nullptr ? none : array_at(*given, "parameters");
    const json::object* first = parameters.empty() ? nullptr : &parameters[0].as_object();
    const auto mismatch = [&](std::string_view what) {
        return std::unexpected(Refusal{132012, fmt::format("buttons: Button at index {} {}", index, what)});
    };
    if (given != nullptr && lower(text_at(*given, "sub_type")) != (type == "otp" ? "url" : type))
        return mismatch(fmt::format("is of type {}, not {}.", type, text_at(*given, "sub_type")));
    if (type == "quick_reply") {
        if (first != nullptr && text_at(*first, "type") != "payload") return mismatch("takes a payload.");
        shown["payload"] = first == nullptr ? text_at(button, "text") : text_at(*first, "payload");
    } else if (type == "url" || type == "otp") {
        std::string url = text_at(button, "url");
        const bool is_dynamic = type == "otp" || !variables_of(url).empty();
        if (is_dynamic && first == nullptr)
            return std::unexpected(
                Refusal{131008, fmt::format("buttons: Button at index {} of type Url requires a parameter", index)});
        if (!is_dynamic && first != nullptr)
            return std::unexpected(Refusal{
                132018, fmt::format("buttons: Button at index {} of type Url does not require parameters", index)});
        if (first != nullptr) {
            if (text_at(*first, "type") != "text") return mismatch("takes a text.");
            const std::string value = text_at(*first, "text");
            if (auto refusal = check_text_value(value, "buttons")) return std::unexpected(*refusal);
            if (value.find_first_of(" :|") != std::string::npos)
                return mismatch("has characters that have no place in an address.");
            for (const std::string& name : variables_of(url))
                replace_all(url, "{{" + name + "}}", text_at(*first, "text"));
        }
        shown["url"] = url;
    } else if (type == "copy_code") {
        if (first == nullptr || text_at(*first, "coupon_code").empty())
            return std::unexpected(Refusal{131008, fmt::format("buttons: Button at index {} requires a code", index)});
        if (length_of(text_at(*first, "coupon_code")) > kLimits.code) return mismatch("has too long a code.");
        shown["code"] = text_at(*first, "coupon_code");
    } else if (type == "phone_number") {
        shown["phone_number"] = text_at(button, "phone_number");
    }
    return shown;
}

std::expected<json::array, Refusal> fill_buttons(const json::object& buttons, const json::array& components) {
    const json::array& list = array_at(buttons, "buttons");
    for (const json::value& one : components) {
        if (lower(text_at(one.as_object(), "type")) != "button") continue;
        const std::int64_t index = number_at(one.as_object(), "index", -1);
        if (index < 0 || index >= static_cast<std::int64_t>(list.size()))
            return std::unexpected(Refusal{132018, fmt::format("buttons: There is no button at index {}", index)});
    }
    json::array shown;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto button = fill_button(list[i].as_object(), given_for_button(components, i), i);
        if (!button) return std::unexpected(button.error());
        shown.emplace_back(std::move(*button));
    }
    return shown;
}

std::optional<Refusal> check_status(const Template& source, const std::string& language) {
    const auto* rule = std::ranges::find(kStatuses, source.status, &StatusRule::status);
    if (rule == std::end(kStatuses))
        return Refusal{
            132001, fmt::format("template name ({}) does not exist in {} or is not approved", source.name, language)};
    return rule->code == 0 ? std::nullopt : std::optional(Refusal{rule->code, std::string(rule->details)});
}

std::optional<Refusal> check_known_components(const json::array& components) {
    static constexpr std::string_view types[] = {"header", "body",     "button",
                                                 "footer", "carousel", "limited_time_offer"};
    for (const json::value& one : components) {
        const std::string type = lower(text_at(one.as_object(), "type"));
        if (std::ranges::find(types, type) == std::end(types))
            return Refusal{100, fmt::format("Param template['components']: unknown type \"{}\".", type)};
    }
    return std::nullopt;
}

}  // namespace

std::expected<FilledTemplate, Refusal> fill_template(const World& world, const Number& number,
                                                     const json::object& wanted) {
    const std::string name = text_at(wanted, "name");
    const std::string language = text_at(object_at(wanted, "language"), "code");
    const Template* source = world.template_named(number.waba_id, name, language);
    if (source == nullptr)
        return std::unexpected(Refusal{132001, fmt::format("template name ({}) does not exist in {}", name, language)});
    if (auto refusal = check_status(*source, language)) return std::unexpected(*refusal);
    const json::array& given = array_at(wanted, "components");
    if (auto refusal = check_known_components(given)) return std::unexpected(*refusal);

    FilledTemplate filled{source, {}};
    static const json::array none;
    const json::object* given_header = component(given, "header");
    const json::array& header_values = given_header == nullptr ? none : array_at(*given_header, "parameters");
    if (const json::object* header = component(source->components, "header")) {
        auto shown = fill_header(*source, *header, header_values);
        if (!shown) return std::unexpected(shown.error());
        filled.shown = std::move(*shown);
    } else if (!header_values.empty()) {
        return std::unexpected(Refusal{132000, "header: the template has no header"});
    }
    if (const json::object* body = component(source->components, "body")) {
        const json::object* given_body = component(given, "body");
        auto text = fill_text("body", text_at(*body, "text"), source->parameter_format == "NAMED",
                              given_body == nullptr ? none : array_at(*given_body, "parameters"));
        if (!text) return std::unexpected(text.error());
        const bool is_alone = source->components.size() == 1;
        if (length_of(*text) > (is_alone ? kLimits.body_alone : kLimits.body))
            return std::unexpected(Refusal{132005, "body: Text is too long."});
        filled.shown["text"] = *text;
    }
    if (const json::object* footer = component(source->components, "footer"))
        filled.shown["footer"] = text_at(*footer, "text");
    const json::object* buttons = component(source->components, "buttons");
    static const json::object no_buttons;
    auto filled_buttons = fill_buttons(buttons == nullptr ? no_buttons : *buttons, given);
    if (!filled_buttons) return std::unexpected(filled_buttons.error());
    if (!filled_buttons->empty()) filled.shown["buttons"] = std::move(*filled_buttons);
    return filled;
}

}  // namespace okno::sim::whatsapp
