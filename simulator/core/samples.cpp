#include "core/samples.hpp"

#include "core/base64.hpp"
#include "core/pages.hpp"

namespace okno::sim {

namespace {

constexpr std::string_view kWebp = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
constexpr std::string_view kPdf =
    "%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

std::string file_named(std::string_view name) { return std::string(embedded_pages().at(name)); }

}  // namespace

Sample sample_of(std::string_view kind) {
    if (kind == "photo") return {"image/jpeg", "photo.jpg", file_named("sample_photo.jpg")};
    if (kind == "image") return {"image/png", "photo.png", file_named("sample_photo.png")};
    if (kind == "sticker") return {"image/webp", "sticker.webp", from_base64(kWebp).value()};
    if (kind == "document") return {"application/pdf", "price list.pdf", std::string(kPdf)};
    if (kind == "video" || kind == "video_note" || kind == "animation")
        return {"video/mp4", "video.mp4",
                std::string("\0\0\0\x18"
                            "ftypmp42\0\0\0\0mp42isom",
                            24)};
    const std::string_view mime = kind == "voice" ? "audio/ogg; codecs=opus" : "audio/ogg";
    return {mime, "voice.ogg", file_named("sample_voice.ogg")};
}

}  // namespace okno::sim
