#include "messengers/full_name.hpp"

namespace okno {

std::string full_name(const JsonView& person) {
    std::string name = person["first_name"].text_or("");
    if (const std::string last = person["last_name"].text_or(""); !last.empty())
        name += (name.empty() ? "" : " ") + last;
    return name;
}

}  // namespace okno
