// Phone numbers as WhatsApp writes them (digits with country code), and the form under which two are one person's.
#pragma once

#include "base/result.hpp"
#include "domain/events.hpp"

#include <string>
#include <string_view>

namespace okno::whatsapp {

std::string digits_of(std::string_view text);

// Brazil with and without the ninth digit, Mexico's old 1 and Argentina's 9 are the same person: Meta may use
// either form for one account.
std::string canonical_phone(std::string_view digits);

// The other form of such a number; empty for numbers that have one form.
std::string other_form(std::string_view digits);

Address phone_address(std::string_view number);

// A number typed by a person: with country code, in any punctuation; Russian 8... and 9... are completed.
Result<Address> typed_phone(std::string_view typed);

}  // namespace okno::whatsapp
