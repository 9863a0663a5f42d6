// Contact cards as MAX hands them over (vcf_info).
#include "messengers/max/parse.hpp"

#include <algorithm>
#include <cctype>

namespace okno::max {

namespace {

// A line that begins with a blank goes on with the one before it.
std::vector<std::string> lines_of(const std::string& vcard) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin < vcard.size()) {
        const std::size_t end = std::min(vcard.find('\n', begin), vcard.size());
        std::string line = vcard.substr(begin, end - begin);
        begin = end + 1;
        if (line.ends_with('\r')) line.pop_back();
        const bool goes_on = !out.empty() && (line.starts_with(' ') || line.starts_with('\t'));
        if (goes_on)
            out.back() += line.substr(1);
        else
            out.push_back(std::move(line));
    }
    return out;
}

// "item1.TEL;TYPE=CELL" is a TEL.
std::string property_of(const std::string& head) {
    std::string name = head.substr(0, head.find(';'));
    if (const std::size_t dot = name.find('.'); dot != std::string::npos) name.erase(0, dot + 1);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return name;
}

std::string plain(const std::string& value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool is_escape = value[i] == '\\' && i + 1 < value.size();
        if (is_escape) ++i;
        out += is_escape && (value[i] == 'n' || value[i] == 'N') ? ' ' : value[i];
    }
    return out;
}

// "Li;Anna;;;" in the order in which people say it.
std::string spoken(const std::string& structured) {
    const std::size_t cut = structured.find(';');
    if (cut == std::string::npos) return plain(structured);
    const std::string rest = structured.substr(cut + 1);
    const std::string first = plain(rest.substr(0, rest.find(';')));
    const std::string last = plain(structured.substr(0, cut));
    return first + (first.empty() || last.empty() ? "" : " ") + last;
}

}  // namespace

Card read_vcard(const std::string& vcard) {
    Card card;
    std::string structured;
    for (const std::string& line : lines_of(vcard)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        const std::string name = property_of(line.substr(0, colon));
        std::string value = line.substr(colon + 1);
        if (name == "TEL" && value.starts_with("tel:")) value.erase(0, 4);
        if (value.empty()) continue;
        if (name == "FN") card.name = plain(value);
        if (name == "N") structured = spoken(value);
        if (name == "TEL") card.phones.push_back(plain(value));
        if (name == "EMAIL") card.emails.push_back(plain(value));
    }
    if (card.name.empty()) card.name = structured;
    return card;
}

}  // namespace okno::max
