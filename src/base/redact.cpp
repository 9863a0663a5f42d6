#include "base/redact.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>

namespace okno {

namespace json = boost::json;

static constexpr std::array<std::string_view, 10> kinds{"type",   "event",  "field",      "status",    "kind",
                                                        "object", "action", "event_type", "mime_type", "update_type"};

static std::string length_of(std::string_view text) {
    const auto characters =
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    return "‹" + std::to_string(characters) + "›";
}

// Of the years 2014 to 2128, in seconds or milliseconds.
static bool is_time(std::int64_t number) {
    constexpr std::int64_t earliest = 1'400'000'000;
    constexpr std::int64_t latest = 5'000'000'000;
    return (number >= earliest && number < latest) || (number >= earliest * 1000 && number < latest * 1000);
}

// A word of a provider's own, as its documentation has them; never a sentence.
static bool is_word(std::string_view text) {
    return text.size() <= 60 && text.find_first_not_of(
                                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "_./+-") == std::string_view::npos;
}

static void redact(json::value& value, std::string_view key) {
    if (auto* object = value.if_object()) {
        for (auto& member : *object)
            redact(member.value(), std::string_view(member.key().data(), member.key().size()));
    } else if (auto* list = value.if_array()) {
        for (json::value& one : *list)
            redact(one, key);
    } else if (const auto* text = value.if_string()) {
        const std::string_view words(text->data(), text->size());
        if (std::ranges::find(kinds, key) == kinds.end() || !is_word(words)) value = length_of(words);
    } else if (value.is_number()) {
        const auto* number = value.if_int64();
        if (number == nullptr || (!is_time(*number) && *number != 0)) value = "#";
    }
}

std::string redacted(std::string_view body) {
    auto document = parse_json(body);
    if (!document) return length_of(body);
    redact(*document, {});
    return json::serialize(*document);
}

}  // namespace okno
