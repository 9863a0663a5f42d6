#include "messengers/whatsapp/errors.hpp"

#include "messengers/whatsapp/error_table.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::whatsapp;

static SendOutcome answer(int status, const std::string& body) {
    HttpReply reply;
    reply.status = status;
    reply.body = body;
    return outcome_of(reply);
}

static SendOutcome refused(std::int64_t code, bool is_transient = false) {
    return answer(400, R"({"error":{"message":"(#1) short","code":)" + std::to_string(code) +
                           R"(,"error_data":{"details":"The long sentence"},"is_transient":)" +
                           (is_transient ? "true" : "false") + "}}");
}

namespace {

// What must become of a message that is refused with a code.
enum class Fate {
    again,             // tried again with growing pauses, as long as it may
    again_thrice,      // tried again, but not for ever
    channel_waits,     // nothing leaves the number for a while
    channel_slows,     // the number goes on at half its rate
    person_waits,      // only this person waits, longer at each try
    fails,             // a person decides
    fails_and_closes,  // the reply window is closed
    fails_and_breaks,  // nothing leaves the number until an admin acts
    fails_and_warns,   // and the admin reads why
};

struct Expected {
    Fate fate;
    std::vector<std::int64_t> codes;
};

// Every code of Meta's page.
const std::vector<Expected> expected{
    {Fate::again, {2, 131016, 132069, 133004, 134101}},
    {Fate::again_thrice, {1, 131000, 139102, 139103}},
    {Fate::channel_waits, {131057, 133015, 2494100}},
    {Fate::channel_slows, {4, 17, 32, 613, 80007, 130429}},
    {Fate::person_waits, {131056}},
    {Fate::fails_and_closes, {131047}},
    {Fate::fails_and_breaks,
     {0, 3, 10, 33, 102, 104, 190, 200, 210, 299, 368, 131005, 131031, 131037, 131042, 131045, 133010}},
    {Fate::fails_and_warns, {131048, 131063, 131064}},
    {Fate::fails,
     {100,    130403, 130472, 130497, 131008, 131009, 131021, 131026,  131030,  131049,  131050, 131051, 131052, 131053,
      131055, 131060, 131061, 131062, 132000, 132001, 132005, 132007,  132008,  132012,  132014, 132015, 132016, 132018,
      132068, 133000, 133001, 133003, 133005, 133006, 133007, 133008,  133009,  133016,  134011, 134100, 134102, 135000,
      136025, 139100, 139101, 147001, 147004, 200005, 200007, 2388019, 2388293, 2593107, 2593109}},
};

Fate fate_of(const SendOutcome& outcome) {
    if (const auto* rejected = std::get_if<Rejected>(&outcome)) {
        if (rejected->closes_window) return Fate::fails_and_closes;
        if (rejected->about_channel == ChannelNotice::Kind::broken) return Fate::fails_and_breaks;
        return rejected->about_channel ? Fate::fails_and_warns : Fate::fails;
    }
    const auto& later = std::get<RetryLater>(outcome);
    if (later.is_too_fast) return Fate::channel_slows;
    if (later.scope == RetryScope::channel) return Fate::channel_waits;
    if (later.growth > 1) return Fate::person_waits;
    return later.max_tries > 0 ? Fate::again_thrice : Fate::again;
}

}  // namespace

TEST_CASE("every code that Meta names has the reaction it asks for, told in Meta's own sentence") {
    for (const Expected& group : expected)
        for (const std::int64_t code : group.codes) {
            CAPTURE(code);
            REQUIRE(find_error(code) != nullptr);
            const SendOutcome outcome = refused(code);
            CHECK(static_cast<int>(fate_of(outcome)) == static_cast<int>(group.fate));
            const auto* rejected = std::get_if<Rejected>(&outcome);
            CHECK((rejected != nullptr ? rejected->detail : std::get<RetryLater>(outcome).reason) ==
                  "The long sentence");
        }
}

TEST_CASE("a code has one meaning: the table rises and does not overlap") {
    std::int64_t last = -1;
    for (std::int64_t code = 0; code < 2'600'000; ++code) {
        const KnownError* known = find_error(code);
        if (known == nullptr || known->first == last) continue;
        CHECK(known->first == code);
        last = known->first;
        code = known->last;
    }
}

TEST_CASE("an accepted message has Meta's id and the person's number as Meta spells it") {
    const auto outcome = answer(200, R"({"contacts":[{"input":"+5511987654321","wa_id":"551187654321"}],
        "messages":[{"id":"wamid.OUT1","message_status":"accepted"}]})");
    REQUIRE(std::holds_alternative<Accepted>(outcome));
    CHECK(std::get<Accepted>(outcome).id.value() == "wamid.OUT1");
    REQUIRE(std::get<Accepted>(outcome).addresses.size() == 1);
    CHECK(std::get<Accepted>(outcome).addresses.front().value == "551187654321");
}

TEST_CASE("a number that Meta no longer knows breaks the channel, also when it is told as a bad request") {
    const auto outcome = answer(400, R"({"error":{"message":"no such object","code":100,"error_subcode":33}})");
    CHECK(static_cast<int>(fate_of(outcome)) == static_cast<int>(Fate::fails_and_breaks));
}

TEST_CASE("too many to one person wait one second, then four times as long at each try") {
    const auto later = std::get<RetryLater>(refused(131056));
    CHECK(later.after == std::chrono::seconds{1});
    CHECK(later.growth == 4);
}

TEST_CASE("the provider's own Retry-After rules, for whomever it holds up") {
    HttpReply reply;
    reply.status = 429;
    reply.headers.set("Retry-After", "17");
    for (const char* body : {R"({"error":{"code":130429,"message":"slow"}})", "<html>Too many</html>"}) {
        reply.body = body;
        const auto later = std::get<RetryLater>(outcome_of(reply));
        CHECK(later.after == std::chrono::seconds{17});
        CHECK(later.scope == RetryScope::channel);
        CHECK(later.is_too_fast);
    }
    reply.body = R"({"error":{"code":131056,"message":"slow"}})";
    CHECK(std::get<RetryLater>(outcome_of(reply)).growth == 1);
}

TEST_CASE("an unknown code is tried again only when it is transient, and not for ever") {
    CHECK(std::get<Rejected>(refused(999999)).code == "provider_999999");
    CHECK(std::get<RetryLater>(refused(999999, true)).max_tries == 3);
}

TEST_CASE("the provider's own failure without a code is tried again") {
    CHECK(std::holds_alternative<RetryLater>(answer(500, "Internal Server Error")));
    CHECK(std::holds_alternative<RetryLater>(answer(503, "")));
}

TEST_CASE("a gateway's failure, or a 200 that names nothing, may have arrived") {
    CHECK(std::holds_alternative<Unanswered>(answer(502, "<html>Bad gateway</html>")));
    CHECK(std::holds_alternative<Unanswered>(answer(504, "")));
    CHECK(std::holds_alternative<Unanswered>(answer(200, "{}")));
}

TEST_CASE("a call that never left is safe to repeat, one that left is not") {
    CHECK(std::holds_alternative<RetryLater>(outcome_of(Error{ErrorKind::never_left, "", "refused"})));
    CHECK(std::holds_alternative<Unanswered>(outcome_of(Error{ErrorKind::left_no_answer, "", "timed out"})));
}
