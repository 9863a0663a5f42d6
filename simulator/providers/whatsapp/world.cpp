#include "providers/whatsapp/world.hpp"

#include "base/crypto.hpp"
#include "core/base64.hpp"

#include <algorithm>
#include <atomic>

namespace okno::sim::whatsapp {

namespace {

constexpr std::size_t kLongestChat = 5'000;

// The country a made-up BSUID starts with; what matters is that it is two letters.
struct CountryPrefix {
    std::string_view digits;
    std::string_view country;
};
constexpr CountryPrefix kCountries[] = {{"7", "RU"},  {"1", "US"},  {"55", "BR"}, {"52", "MX"}, {"54", "AR"},
                                        {"49", "DE"}, {"44", "GB"}, {"91", "IN"}, {"33", "FR"}, {"34", "ES"}};

}  // namespace

Phone* World::phone_by_number(std::string_view given) {
    const std::string digits = digits_of(given);
    if (const auto found = phones.find(digits); found != phones.end()) return &found->second;
    for (auto& [wa_id, phone] : phones)
        if (std::ranges::find(phone.aliases, digits) != phone.aliases.end()) return &phone;
    return nullptr;
}

Phone* World::phone_by_bsuid(std::string_view bsuid) {
    const auto found = std::ranges::find_if(phones, [&](const auto& entry) { return entry.second.bsuid == bsuid; });
    return found == phones.end() ? nullptr : &found->second;
}

Message* World::message(std::string_view id) {
    const auto found = messages.find(std::string(id));
    return found == messages.end() ? nullptr : &found->second;
}

const Template* World::template_named(std::string_view waba_id, std::string_view name,
                                      std::string_view language) const {
    for (const auto& [id, one] : templates)
        if (one.waba_id == waba_id && one.name == name && one.language == language) return &one;
    return nullptr;
}

bool World::has_template_name(std::string_view waba_id, std::string_view name) const {
    return std::ranges::any_of(
        templates, [&](const auto& entry) { return entry.second.waba_id == waba_id && entry.second.name == name; });
}

Message& World::add(Message message) {
    Chat& home = chat(message.number_id, message.wa_id);
    if (home.messages.size() >= kLongestChat) {
        messages.erase(home.messages.front());
        home.messages.erase(home.messages.begin());
    }
    home.messages.push_back(message.id);
    ++version;
    std::string id = message.id;
    return messages.insert_or_assign(std::move(id), std::move(message)).first->second;
}

const Media& World::add_media(std::string number_id, std::string mime_type, std::string filename, std::string bytes,
                              Timestamp expires_at) {
    Media one;
    one.id = next_id();
    one.number_id = std::move(number_id);
    one.mime_type = std::move(mime_type);
    one.filename = std::move(filename);
    const Sha256 hash = sha256(bytes);
    one.sha256_hex = to_hex(hash.data(), hash.size());
    one.sha256_base64 = to_base64(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
    one.bytes = std::make_shared<const std::string>(std::move(bytes));
    one.expires_at = expires_at;
    std::string id = one.id;
    return media.insert_or_assign(std::move(id), std::move(one)).first->second;
}

void World::rename_phone(const std::string& from, const std::string& to) {
    auto node = phones.extract(from);
    if (node.empty()) return;
    node.key() = to;
    node.mapped().wa_id = to;
    phones.insert(std::move(node));
    for (const auto& [number_id, number] : numbers) {
        auto old = chats.extract({number_id, from});
        if (old.empty()) continue;
        for (const std::string& id : old.mapped().messages)
            if (Message* one = message(id)) one->wa_id = to;
        old.key() = {number_id, to};
        chats.insert(std::move(old));
    }
    ++version;
}

std::string World::next_id() {
    // Ids of Meta are long decimal numbers; the random middle keeps two runs from sharing them.
    static const std::uint32_t run = [] {
        std::uint32_t value = 0;
        random_bytes(&value, sizeof value);
        return value % 900'000 + 100'000;
    }();
    static std::atomic<std::int64_t> last{1'000'000};  // a reset must not give an id twice
    return std::to_string(run) + std::to_string(++last);
}

std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c >= '0' && c <= '9') out += c;
    return out;
}

std::string new_message_id(std::string_view wa_id) {
    char noise[9];
    random_bytes(noise, sizeof noise);
    std::string raw = "\x1d\x18";
    raw += static_cast<char>(wa_id.size());
    raw += wa_id;
    raw += "\x15\x02\x12\x18\x14";
    raw += std::string_view(noise, sizeof noise);
    std::string out = "wamid." + to_base64(raw);
    return out;
}

std::string new_bsuid(std::string_view wa_id) {
    std::string_view country = "ZZ";
    std::size_t longest = 0;
    for (const CountryPrefix& one : kCountries) {
        if (!wa_id.starts_with(one.digits) || one.digits.size() < longest) continue;
        longest = one.digits.size();
        country = one.country;
    }
    std::uint64_t number = 0;
    random_bytes(&number, sizeof number);
    return std::string(country) + "." + std::to_string(number % 9'000'000'000'000ULL + 1'000'000'000'000ULL);
}

std::size_t length_of(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace okno::sim::whatsapp
