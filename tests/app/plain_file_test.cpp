// Which kind a file leaves as, over the real storage.
#include "app/compose.hpp"

#include "support/plain_messenger.hpp"
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

using namespace okno;
using namespace okno::tests;

namespace {

Result<Composed> send_file(Ground& ground, const std::string& type, const std::string& mime, std::int64_t size) {
    const PlainMessenger messenger;
    return ground.in_workspace([&](Transaction& tx) {
        Conversation conversation = tx.conversation_of(ground.channel.id, a_person("79161234567"), ground.now);
        conversation.window_closes_at = ground.now + 1h;
        tx.save_conversation(conversation);
        Media upload;
        upload.id = make_id<MediaId>();
        upload.kind = "image";
        upload.mime = mime;
        upload.size = size;
        upload.state = MediaState::ready;
        upload.created_at = ground.now;
        tx.insert_media(upload);
        NewMessage wanted;
        wanted.conversation = conversation.id;
        wanted.client_id = "c1";
        wanted.type = type;
        wanted.media = upload.id;
        return compose(tx, messenger, wanted, ground.now);
    });
}

}  // namespace

TEST_CASE("a picture of another type or size leaves as a plain file when that is asked for") {
    Ground ground;
    CHECK(send_file(ground, "document", "image/webp", 1500));
}

TEST_CASE("a picture that the messenger does not show is refused as a picture") {
    Ground ground;
    const auto refused = send_file(ground, "image", "image/webp", 10);
    REQUIRE(!refused);
    CHECK(refused.error().code == "file_not_supported");
}

TEST_CASE("a file larger than the messenger takes is refused as whatever it is sent") {
    Ground ground;
    const auto refused = send_file(ground, "document", "image/png", 2001);
    REQUIRE(!refused);
    CHECK(refused.error().code == "file_too_large");
}
