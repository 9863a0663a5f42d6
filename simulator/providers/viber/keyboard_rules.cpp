#include "providers/viber/keyboard_rules.hpp"

#include "core/reading.hpp"
#include "providers/viber/text.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::viber {

namespace {

constexpr std::int64_t kColumns = 6;
constexpr std::size_t kMostText = 250;
constexpr std::size_t kMostBody = 250;
constexpr std::int64_t kMostRows = 24;
constexpr std::int64_t kAskingVersion = 3;
constexpr std::int64_t kHiddenInputVersion = 4;
constexpr std::int64_t kRichMediaVersion = 7;

std::optional<Status> check_button(const json::object& button, std::int64_t most_rows, std::int64_t version) {
    constexpr std::array<std::string_view, 5> actions{"reply", "open-url", "share-phone", "location-picker", "none"};
    const std::string action = button.contains("ActionType") ? text_at(button, "ActionType") : "reply";
    if (std::ranges::find(actions, action) == actions.end()) return Status::bad_data;
    const bool is_asking = action == "share-phone" || action == "location-picker";
    if (is_asking && version < kAskingVersion) return Status::incompatible_with_version;
    const std::string body = text_at(button, "ActionBody");
    if (body.empty() && action != "none") return Status::missing_data;
    if (action == "reply" && characters(body) > kMostBody) return Status::bad_data;
    if (action == "open-url" && !body.starts_with("https://") && !body.starts_with("http://")) return Status::bad_data;
    if (characters(text_at(button, "Text")) > kMostText) return Status::bad_data;
    const std::int64_t columns = number_at(button, "Columns", kColumns);
    const std::int64_t rows = number_at(button, "Rows", 1);
    if (columns < 1 || columns > kColumns || rows < 1 || rows > most_rows) return Status::bad_data;
    return std::nullopt;
}

// Rows fill from the left; a button that does not fit begins the next.
std::int64_t height_of(const json::array& buttons) {
    std::int64_t height = 0;
    std::int64_t filled = kColumns;
    for (const json::value& one : buttons) {
        const std::int64_t columns = number_at(one.get_object(), "Columns", kColumns);
        if (filled + columns > kColumns) {
            filled = 0;
            height += number_at(one.get_object(), "Rows", 1);
        }
        filled += columns;
    }
    return height;
}

std::optional<Status> check_buttons(const json::object& whole, std::int64_t most_rows, std::int64_t version) {
    const json::array& buttons = array_at(whole, "Buttons");
    if (buttons.empty()) return Status::missing_data;
    for (const json::value& one : buttons) {
        if (!one.is_object()) return Status::bad_data;
        if (const auto wrong = check_button(one.get_object(), most_rows, version)) return wrong;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Status> check_keyboard(const json::object& keyboard, std::int64_t version) {
    if (text_at(keyboard, "Type") != "keyboard") return Status::bad_data;
    const std::string input = text_at(keyboard, "InputFieldState");
    if (!input.empty() && input != "regular" && input != "minimized" && input != "hidden") return Status::bad_data;
    if ((input == "minimized" || input == "hidden") && version < kHiddenInputVersion)
        return Status::incompatible_with_version;
    if (const auto wrong = check_buttons(keyboard, 2, version)) return wrong;
    return height_of(array_at(keyboard, "Buttons")) > kMostRows ? std::optional(Status::bad_data) : std::nullopt;
}

std::optional<Status> check_rich_media(const json::object& rich_media, std::int64_t version) {
    if (rich_media.empty()) return Status::missing_data;
    if (version < kRichMediaVersion) return Status::incompatible_with_version;
    if (text_at(rich_media, "Type") != "rich_media") return Status::bad_data;
    return check_buttons(rich_media, 7, version);
}

}  // namespace okno::sim::viber
