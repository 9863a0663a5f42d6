#include "providers/vk/errors.hpp"

#include <algorithm>

namespace okno::sim::vk {

namespace json = boost::json;

namespace {

struct Words {
    int code;
    std::string_view text;
};

// As in the published schema of 5.199.
constexpr Words kWords[] = {
    {3, "Unknown method passed"},
    {5, "User authorization failed"},
    {6, "Too many requests per second"},
    {7, "Permission to perform this action is denied"},
    {8, "Invalid request"},
    {9, "Flood control"},
    {10, "Internal server error"},
    {14, "Captcha needed"},
    {15, "Access denied"},
    {18, "User was deleted or banned"},
    {100, "One of the parameters specified was missing or invalid"},
    {105, "Couldn't save file"},
    {113, "Invalid user id"},
    {118, "Invalid server"},
    {121, "Invalid hash"},
    {900, "Can't send messages for users from blacklist"},
    {901, "Can't send messages for users without permission"},
    {902, "Can't send messages to this user due to their privacy settings"},
    {909, "Can't edit this message, because it's too old"},
    {911, "Keyboard format is invalid"},
    {912, "This is a chat bot feature, change this status in settings"},
    {914, "Message is too long"},
    {924, "Can't delete this message for everybody"},
    {2000, "Servers number limit is reached"},
};

}  // namespace

std::string words_of(const Refusal& refusal) {
    const auto* found = std::ranges::find(kWords, refusal.code, &Words::code);
    std::string out = found == std::end(kWords) ? "Error" : std::string(found->text);
    if (!refusal.details.empty()) out += ": " + refusal.details;
    return out;
}

json::object error_answer(const Refusal& refusal, const json::array& request_params) {
    json::object error{
        {"error_code", refusal.code}, {"error_msg", words_of(refusal)}, {"request_params", request_params}};
    if (refusal.code == 14) {
        error["captcha_sid"] = "239633676097";
        error["captcha_img"] = "https://api.vk.com/captcha.php?sid=239633676097";
    }
    return {{"error", std::move(error)}};
}

}  // namespace okno::sim::vk
