#include "messengers/viber/error_table.hpp"

#include <algorithm>
#include <iterator>

namespace okno::viber {

using enum Reaction;

static constexpr KnownStatus table[] = {
    {1, refuse, "webhook_refused"},      {2, broken, "token_broken"},
    {3, refuse, "bad_request"},          {4, refuse, "bad_request"},
    {5, block, "person_unreachable"},    {6, block, "person_blocked"},
    {7, broken, "account_restricted"},   {8, broken, "account_missing"},
    {9, broken, "account_restricted"},   {10, set_webhook, "webhook_not_set"},
    {11, refuse, "person_unreachable"},  {12, wait_person, "too_many_without_answer"},
    {13, simpler, "program_too_old"},    {14, newer, "version_too_low"},
    {15, broken, "permission_missing"},  {16, refuse, "not_allowed"},
    {17, refuse, "not_allowed"},         {18, refuse, "not_allowed"},
    {19, refuse, "not_allowed"},         {20, refuse, "not_allowed"},
    {21, refuse, "country_not_allowed"}, {22, refuse, "not_allowed"},
    {23, warn, "payment_problem"},       {24, warn, "payment_problem"},
};

static constexpr KnownStatus nameless{-1, few_tries, "provider_error"};

const KnownStatus& find_status(std::int64_t code) {
    const auto* found = std::ranges::find(table, code, &KnownStatus::code);
    return found == std::end(table) ? nameless : *found;
}

}  // namespace okno::viber
