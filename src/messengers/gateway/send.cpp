#include "messengers/gateway/send.hpp"

#include "base/utf8.hpp"
#include "messengers/gateway/choices.hpp"

#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace okno::gateway {

namespace {

constexpr std::size_t most_caption = 1024;

std::string words_of(const JsonView& contact) {
    std::string out = contact["name"]["formatted_name"].text_or("");
    for (const auto& [list, member] : {std::pair{"phones", "phone"}, {"emails", "email"}, {"urls", "url"}})
        for (std::size_t i = 0; i < contact[list].size(); ++i)
            out += "\n" + contact[list].at(i)[member].text_or("");
    return out;
}

}  // namespace

bool is_file(std::string_view type) {
    return type == "image" || type == "video" || type == "audio" || type == "document";
}

std::unexpected<Error> not_here(const std::string& detail) {
    return fail(ErrorKind::invalid, "type_not_supported", detail, "type");
}

std::string digits_of(std::string_view phone) {
    std::string out;
    std::ranges::copy_if(phone, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

Result<Place> read_place(const JsonView& content) {
    const auto latitude = content["latitude"].number();
    const auto longitude = content["longitude"].number();
    if (!latitude || !longitude)
        return fail(ErrorKind::invalid, "bad_content", "A location needs `latitude` and `longitude`.", "latitude");
    return Place{*latitude, *longitude, content["name"].text_or(""), content["address"].text_or("")};
}

Cards read_cards(const JsonView& contacts) {
    Cards out;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const JsonView one = contacts.at(i);
        out.words += (out.words.empty() ? "" : "\n\n") + words_of(one);
        for (std::size_t k = 0; k < one["phones"].size(); ++k)
            out.cards.push_back({one["name"]["formatted_name"].text_or(""), one["org"]["company"].text_or(""),
                                 one["phones"].at(k)["phone"].text_or("")});
    }
    return out;
}

Result<void> check_limits(const std::string& type, const std::string& text, const JsonView& content) {
    if (type == "template") return not_here("A gateway has no templates and needs none: write the text itself.");
    if (type == "sticker") return not_here("Stickers cannot be sent through a gateway: send it as a document.");
    if (type == "audio" && !text.empty())
        return fail(ErrorKind::invalid, "invalid",
                    "A voice message has no words beside it: send the text as a message of its own.", "text");
    if (is_file(type) && characters(text) > most_caption)
        return fail(ErrorKind::invalid, "invalid",
                    "The text beside a file has at most 1024 characters, this has " + std::to_string(characters(text)) +
                        ": send the file first and the text after it.",
                    "text");
    return type == "interactive" ? check_choices(content) : Result<void>{};
}

Result<std::string> read_base64(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in.good() && !in.eof())
        return fail(ErrorKind::unavailable, "file_unreadable", "The file of this message cannot be read now.");
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // the zero at its end
    return out;
}

Result<void> write_base64(std::string_view base64, const std::string& path) {
    std::string bytes(base64.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const bool is_base64 =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), base64.data(), base64.size(),
                          "\r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0;
    if (!is_base64)
        return fail(ErrorKind::conflict, "media_unreadable", "The gateway gave this file as what is no base64.");
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(size));
    out.close();
    if (!out) return fail(ErrorKind::unavailable, "file_unwritable", "The file cannot be written here now.");
    return {};
}

}  // namespace okno::gateway
