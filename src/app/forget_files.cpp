#include "app/forget_files.hpp"

#include <algorithm>
#include <future>

namespace okno {

constexpr std::size_t files_at_once = 50;  // in one closure of the writer

int forget_files(Store& store, const MediaFiles& files, const std::vector<std::string>& hashes,
                 std::chrono::seconds least_age, const std::function<bool()>& may_remove) {
    int removed = 0;
    for (std::size_t first = 0; first < hashes.size(); first += files_at_once) {
        const std::size_t end = std::min(hashes.size(), first + files_at_once);
        std::promise<void> done;
        // On the writer, so that no row of the file can be stored between the question and the removal.
        store.write_later(
            [&](StoreSession& session) {
                for (std::size_t i = first; i < end; ++i)
                    if (may_remove() && !session.is_file_needed(hashes[i]) && files.remove(hashes[i], least_age))
                        ++removed;
            },
            [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
        done.get_future().get();
    }
    return removed;
}

int sweep_files(Store& store, const MediaFiles& files, int group, const std::function<bool()>& may_remove) {
    const std::vector<std::string> stored = files.stored(group);
    if (stored.empty()) return 0;
    std::vector<std::string> unneeded;
    std::promise<void> done;
    store.read(
        [&](StoreSession& session) {
            std::ranges::copy_if(stored, std::back_inserter(unneeded),
                                 [&](const std::string& hash) { return !session.is_file_needed(hash); });
        },
        [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
    return forget_files(store, files, unneeded, forgotten_by_sweep, may_remove);
}

}  // namespace okno
