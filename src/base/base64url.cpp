#include "base/base64url.hpp"

#include <sodium.h>

namespace okno {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string to_base64url(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      variant);
    out.pop_back();  // the zero that C wants
    return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const bool is_base64 = sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                                             text.size(), nullptr, &size, nullptr, variant) == 0;
    if (!is_base64) return std::nullopt;
    out.resize(size);
    return out;
}

}  // namespace okno
