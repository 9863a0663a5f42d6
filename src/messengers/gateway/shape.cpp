#include "messengers/gateway/shape.hpp"

#include "messengers/gateway/evolution/evolution.hpp"
#include "messengers/gateway/green_api/green_api.hpp"
#include "messengers/gateway/waha/waha.hpp"

#include <algorithm>
#include <array>

namespace okno::gateway {

std::span<const Shape* const> all_shapes() {
    static const green_api::GreenApi green_api;
    static const evolution::Evolution evolution;
    static const waha::Waha waha;
    static const std::array<const Shape*, 3> all{&green_api, &evolution, &waha};
    return all;
}

const Shape* find_shape(std::string_view name) {
    const auto all = all_shapes();
    if (name.empty()) return all.back();
    const auto found = std::ranges::find(all, name, &Shape::name);
    return found == all.end() ? nullptr : *found;
}

const Shape& shape_of(const Channel& channel) {
    const Shape* found = find_shape(channel.setting("shape"));
    return found != nullptr ? *found : *all_shapes().back();
}

}  // namespace okno::gateway
