// What a disk that takes no more does to the store and the intake: files of this process may not grow for a while.
#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <csignal>
#include <future>

using namespace okno;
using namespace okno::tests;

namespace {

// No file may become longer than this while it lives.
struct FullDisk {
    explicit FullDisk(rlim_t bytes) {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    rlimit before{};
};

void add_workspace(StoreSession& session, const std::string& name) { session.make_workspace(name, from_millis(0)); }

// A closure that holds the writer until it is let go, so that the next ones are committed as one group.
struct Gate {
    explicit Gate(Store& store) {
        store.write(
            [this](StoreSession&) {
                entered.set_value();
                opened.get_future().get();
            },
            [](std::exception_ptr) {});
        entered.get_future().get();
    }
    void open() { opened.set_value(); }
    std::promise<void> entered;
    std::promise<void> opened;
};

}  // namespace

TEST_CASE("on a full disk every closure of the group fails, nothing of it is stored, and the store recovers") {
    TemporaryDirectory directory;
    const storage::Storage storage = storage::open_storage({directory.path});
    std::vector<std::promise<void>> done(3);
    {
        Gate gate(*storage.store);
        const std::vector<std::string> names{"small", std::string(3 << 20, 'x'), "small too"};
        for (std::size_t i = 0; i < names.size(); ++i)
            storage.store->write(
                [&, name = names[i]](StoreSession& session) { add_workspace(session, name); },
                [&, i](std::exception_ptr error) { error ? done[i].set_exception(error) : done[i].set_value(); });
        const FullDisk full(1 << 20);
        gate.open();
        for (std::promise<void>& one : done)
            CHECK_THROWS_AS(one.get_future().get(), StoreUnavailable);
    }
    const auto count = [&] {
        return read(*storage.store, [](StoreSession& session) { return session.workspaces().size(); });
    };
    CHECK(count() == 0);
    write(*storage.store, [](StoreSession& session) { add_workspace(session, "afterwards"); });
    CHECK(count() == 1);
}

TEST_CASE("a webhook that finds the disk full is not acknowledged, and the next one is stored when there is room") {
    TemporaryDirectory directory;
    const storage::Storage storage = storage::open_storage({directory.path});
    const auto row = [](std::size_t size) {
        return IntakeRow{0, make_id<ChannelId>(), from_millis(0), "", std::string(size, 'x')};
    };
    {
        const FullDisk full(1 << 20);
        CHECK_THROWS_AS(append(*storage.intake, row(3 << 20)), StoreUnavailable);
    }
    CHECK(storage.intake->waiting(10).empty());
    append(*storage.intake, row(3 << 20));
    CHECK(storage.intake->waiting(10).size() == 1);
}

TEST_CASE("what people wait for goes before what may wait, and both get their turn") {
    TemporaryDirectory directory;
    const storage::Storage storage = storage::open_storage({directory.path});
    std::string order;
    std::promise<void> last;
    {
        Gate gate(*storage.store);
        const auto note = [&](char letter) { return [&order, letter](StoreSession&) { order += letter; }; };
        for (const char letter : {'1', '2', '3'})
            storage.store->write_later(note(letter), [&, letter](std::exception_ptr) {
                if (letter == '3') last.set_value();
            });
        storage.store->write(note('a'), [](std::exception_ptr) {});
        storage.store->write(note('b'), [](std::exception_ptr) {});
        gate.open();
        last.get_future().get();
    }
    CHECK(order == "1ab23");
}

TEST_CASE("a batch of the intake is bounded by bytes too") {
    TemporaryDirectory directory;
    const storage::Storage storage = storage::open_storage({directory.path});
    for (int i = 0; i < 4; ++i)
        append(*storage.intake, {0, make_id<ChannelId>(), from_millis(0), "", std::string(3 << 20, 'x')});
    const std::vector<IntakeRow> first = storage.intake->waiting(10);
    CHECK(first.size() == 3);
    mark_applied(storage, first);
    CHECK(storage.intake->waiting(10).size() == 1);
}
