// The newest webhooks that came to this process, for whoever looks at a channel: in the database they live only until
// they are applied.
#pragma once

#include "app/ports/storage.hpp"

#include <deque>
#include <mutex>
#include <vector>

namespace okno::storage {

class RecentWebhooks {
public:
    void add(const IntakeRow& row) {
        const std::scoped_lock lock(mutex_);
        rows_.push_back(row);
        IntakeRow& kept = rows_.back();
        kept.number = ++last_;
        kept.proof.clear();
        if (kept.bytes.size() > most_of_one) kept.bytes.clear();
        bytes_ += kept.bytes.size();
        while (rows_.size() > most_rows || bytes_ > most_bytes) {
            bytes_ -= rows_.front().bytes.size();
            rows_.pop_front();
        }
    }

    // Of this channel, newest first.
    std::vector<IntakeRow> of(ChannelId channel, int limit) const {
        const std::scoped_lock lock(mutex_);
        std::vector<IntakeRow> out;
        for (auto row = rows_.rbegin(); row != rows_.rend() && static_cast<int>(out.size()) < limit; ++row)
            if (row->channel == channel) out.push_back(*row);
        return out;
    }

private:
    static constexpr std::size_t most_rows = 2000;
    static constexpr std::size_t most_bytes = 4 << 20;
    static constexpr std::size_t most_of_one = 128 << 10;

    mutable std::mutex mutex_;
    std::deque<IntakeRow> rows_;
    std::size_t bytes_ = 0;
    std::int64_t last_ = 0;
};

}  // namespace okno::storage
