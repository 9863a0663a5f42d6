// Joins callback ports to coroutines: hands work to the store and awaits its commit.
#pragma once

#include "app/ports/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>

namespace okno {

// Starts `start(done)` and resumes the coroutine on its own executor with what `done` was given.
template <typename Value, typename Start>
boost::asio::awaitable<Value> await_callback(Start start) {
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    auto initiate = [executor, start = std::move(start)](auto handler) mutable {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        start([executor, shared](Value value) mutable {
            boost::asio::dispatch(executor,
                                  [shared, value = std::move(value)]() mutable { (*shared)(std::move(value)); });
        });
    };
    auto token = boost::asio::use_awaitable;
    auto waiting = boost::asio::async_initiate<decltype(token), void(Value)>(std::move(initiate), token);
    Value value = co_await std::move(waiting);
    co_return value;
}

// A type of our own: Asio would take a bare exception_ptr for the outcome of the operation itself.
struct StoreOutcome {
    std::exception_ptr error;
};

enum class StoreLane { write, write_later, read };

// Runs `work(StoreSession&)` on the writer or a reader, and gives its result after the commit. Throws what the
// closure or the commit threw. The closure must own what it uses.
template <typename Work>
auto await_store(Store& store, StoreLane lane, Work work)
    -> boost::asio::awaitable<std::invoke_result_t<Work&, StoreSession&>> {
    using Value = std::invoke_result_t<Work&, StoreSession&>;
    auto result = std::make_shared<std::optional<Value>>();
    auto closure = std::make_shared<Work>(std::move(work));
    auto start = [&store, lane, result, closure](auto finish) {
        Store::Done done = [finish](std::exception_ptr error) mutable { finish(StoreOutcome{error}); };
        Store::Work task = [result, closure](StoreSession& session) { result->emplace((*closure)(session)); };
        switch (lane) {
            case StoreLane::write: return store.write(std::move(task), std::move(done));
            case StoreLane::write_later: return store.write_later(std::move(task), std::move(done));
            case StoreLane::read: return store.read(std::move(task), std::move(done));
        }
    };
    boost::asio::awaitable<StoreOutcome> waiting = await_callback<StoreOutcome>(std::move(start));
    const StoreOutcome outcome = co_await std::move(waiting);
    if (outcome.error) std::rethrow_exception(outcome.error);
    co_return std::move(**result);
}

template <typename Work>
auto write(Store& store, Work work) {
    return await_store(store, StoreLane::write, std::move(work));
}

template <typename Work>
auto write_later(Store& store, Work work) {
    return await_store(store, StoreLane::write_later, std::move(work));
}

template <typename Work>
auto read(Store& store, Work work) {
    return await_store(store, StoreLane::read, std::move(work));
}

}  // namespace okno
