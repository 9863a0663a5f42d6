#include "domain/email.hpp"

#include <doctest/doctest.h>

using namespace okno;

TEST_CASE("an e-mail is the same person however it is typed") {
    CHECK(read_email(" Maria@Okno.Test\n") == "maria@okno.test");
    CHECK(read_email("maria@okno.test") == "maria@okno.test");
}

TEST_CASE("what is no e-mail is refused") {
    for (const char* typed : {"", " ", "@", "maria", "maria@", "@okno.test", "a@b@c", "ma ria@okno.test"})
        CHECK_MESSAGE(!read_email(typed), typed);
}
