// Work that blocks, away from the thread of the coroutines.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace okno {

template <typename Work>
boost::asio::awaitable<std::invoke_result_t<Work>> as_coroutine(Work work) {
    co_return work();
}

// What `work` gives or throws, when it has run on `executor`; it begins when this is awaited.
template <typename Work>
boost::asio::awaitable<std::invoke_result_t<Work>> run_on(boost::asio::any_io_executor executor, Work work) {
    return boost::asio::co_spawn(std::move(executor), as_coroutine(std::move(work)), boost::asio::use_awaitable);
}

}  // namespace okno
