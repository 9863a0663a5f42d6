// What /metrics tells, in Prometheus' form: counts, and how long answers and outbound calls take.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace okno::http {

using Gauges = std::vector<std::pair<std::string, double>>;

class Metrics {
public:
    Metrics();
    ~Metrics();

    using Seconds = std::chrono::duration<double>;

    // What a request asked for. Of a webhook the time is that to its durable acknowledgement.
    enum class Kind { api, webhook, file, page };
    void answered(Kind kind, int status, Seconds took);
    void webhook(bool is_kept);
    // A call to a provider; its outcome is "answered", "never_left" or "left_no_answer".
    void called(std::string_view outcome, Seconds took);
    void statuses_dropped(int count);

    // With what is so now (`okno_<name>`).
    std::string text(const Gauges& now) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace okno::http
