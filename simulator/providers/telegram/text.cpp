#include "providers/telegram/text.hpp"

#include "base/json.hpp"
#include "core/reading.hpp"
#include "providers/telegram/formatting.hpp"

#include <algorithm>
#include <cctype>

namespace okno::sim::telegram {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// "/start", "https://..." and "@name" at the beginning of a word.
std::string_view kind_of_word(std::string_view word) {
    if (word.starts_with("https://") || word.starts_with("http://")) return word.size() > 8 ? "url" : "";
    const auto is_name = [](std::string_view name) {
        return !name.empty() && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    };
    if (word.starts_with('/') && word.size() <= 33 && is_name(word.substr(1))) return "bot_command";
    if (word.starts_with('@') && word.size() >= 5 && word.size() <= 33 && is_name(word.substr(1))) return "mention";
    return {};
}

void find_entities(Text& in) {
    const std::string_view text = in.text;
    for (std::size_t at = 0; at < text.size();) {
        if (is_blank(text[at])) {
            ++at;
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(" \n\r\t", at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (const std::string_view kind = kind_of_word(word); !kind.empty())
            in.entities.push_back(json::object{
                {"type", kind}, {"offset", utf16_length(text.substr(0, at))}, {"length", utf16_length(word)}});
        at = end;
    }
}

// Takes the blanks off both ends and moves the entities along.
void trim(Text& in) {
    std::size_t blanks = 0;
    while (blanks < in.text.size() && is_blank(in.text[blanks]))
        ++blanks;
    in.text.erase(0, blanks);
    while (!in.text.empty() && is_blank(in.text.back()))
        in.text.pop_back();
    const auto length = static_cast<std::int64_t>(utf16_length(in.text));
    json::array kept;
    for (json::value& one : in.entities) {
        json::object& entity = one.get_object();
        const std::int64_t begin = number_at(entity, "offset") - static_cast<std::int64_t>(blanks);
        const std::int64_t end = std::min(begin + number_at(entity, "length"), length);
        entity["offset"] = std::max<std::int64_t>(begin, 0);
        entity["length"] = end - std::max<std::int64_t>(begin, 0);
        if (end > std::max<std::int64_t>(begin, 0)) kept.push_back(std::move(one));
    }
    in.entities = std::move(kept);
}

std::expected<json::array, Refusal> given_entities(const json::value* given) {
    if (given == nullptr || given->is_null()) return json::array();
    json::value list = *given;
    if (given->is_string()) {
        const Result<json::value> parsed = parse_json(given->get_string());
        if (!parsed) return std::unexpected(bad_request("can't parse entities: can't parse JSON"));
        list = *parsed;
    }
    if (!list.is_array()) return std::unexpected(bad_request("can't parse entities: expected an Array"));
    for (const json::value& one : list.get_array()) {
        const bool is_entity = one.is_object() && one.get_object().contains("type") &&
                               number_at(one.get_object(), "offset", -1) >= 0 &&
                               number_at(one.get_object(), "length", -1) > 0;
        if (!is_entity) return std::unexpected(bad_request("can't parse entities: can't parse MessageEntity"));
    }
    return list.get_array();
}

}  // namespace

std::size_t utf16_length(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

std::expected<Text, Refusal> read_text(std::string_view text, std::string_view parse_mode,
                                       const json::value* entities) {
    Text out{std::string(text), {}};
    if (!parse_mode.empty()) {
        auto marked = read_marks(text, parse_mode);
        if (!marked) return std::unexpected(marked.error());
        out = std::move(*marked);
    } else {
        auto given = given_entities(entities);
        if (!given) return std::unexpected(given.error());
        out.entities = std::move(*given);
    }
    trim(out);
    if (out.entities.empty()) find_entities(out);
    return out;
}

Text plain_text(std::string_view text) {
    Text out{std::string(text), {}};
    trim(out);
    find_entities(out);
    return out;
}

}  // namespace okno::sim::telegram
