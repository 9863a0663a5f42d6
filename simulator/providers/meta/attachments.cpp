#include "providers/meta/attachments.hpp"

#include "core/base64.hpp"
#include "core/samples.hpp"
#include "providers/meta/conversations.hpp"

#include <algorithm>
#include <iterator>

namespace okno::sim::meta {

namespace {

struct FileKind {
    std::string_view kind;
    std::string_view type;    // of the attachment
    std::string_view sample;  // of sample_of
};
constexpr FileKind kFiles[] = {{"image", "image", "image"},     {"video", "video", "video"},
                               {"voice", "audio", "voice"},     {"audio", "audio", "voice"},
                               {"file", "file", "document"},    {"document", "file", "document"},
                               {"sticker", "sticker", "image"}, {"story_mention", "story_mention", "image"}};

json::object file_attachment(Site& site, const Person& person, const FileKind& kind, const JsonView& wish) {
    const Sample sample = sample_of(kind.sample);
    const auto given = wish["data"].is_there() ? from_base64(wish["data"].text_or("")) : std::nullopt;
    File file;
    file.account_id = person.account_id;
    file.kind = kind.type;
    file.name = wish["filename"].text_or(sample.filename);
    file.mime = wish["mime_type"].text_or(sample.mime_type);
    file.bytes = std::make_shared<const std::string>(given ? *given : sample.bytes);
    json::object payload{{"url", address_of(site, add_file(site, std::move(file)))}};
    if (kind.type == "sticker") payload["sticker_id"] = 369'239'263'222'822;
    return {{"type", kind.type}, {"payload", std::move(payload)}};
}

json::object linked(const std::string& type, const char* title, const char* url) {
    return {{"type", type}, {"payload", json::object{{"title", title}, {"url", url}}}};
}

}  // namespace

std::expected<json::object, std::string> attachment_of(Site& site, const Person& person, const std::string& kind,
                                                       const JsonView& wish) {
    const auto* file = std::ranges::find(kFiles, kind, &FileKind::kind);
    if (file != std::end(kFiles)) return file_attachment(site, person, *file, wish);
    if (kind == "location")
        return json::object{
            {"type", "location"},
            {"payload",
             json::object{{"coordinates", json::object{{"lat", wish["latitude"].number().value_or(55.7558)},
                                                       {"long", wish["longitude"].number().value_or(37.6173)}}}}}};
    if (kind == "like_heart") return json::object{{"type", kind}};
    if (kind == "fallback") return json::object{{"type", kind}, {"title", "A shop"}, {"url", "https://shop.example/a"}};
    if (kind == "reel" || kind == "ig_reel" || kind == "ig_post" || kind == "share")
        return linked(kind, "A post", "https://www.instagram.example/p/1");
    if (const JsonView own = wish["attachment"]; own.raw() != nullptr && own.raw()->is_object())
        return own.raw()->get_object();
    return std::unexpected("There is no attachment of the kind " + kind + ".");
}

}  // namespace okno::sim::meta
