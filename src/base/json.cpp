#include "base/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace okno {

namespace json = boost::json;

static std::optional<unsigned> escape_at(std::string_view text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    unsigned code = 0;
    const char* begin = text.data() + at + 2;
    const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
    if (error != std::errc{} || end != begin + 4) return std::nullopt;
    return code;
}

static bool is_high(unsigned code) { return code >= 0xD800 && code <= 0xDBFF; }
static bool is_low(unsigned code) { return code >= 0xDC00 && code <= 0xDFFF; }

static std::string without_lone_surrogates(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '\\') {
            out += text[i++];
            continue;
        }
        const auto code = escape_at(text, i);
        if (!code) {  // another escape: both characters, so that \\u is not taken for \u
            out += text.substr(i, 2);
            i += 2;
            continue;
        }
        const auto next = escape_at(text, i + 6);
        if (is_high(*code) && next && is_low(*next)) {
            out += text.substr(i, 12);
            i += 12;
        } else {
            out += is_high(*code) || is_low(*code) ? std::string_view("\\uFFFD") : text.substr(i, 6);
            i += 6;
        }
    }
    return out;
}

static std::string without_zeros(std::string_view text) {
    std::string clean(text);
    std::erase(clean, '\0');
    return clean;
}

static bool has_zero(std::string_view text) { return text.find('\0') != std::string_view::npos; }

// No database holds U+0000 in text, and no JSON an infinite number or none: Boost 1.81 reads 1e999 as infinity and
// 0e999 as none.
static void make_storable(json::value& value) {
    constexpr double most = 1e308;
    if (auto* number = value.if_double()) {
        *number = std::isnan(*number) ? 0 : std::clamp(*number, -most, most);
    } else if (auto* text = value.if_string()) {
        if (has_zero(*text)) *text = without_zeros(*text);
    } else if (auto* list = value.if_array()) {
        for (json::value& element : *list)
            make_storable(element);
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object)
            make_storable(member.value());
        if (std::ranges::none_of(*object, [](const auto& member) { return has_zero(member.key()); })) return;
        json::object clean(value.storage());
        for (auto& member : *object)
            clean[without_zeros(member.key())] = std::move(member.value());
        *object = std::move(clean);
    }
}

Result<json::value> parse_json(std::string_view text, json::storage_ptr memory) {
    json::parse_options options;
    options.max_depth = 64;
    json::error_code error;
    json::stream_parser parser({}, options);
    parser.reset(std::move(memory));
    const bool has_surrogates = text.find("\\u") != std::string_view::npos;
    const std::string cleaned = has_surrogates ? without_lone_surrogates(text) : std::string();
    const std::string_view input = has_surrogates ? std::string_view(cleaned) : text;
    const std::size_t read = parser.write_some(json::string_view(input.data(), input.size()), error);
    if (!error) parser.finish(error);
    if (!error && input.find_first_not_of(" \t\r\n", read) != std::string_view::npos) error = json::error::extra_data;
    if (error)
        return fail(ErrorKind::invalid, "bad_json",
                    "The body is not JSON: " + error.message() + " near byte " + std::to_string(read) + ".");
    json::value value = parser.release();
    make_storable(value);
    return value;
}

static void add_key(std::string& path, std::string_view key) {
    if (!path.empty()) path += '.';
    path += key;
}

static void add_index(std::string& path, std::size_t index) { path += "[" + std::to_string(index) + "]"; }

// Whether `wanted` is `value` or in it; `path` is then the way to it.
static bool find_path(const json::value& value, const json::value* wanted, std::string& path) {
    if (&value == wanted) return true;
    const std::size_t length = path.size();
    if (const auto* list = value.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            add_index(path, i);
            if (find_path((*list)[i], wanted, path)) return true;
            path.resize(length);
        }
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            add_key(path, {member.key().data(), member.key().size()});
            if (find_path(member.value(), wanted, path)) return true;
            path.resize(length);
        }
    }
    return false;
}

std::string JsonView::path() const {
    std::string out;
    find_path(*root_, nearest_, out);
    if (missing_.starts_with('[')) return out + missing_;
    if (!missing_.empty()) add_key(out, missing_);
    return out;
}

JsonView JsonView::operator[](std::string_view key) const {
    const json::object* object = value_ != nullptr ? value_->if_object() : nullptr;
    const json::value* found =
        object != nullptr ? object->if_contains(json::string_view(key.data(), key.size())) : nullptr;
    if (found != nullptr) return {*this, *found};
    std::string missing = missing_;
    add_key(missing, key);
    return {*this, std::move(missing)};
}

std::size_t JsonView::size() const {
    const json::array* list = value_ != nullptr ? value_->if_array() : nullptr;
    return list != nullptr ? list->size() : 0;
}

JsonView JsonView::at(std::size_t index) const {
    const json::array* list = value_ != nullptr ? value_->if_array() : nullptr;
    if (list != nullptr && index < list->size()) return {*this, (*list)[index]};
    std::string missing = missing_;
    add_index(missing, index);
    return {*this, std::move(missing)};
}

std::optional<std::string> JsonView::text() const {
    if (!is_there()) return std::nullopt;
    if (const auto* text = value_->if_string()) return std::string(text->data(), text->size());
    if (value_->is_object() || value_->is_array()) return std::nullopt;
    return json::serialize(*value_);
}

std::string JsonView::text_or(std::string_view otherwise) const { return text().value_or(std::string(otherwise)); }

std::optional<std::int64_t> JsonView::integer() const {
    if (!is_there()) return std::nullopt;
    if (const auto* whole = value_->if_int64()) return *whole;
    if (const auto* text = value_->if_string()) {
        std::int64_t out = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
        if (error == std::errc{} && end == text->data() + text->size()) return out;
    }
    return std::nullopt;
}

std::optional<double> JsonView::number() const {
    if (!is_there()) return std::nullopt;
    if (const auto* real = value_->if_double()) return *real;
    if (value_->is_int64()) return static_cast<double>(value_->get_int64());
    if (value_->is_uint64()) return static_cast<double>(value_->get_uint64());
    if (const auto* text = value_->if_string()) {
        double out = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
        if (error == std::errc{} && end == text->data() + text->size()) return out;
    }
    return std::nullopt;
}

std::optional<bool> JsonView::boolean() const {
    if (!is_there() || !value_->is_bool()) return std::nullopt;
    return value_->get_bool();
}

Result<std::string> JsonView::required_text() const {
    auto found = text();
    if (!found) return fail(ErrorKind::invalid, "missing_field", "`" + path() + "` is missing or not text.", path());
    return *found;
}

Result<std::int64_t> JsonView::required_integer() const {
    auto found = integer();
    if (!found)
        return fail(ErrorKind::invalid, "missing_field", "`" + path() + "` is missing or not a whole number.", path());
    return *found;
}

}  // namespace okno
