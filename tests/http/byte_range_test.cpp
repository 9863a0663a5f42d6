#include "http/byte_range.hpp"

#include <doctest/doctest.h>

using namespace okno::http;

static bool is_range(std::string_view header, std::uint64_t offset, std::uint64_t size) {
    const ByteRange range = read_byte_range(header, 100);
    return range.is_partial && range.offset == offset && range.size == size;
}

TEST_CASE("a range is given as asked, cut at the end of the file") {
    CHECK(is_range("bytes=0-9", 0, 10));
    CHECK(is_range("bytes=90-", 90, 10));
    CHECK(is_range("bytes=95-1000", 95, 5));
    CHECK(is_range("bytes=-10", 90, 10));
    CHECK(is_range("bytes=-1000", 0, 100));
}

TEST_CASE("what is behind the end cannot be given") {
    CHECK(read_byte_range("bytes=100-", 100).is_unsatisfiable);
    CHECK(read_byte_range("bytes=-0", 100).is_unsatisfiable);
    CHECK(read_byte_range("bytes=0-", 0).is_unsatisfiable);
}

TEST_CASE("an unreadable or a manifold range gives the whole file") {
    for (const char* header : {"", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,5-6", "items=0-1",
                               "bytes=99999999999999999999999-"}) {
        const ByteRange range = read_byte_range(header, 100);
        CHECK_FALSE(range.is_partial);
        CHECK(range.size == 100);
    }
}
