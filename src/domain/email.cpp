#include "domain/email.hpp"

#include <algorithm>

namespace okno {

Result<std::string> read_email(std::string_view typed) {
    constexpr std::string_view spaces = " \t\r\n";
    const std::size_t begin = std::min(typed.find_first_not_of(spaces), typed.size());
    const std::size_t end = typed.find_last_not_of(spaces) + 1;
    std::string email(typed.substr(begin, end > begin ? end - begin : 0));
    for (char& c : email)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const std::size_t at = email.find('@');
    const bool has_parts = at != std::string::npos && at > 0 && at + 1 < email.size();
    const bool is_plain = std::ranges::none_of(email, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
    if (!has_parts || !is_plain || email.find('@', at + 1) != std::string::npos || email.size() > 254)
        return fail(ErrorKind::invalid, "invalid", "email: expected an e-mail address", "email");
    return email;
}

}  // namespace okno
