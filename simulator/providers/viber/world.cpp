#include "providers/viber/world.hpp"

namespace okno::sim::viber {

Person* World::person_by_id(std::string_view id) {
    for (auto& [key, person] : people)
        if (person.id == id) return &person;
    return nullptr;
}

}  // namespace okno::sim::viber
