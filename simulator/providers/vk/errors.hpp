// VK's error codes and the words each comes with. The HTTP status is 200 for all of them.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace okno::sim::vk {

struct Refusal {
    int code = 0;
    std::string details{};  // what follows VK's own words
};

// "One of the parameters specified was missing or invalid: random_id is a required parameter"
std::string words_of(const Refusal& refusal);
// {"error": {...}} with the parameters of the call, but its token.
boost::json::object error_answer(const Refusal& refusal, const boost::json::array& request_params);

}  // namespace okno::sim::vk
