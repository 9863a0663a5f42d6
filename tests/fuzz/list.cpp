// What a list is asked for: cursors, limits and filters, and the byte range of a file.
#include "http/api/list_query.hpp"
#include "http/byte_range.hpp"

#include "fuzz/target.hpp"
#include "net/target.hpp"

using namespace okno;
using fuzz::must;

static void check_cursor(std::string_view text) {
    const auto cursor = http::read_cursor(text);
    if (!cursor) return must(cursor.error().where == "cursor", "a wrong cursor is named");
    must(cursor->has_value() != text.empty(), "no cursor is no place");
    if (!*cursor) return;
    const std::string written = http::write_cursor((*cursor)->first, MessageId{(*cursor)->second});
    const auto again = http::read_cursor(written);
    must(again && *again == *cursor, "a cursor that was read reads the same when it is written");
    must(written.size() <= 20 + 1 + 36, "a cursor is short");
}

static void check_query(std::string_view target) {
    net::ServerRequest request;
    if (!net::read_target(std::string("/?").append(target), request)) return;
    const auto query = http::read_conversation_query(request);
    if (!query) {
        must(request.query_value(query.error().where) != "", "the error names a field that was given");
        return;
    }
    must(query->limit >= 1 && query->limit <= 200, "a page has 1 to 200 items");
    must(query->before.has_value() == !request.query_value("cursor").empty(), "a cursor is followed");
    must(query->channel.has_value() == !request.query_value("channel_id").empty(), "a filter is never dropped");
}

static void check_range(std::string_view header) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
        const http::ByteRange range = http::read_byte_range(header, size);
        if (range.is_unsatisfiable) continue;
        must(range.offset <= size && range.size <= size - range.offset, "a range is inside the file");
        must(range.is_partial ? range.size > 0 : range.size == size, "a range holds a byte, or it is the whole file");
    }
}

void fuzz::take(std::string_view input) {
    Pieces pieces(input);
    check_cursor(pieces.line());
    check_range(pieces.line());
    check_query(pieces.rest());
}
