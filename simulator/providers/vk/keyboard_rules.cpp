#include "providers/vk/keyboard_rules.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::vk {

namespace {

struct Size {
    std::size_t row;
    std::size_t rows;
    std::size_t all;
};
constexpr Size kUnderInput{5, 10, 40};
constexpr Size kInline{5, 6, 10};

struct Kind {
    std::string_view name;
    bool has_label;
    bool has_color;
    bool is_wide;
};
constexpr std::array kKinds{Kind{"text", true, true, false},        Kind{"callback", true, true, false},
                            Kind{"open_link", true, false, true},   Kind{"location", false, false, true},
                            Kind{"open_app", true, false, true},    Kind{"vkpay", false, false, true},
                            Kind{"open_photo", false, false, false}};
constexpr std::array<std::string_view, 5> kColors{"primary", "secondary", "default", "positive", "negative"};

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string check_payload(const JsonView& action) {
    const JsonView payload = action["payload"];
    if (!payload.is_there()) return {};
    if (!payload.raw()->is_string()) return "payload must be a string";
    const std::string text = payload.text_or("");
    if (characters(text) > 255) return "payload is too long";
    if (!text.empty() && !parse_json(text)) return "payload is no JSON";
    return {};
}

std::string check_button(const JsonView& button, std::size_t row) {
    const JsonView action = button["action"];
    const auto* kind = std::ranges::find(kKinds, action["type"].text_or(""), &Kind::name);
    if (kind == kKinds.end()) return "unknown type of button";
    const std::string label = action["label"].text_or("");
    if (kind->has_label && (label.empty() || characters(label) > 40)) return "label has 1 to 40 characters";
    if (label.find('\n') != std::string::npos) return "label has a line break";
    if (!kind->has_label && !label.empty()) return "this button has no label";
    if (const JsonView color = button["color"]; color.is_there()) {
        if (!kind->has_color) return "this button has no color";
        if (std::ranges::find(kColors, color.text_or("")) == kColors.end()) return "unknown color";
    }
    if (kind->is_wide && row > 1) return "this button takes a whole row";
    const std::string link = action["link"].text_or("");
    if (kind->name == "open_link" && !link.starts_with("https://") && !link.starts_with("http://"))
        return "link is no address";
    return check_payload(action);
}

}  // namespace

std::string check_keyboard(const std::string& text) {
    const auto document = parse_json(text);
    if (!document || !document->is_object()) return "keyboard is no JSON object";
    const JsonView keyboard(*document);
    const JsonView rows = keyboard["buttons"];
    if (rows.raw() == nullptr || !rows.raw()->is_array()) return "buttons is no list";
    const bool is_inline = keyboard["inline"].boolean().value_or(false);
    if (is_inline && keyboard["one_time"].boolean().value_or(false)) return "one_time does not go with inline";
    const Size& size = is_inline ? kInline : kUnderInput;
    if (rows.size() > size.rows) return "too many rows";
    std::size_t all = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonView row = rows.at(i);
        if (row.size() == 0 || row.size() > size.row) return "a row has 1 to 5 buttons";
        for (std::size_t k = 0; k < row.size(); ++k)
            if (const std::string wrong = check_button(row.at(k), row.size()); !wrong.empty()) return wrong;
        all += row.size();
    }
    return all > size.all ? "too many buttons" : "";
}

}  // namespace okno::sim::vk
