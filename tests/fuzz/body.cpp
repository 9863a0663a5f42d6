// The reader of API bodies: whatever JSON comes, fields are within their limits or the first wrong one is named.
#include "http/body_reader.hpp"

#include "base/utf8.hpp"
#include "fuzz/target.hpp"

using namespace okno;
using fuzz::must;

static std::size_t letters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
    return count;
}

void fuzz::take(std::string_view input) {
    const auto value = parse_json(input);
    if (!value) return;
    http::BodyReader body(*value);
    const std::string text = body.text("text", 1, 10);
    const std::string optional = body.text("note", 0, 5);
    const std::int64_t whole = body.whole("count", 1, 100, 7);
    const bool flag = body.flag("flag");
    const auto values = body.texts("values");
    http::BodyReader part = body.part("part", false);
    const std::string inner = part.text("text", 0, 3);
    for (const auto& [name, one] : values)
        must(is_utf8(name) && is_utf8(one), "values are text");
    if (!body.is_good()) {
        const Error error = body.error().error();
        must(error.kind == ErrorKind::invalid && !error.detail.empty(), "an error has a sentence");
        must(is_utf8(error.detail) && is_utf8(error.where), "an error can be told");
        return;
    }
    must(letters(text) >= 1 && letters(text) <= 10, "a good text is within its limits");
    must(letters(optional) <= 5 && letters(inner) <= 3, "a good text is within its limits");
    must(whole >= 1 && whole <= 100, "a good number is within its limits");
    must(!flag || body.has("flag"), "an absent flag is not set");
    must(part.is_good(), "a part is good when its body is");
}
