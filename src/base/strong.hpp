// Types that keep one kind of id or text from being passed where another is meant.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace okno {

// A value of type T that only equals, and only is accepted as, its own kind `Tag`.
template <typename Tag, typename T>
class Strong {
public:
    Strong() = default;
    explicit Strong(T value) : value_(std::move(value)) {}

    const T& value() const { return value_; }

    friend bool operator==(const Strong&, const Strong&) = default;
    friend auto operator<=>(const Strong&, const Strong&) = default;

private:
    T value_{};
};

}  // namespace okno

template <typename Tag, typename T>
struct std::hash<okno::Strong<Tag, T>> {
    std::size_t operator()(const okno::Strong<Tag, T>& id) const { return std::hash<T>{}(id.value()); }
};
