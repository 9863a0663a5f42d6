// Checks a template message against the template it names, and fills it in.
#pragma once

#include "providers/whatsapp/graph_errors.hpp"
#include "providers/whatsapp/world.hpp"

#include <expected>

namespace okno::sim::whatsapp {

struct FilledTemplate {
    const Template* source = nullptr;
    json::object shown;  // as Message::shown
};

// `wanted` is the body's `template` object, in good form.
std::expected<FilledTemplate, Refusal> fill_template(const World& world, const Number& number,
                                                     const json::object& wanted);

}  // namespace okno::sim::whatsapp
