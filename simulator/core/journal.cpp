#include "core/journal.hpp"

#include <algorithm>

namespace okno::sim {

namespace {

constexpr std::size_t kMostEntries = 200'000;
constexpr std::size_t kLongestBody = 8 << 10;

}  // namespace

void Journal::write(std::string_view kind, boost::json::object entry) {
    const std::scoped_lock lock(mutex_);
    entry["n"] = ++last_;
    entry["kind"] = kind;
    if (!entry.contains("at_ms")) entry["at_ms"] = elapsed();
    entries_.push_back({last_, std::string(kind), boost::json::serialize(entry)});
    if (entries_.size() > kMostEntries) entries_.pop_front();
}

std::string Journal::read(std::int64_t after, std::size_t limit, std::string_view kind) const {
    const std::scoped_lock lock(mutex_);
    std::string out = R"({"entries":[)";
    std::size_t taken = 0;
    std::int64_t seen = std::max<std::int64_t>(after, 0);
    const std::int64_t first = entries_.empty() ? last_ + 1 : entries_.front().n;
    for (std::size_t i = seen < first ? 0 : static_cast<std::size_t>(seen - first + 1); i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (taken == limit) break;
        seen = entry.n;
        if (!kind.empty() && entry.kind != kind) continue;
        if (taken++ > 0) out += ',';
        out += entry.text;
    }
    if (entries_.empty()) seen = std::max(seen, last_);
    out += R"(],"last":)" + std::to_string(seen) + "}";
    return out;
}

void Journal::clear() {
    const std::scoped_lock lock(mutex_);
    entries_.clear();
}

std::int64_t Journal::elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_).count();
}

boost::json::string journal_body(std::string_view body) {
    const std::string_view cut = body.substr(0, kLongestBody);
    boost::json::string text;
    for (const char c : cut)
        if (c != '\0') text.push_back(c);
    // A character cut in half, or binary data, would make the log unreadable JSON.
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
        bool is_whole = size > 0 && i + size <= text.size();
        for (std::size_t k = 1; is_whole && k < size; ++k)
            is_whole = (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
        if (!is_whole) {
            text.resize(i);
            text.append("...");
            break;
        }
        i += size;
    }
    return text;
}

}  // namespace okno::sim
