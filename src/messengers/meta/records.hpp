// One record of a webhook, as events.
#pragma once

#include "base/json.hpp"
#include "domain/events.hpp"
#include "messengers/meta/platform.hpp"

#include <string>
#include <vector>

namespace okno::meta {

using Events = std::vector<ProviderEvent>;

// `account`: the Page or the Instagram account that was told. Kinds that mean nothing to conversations give no event.
Result<Events> read_record(const Platform& platform, const std::string& account, const JsonView& record);

}  // namespace okno::meta
