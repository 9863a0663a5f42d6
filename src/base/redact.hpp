// What a provider sent, as an admin may see it: its shape and kinds, and nothing of who wrote what.
#pragma once

#include <string>
#include <string_view>

namespace okno {

// Keys, truth values, times and the words that say of what kind something is stay; every other text becomes its length
// in characters ("‹12›"), every other number "#". What is no JSON is told by its length alone.
std::string redacted(std::string_view body);

}  // namespace okno
