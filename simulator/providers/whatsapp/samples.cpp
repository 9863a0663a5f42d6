#include "providers/whatsapp/samples.hpp"

#include "core/base64.hpp"

namespace okno::sim::whatsapp {

namespace {

constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
constexpr std::string_view kWebp = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
constexpr std::string_view kPdf =
    "%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

}  // namespace

Sample sample_of(std::string_view kind) {
    if (kind == "image") return {"image/png", "photo.png", from_base64(kPng).value()};
    if (kind == "sticker") return {"image/webp", "sticker.webp", from_base64(kWebp).value()};
    if (kind == "document") return {"application/pdf", "price list.pdf", std::string(kPdf)};
    if (kind == "video")
        return {"video/mp4", "video.mp4",
                std::string("\0\0\0\x18"
                            "ftypmp42\0\0\0\0mp42isom",
                            24)};
    const std::string_view mime = kind == "voice" ? "audio/ogg; codecs=opus" : "audio/ogg";
    std::string ogg("OggS\0\2", 6);
    ogg.append(22, '\0');
    ogg += "OpusHead";
    return {mime, "voice.ogg", ogg};
}

}  // namespace okno::sim::whatsapp
