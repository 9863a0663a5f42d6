// A property for doctest: rapidcheck tries 500 cases, the same ones in every run. `RC_PARAMS="seed=...
// max_success=..."` of the environment tries others.
#pragma once

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <utility>

namespace okno::tests {

template <typename Property>
bool holds(Property property) {
    ::setenv("RC_PARAMS", "seed=20260101 max_success=500", 0);
    return rc::check(std::move(property));
}

}  // namespace okno::tests
