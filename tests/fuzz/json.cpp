// The JSON reader and what it stands on: text that any database takes, and a value that is written as it was read.
#include "base/json.hpp"

#include "base/utf8.hpp"
#include "fuzz/target.hpp"

#include <algorithm>
#include <cmath>

using namespace okno;
using fuzz::must;
namespace json = boost::json;

static void check_text(std::string_view text) {
    must(is_utf8(text), "text of a value is UTF-8");
    must(text.find('\0') == std::string_view::npos, "text of a value has no U+0000");
}

static int depth_of(const json::value& value) {
    int deepest = 0;
    if (const auto* text = value.if_string()) check_text({text->data(), text->size()});
    if (const auto* list = value.if_array())
        for (const json::value& element : *list)
            deepest = std::max(deepest, depth_of(element));
    if (const auto* object = value.if_object())
        for (const auto& member : *object) {
            check_text({member.key().data(), member.key().size()});
            deepest = std::max(deepest, depth_of(member.value()));
        }
    return deepest + (value.is_structured() ? 1 : 0);
}

// Boost 1.81 reads decimal fractions to the last digit but one.
static bool is_same(const json::value& a, const json::value& b) {
    if (a.is_double() && b.is_double()) {
        const double x = a.get_double();
        const double y = b.get_double();
        return x == y || std::abs(x - y) <= std::abs(x) * 1e-12;
    }
    if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), is_same);
    if (a.is_object() && b.is_object())
        return std::ranges::equal(a.get_object(), b.get_object(), [](const auto& x, const auto& y) {
            return x.key() == y.key() && is_same(x.value(), y.value());
        });
    return a == b;
}

// Reads code points by the arithmetic of RFC 3629 and nothing else.
static bool is_utf8_by_arithmetic(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const std::size_t size = first < 0x80       ? 1
                                 : first >> 5 == 6  ? 2
                                 : first >> 4 == 14 ? 3
                                 : first >> 3 == 30 ? 4
                                                    : 0;
        if (size == 0 || at + size > bytes.size()) return false;
        std::uint32_t point = size == 1 ? first : first & (0xFFU >> (size + 1));
        for (std::size_t i = 1; i < size; ++i) {
            const auto next = static_cast<unsigned char>(bytes[at + i]);
            if (next >> 6 != 2) return false;
            point = point << 6 | (next & 0x3FU);
        }
        constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
        at += size;
    }
    return true;
}

void fuzz::take(std::string_view input) {
    must(is_utf8(input) == is_utf8_by_arithmetic(input), "UTF-8 is what RFC 3629 says");
    const std::string shown = printable(input);
    must(is_utf8(shown), "printable bytes are text");
    must((shown == input) == is_utf8(input), "text is printed as it is, other bytes are not");

    const Result<json::value> value = parse_json(input);
    if (!value) {
        must(!value.error().detail.empty() && is_utf8(value.error().detail), "an error has a sentence");
        return;
    }
    must(depth_of(*value) <= 64, "a value is at most 64 levels deep");
    const Result<json::value> again = parse_json(json::serialize(*value));
    must(again && is_same(*value, *again), "a value that was read is written so that it reads the same");

    const JsonView view(*value);
    must(!view.is_there() || view.raw() == &*value, "the view shows the value");
    must(view.at(view.size()).raw() == nullptr, "behind the end of a list there is nothing");
    const JsonView absent = view["no such member"]["deeper"].at(3);
    must(!absent.text() && !absent.integer() && !absent.boolean() && !absent.required_text(),
         "what is absent is no value");
    if (const auto whole = view.integer())
        must(view.text() == std::to_string(*whole) || view.raw()->is_string() || view.raw()->is_double(),
             "a whole number reads as text too");
}
