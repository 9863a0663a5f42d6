#include "app/give_way.hpp"

#include <utility>

namespace okno {

constexpr auto slow = std::chrono::milliseconds(2);
constexpr auto longest = std::chrono::seconds(5);
constexpr int rests_for_one_of_work = 4;

void GiveWay::acknowledged(Clock::duration took) {
    const std::scoped_lock lock(mutex_);
    sum_ += took;
    ++count_;
}

GiveWay::Clock::duration GiveWay::rest_after(Clock::duration worked, Clock::time_point now) {
    const std::scoped_lock lock(mutex_);
    const auto sum = std::exchange(sum_, {});
    const int count = std::exchange(count_, 0);
    if (count == 0 || sum / count < slow) {
        begun_.reset();
        return {};
    }
    if (!begun_) begun_ = now;
    return now - *begun_ < longest ? worked * rests_for_one_of_work : Clock::duration{};
}

void GiveWay::caught_up() {
    const std::scoped_lock lock(mutex_);
    sum_ = {};
    count_ = 0;
    begun_.reset();
}

}  // namespace okno
