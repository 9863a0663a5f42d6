#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

namespace okno::tests {

static const UserId maria = make_id<UserId>();
static const UserId anna = make_id<UserId>();

TEST_CASE("a draft is its author's alone, is replaced by the next, and an empty one removes it") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const ConversationId id = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id;
        const auto draft_of = [&](UserId user) { return tx.conversation(id, user)->draft; };

        tx.save_draft(id, maria, {"Hello", ""}, ground.now);
        tx.save_draft(id, maria, {"Hello, Kate", "ask the warehouse"}, ground.now + 2s);
        CHECK(draft_of(maria).text == "Hello, Kate");
        CHECK(draft_of(maria).note == "ask the warehouse");
        CHECK(tx.conversations({}, maria).front().draft.text == "Hello, Kate");
        CHECK(draft_of(anna).is_empty());
        CHECK(tx.conversation(id, std::nullopt)->draft.is_empty());

        tx.save_draft(id, maria, {}, ground.now + 3s);
        CHECK(draft_of(maria).is_empty());
    });
}

TEST_CASE("drafts follow when two identities turn out to be one person") {
    Ground ground;
    ground.in_workspace([&](Transaction& tx) {
        const ConversationId kept = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now).id;
        const ConversationId gone = tx.conversation_of(ground.channel.id, a_person("", "RU.88172635"), ground.now).id;
        tx.save_draft(kept, maria, {"mine", ""}, ground.now);
        tx.save_draft(gone, maria, {"the same customer, said twice", ""}, ground.now);
        tx.save_draft(gone, anna, {"hers", ""}, ground.now);

        tx.conversation_of(ground.channel.id, a_person("79161234567", "RU.88172635"), ground.now);
        CHECK_FALSE(tx.conversation(gone, std::nullopt));
        CHECK(tx.conversation(kept, maria)->draft.text == "mine");
        CHECK(tx.conversation(kept, anna)->draft.text == "hers");
    });
}

}  // namespace okno::tests
