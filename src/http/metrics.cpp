#include "http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace okno::http {

namespace {

const prometheus::Histogram::BucketBoundaries answer_times{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                           0.1,    0.25,  0.5,    1,     2.5,  5,     10};

constexpr std::array kinds{"api", "webhook", "file", "page"};
constexpr std::size_t status_classes = 6;  // 404 counts as 4xx

// Looked up once: labels are slow to find.
struct KindMetrics {
    std::array<prometheus::Counter*, status_classes> requests{};
    prometheus::Histogram* times = nullptr;
};

}  // namespace

struct Metrics::State {
    State() {
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            for (std::size_t status = 1; status < status_classes; ++status)
                by_kind[i].requests[status] =
                    &requests.Add({{"kind", kinds[i]}, {"status", fmt::format("{}xx", status)}});
            by_kind[i].times = &times.Add({{"kind", kinds[i]}}, answer_times);
        }
    }

    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                            .Name("okno_http_requests_total")
                                                            .Help("Requests by what they asked and how they ended")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& times = prometheus::BuildHistogram()
                                                           .Name("okno_http_request_seconds")
                                                           .Help("From the whole request to its answer")
                                                           .Register(registry);
    prometheus::Family<prometheus::Counter>& webhooks = prometheus::BuildCounter()
                                                            .Name("okno_webhooks_total")
                                                            .Help("Webhooks kept on disk, and refused")
                                                            .Register(registry);
    prometheus::Family<prometheus::Histogram>& calls = prometheus::BuildHistogram()
                                                           .Name("okno_outbound_call_seconds")
                                                           .Help("Calls to providers by their outcome")
                                                           .Register(registry);
    prometheus::Counter& kept = webhooks.Add({{"outcome", "kept"}});
    prometheus::Counter& refused = webhooks.Add({{"outcome", "refused"}});
    prometheus::Counter& dropped = prometheus::BuildCounter()
                                       .Name("okno_statuses_dropped_total")
                                       .Help("Statuses whose message never came")
                                       .Register(registry)
                                       .Add({});
    std::array<KindMetrics, kinds.size()> by_kind;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

void Metrics::answered(Kind kind, int status, Seconds took) {
    const KindMetrics& metrics = state_->by_kind[static_cast<std::size_t>(kind)];
    metrics.requests[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))]->Increment();
    metrics.times->Observe(took.count());
}

void Metrics::webhook(bool is_kept) { (is_kept ? state_->kept : state_->refused).Increment(); }

void Metrics::called(std::string_view outcome, Seconds took) {
    state_->calls.Add({{"outcome", std::string(outcome)}}, answer_times).Observe(took.count());
}

void Metrics::statuses_dropped(int count) { state_->dropped.Increment(count); }

std::string Metrics::text(const Gauges& now) const {
    std::string out = prometheus::TextSerializer().Serialize(state_->registry.Collect());
    for (const auto& [name, value] : now)
        out += fmt::format("# TYPE okno_{0} gauge\nokno_{0} {1}\n", name, value);
    return out;
}

}  // namespace okno::http
