#include "app/forget_files.hpp"

#include <algorithm>
#include <future>

namespace okno {

constexpr std::size_t files_at_once = 50;  // in one closure of the writer

Result<int> forget_files(Store& store, const MediaFiles& files, const std::vector<std::string>& hashes,
                         std::chrono::seconds least_age, const std::function<bool()>& may_remove) {
    int removed = 0;
    for (std::size_t first = 0; first < hashes.size(); first += files_at_once) {
        const std::size_t end = std::min(hashes.size(), first + files_at_once);
        const auto asked_at = std::chrono::steady_clock::now();
        std::vector<std::string> unneeded;
        std::promise<void> done;
        store.write_later(
            [&](StoreSession& session) {
                for (std::size_t i = first; i < end; ++i)
                    if (may_remove() && !session.is_file_needed(hashes[i])) unneeded.push_back(hashes[i]);
            },
            [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
        done.get_future().get();
        // Not on the writer: the file may lie beyond the network. One that was stored again since the question is
        // younger than the answer, so it stays whether its row is there by now or not.
        for (const std::string& hash : unneeded) {
            const auto since = std::chrono::steady_clock::now() - asked_at;
            const Result<bool> gone = files.remove(hash, least_age + std::chrono::floor<std::chrono::seconds>(since));
            if (!gone) return std::unexpected(gone.error());
            if (*gone) ++removed;
        }
    }
    return removed;
}

Result<int> sweep_files(Store& store, const MediaFiles& files, int group, const std::function<bool()>& may_remove) {
    const Result<std::vector<std::string>> stored = files.stored(group);
    if (!stored) return std::unexpected(stored.error());
    if (stored->empty()) return 0;
    std::vector<std::string> unneeded;
    std::promise<void> done;
    store.read(
        [&](StoreSession& session) {
            std::ranges::copy_if(*stored, std::back_inserter(unneeded),
                                 [&](const std::string& hash) { return !session.is_file_needed(hash); });
        },
        [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
    return forget_files(store, files, unneeded, forgotten_by_sweep, may_remove);
}

}  // namespace okno
