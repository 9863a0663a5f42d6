// What shall go wrong, how often and for whom.
//
// A fault is data: its kind, a count, fields of its own and a `match` object whose members must all equal those of
// the request or update at hand. `take` asks for one and uses up one of its count.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace okno::sim {

class Faults {
public:
    // The fault with its `id`; empty when `kind` is unknown.
    std::optional<boost::json::object> add(boost::json::object fault);
    boost::json::array all() const;
    bool remove(std::int64_t id);
    void clear();

    // The first fault of that kind that matches, its count lowered; empty when there is none.
    std::optional<boost::json::object> take(std::string_view kind, const boost::json::object& at_hand);

private:
    mutable std::mutex mutex_;
    std::list<boost::json::object> faults_;
    std::int64_t last_id_ = 0;
};

// A whole number of the fault, or `otherwise`.
std::int64_t fault_number(const boost::json::object& fault, std::string_view name, std::int64_t otherwise);

}  // namespace okno::sim
