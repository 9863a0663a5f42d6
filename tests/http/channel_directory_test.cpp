// Webhooks are checked by channels in memory: what was committed is there, whoever else changes channels meanwhile.
#include "http/channel_directory.hpp"

#include "support/storage_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace okno;
using namespace okno::tests;

TEST_CASE("a channel that is connected while others are is there once its loading is over") {
    Ground ground;
    http::ChannelDirectory directory;
    std::atomic<int> missing = 0;
    const auto connect_some = [&](int who) {
        for (int i = 0; i < 50; ++i) {
            const Channel channel = a_channel(ground.workspace, std::to_string(who * 1000 + i));
            ground.in_workspace([&](Transaction& tx) { return tx.insert_channel(channel); });
            std::promise<void> loaded;
            directory.load(*ground.storage.store, [&] { loaded.set_value(); });
            loaded.get_future().get();
            if (!directory.by_key(channel.key)) ++missing;
        }
    };
    {
        std::vector<std::jthread> admins;
        for (int who = 1; who <= 4; ++who)
            admins.emplace_back(connect_some, who);
    }
    CHECK(missing == 0);
    CHECK(directory.all().size() == 201);
    ground.storage.store.reset();  // its readers speak to the directory
}

TEST_CASE("a channel that was disconnected is gone once its loading is over") {
    Ground ground;
    http::ChannelDirectory directory;
    const auto load = [&] {
        std::promise<void> loaded;
        directory.load(*ground.storage.store, [&] { loaded.set_value(); });
        loaded.get_future().get();
    };
    load();
    REQUIRE(directory.by_key(ground.channel.key));
    ground.in_workspace([&](Transaction& tx) { tx.delete_channel(ground.channel.id); });
    load();
    CHECK(!directory.by_key(ground.channel.key));
}
