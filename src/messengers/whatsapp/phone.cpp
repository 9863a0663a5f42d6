#include "messengers/whatsapp/phone.hpp"

namespace okno::whatsapp {

std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c >= '0' && c <= '9') out += c;
    return out;
}

std::string canonical_phone(std::string_view digits) {
    std::string number(digits);
    if (number.size() == 13 && number.starts_with("55") && number[4] == '9')
        return number.substr(0, 4) + number.substr(5);
    if (number.size() == 13 && number.starts_with("521")) return "52" + number.substr(3);
    if (number.size() == 13 && number.starts_with("549")) return "54" + number.substr(3);
    return number;
}

std::string other_form(std::string_view digits) {
    const std::string number(digits);
    std::string canonical = canonical_phone(digits);
    if (canonical != number) return canonical;
    if (number.size() != 12) return {};
    // Only mobile numbers of Brazil have the 9: their eight digits begin with 6 to 9.
    if (number.starts_with("55") && number[4] >= '6') return number.substr(0, 4) + "9" + number.substr(4);
    if (number.starts_with("52")) return "521" + number.substr(2);
    if (number.starts_with("54")) return "549" + number.substr(2);
    return {};
}

Address phone_address(std::string_view number) {
    std::string digits = digits_of(number);
    std::string key = canonical_phone(digits);
    return {"phone", std::move(digits), std::move(key)};
}

Result<Address> typed_phone(std::string_view typed) {
    std::string digits = digits_of(typed);
    const bool has_plus = typed.find('+') != std::string_view::npos;
    if (!has_plus && digits.size() == 11 && digits.front() == '8') digits.front() = '7';
    if (!has_plus && digits.size() == 10 && digits.front() == '9') digits.insert(0, "7");
    if (digits.size() < 8 || digits.size() > 15 || digits.front() == '0')
        return fail(ErrorKind::invalid, "bad_phone",
                    "This is not a phone number with country code. Write it as +7 916 123-45-67.", "phone");
    return phone_address(digits);
}

}  // namespace okno::whatsapp
