#include "app/name_people.hpp"

#include "app/await.hpp"
#include "base/log.hpp"

#include <algorithm>

namespace okno {

static constexpr int most_at_once = 200;

std::vector<ToName> take_nameless(StoreSession& session, Timestamp now) {
    std::vector<ToName> out;
    for (const Nameless& person : session.nameless(most_at_once)) {
        Transaction& tx = session.in(person.workspace);
        const auto channel = tx.channel(person.channel);
        const std::vector<Address> addresses = tx.addresses_of(person.identity);
        tx.note_name_asked(person.contact, now);
        if (!channel || addresses.empty()) continue;
        auto of_channel = std::ranges::find(out, person.channel, [](const ToName& one) { return one.channel.id; });
        if (of_channel == out.end()) of_channel = out.insert(out.end(), ToName{*channel, {}});
        of_channel->people.emplace_back(person.contact, addresses.front());
    }
    return out;
}

void note_names(StoreSession& session, const ToName& asked, const std::vector<PersonName>& told) {
    Transaction& tx = session.in(asked.channel.workspace);
    for (const auto& [contact, address] : asked.people) {
        const auto named = std::ranges::find_if(told, [&](const PersonName& one) {
            return one.person.kind == address.kind && one.person.key == address.key && !one.name.empty();
        });
        if (named != told.end()) tx.name_contact(contact, named->name);
    }
}

static boost::asio::awaitable<void> ask(Store& store, const Messenger& messenger, ToName asked, HttpTransport& http) {
    std::vector<Address> people;
    people.reserve(asked.people.size());
    for (const auto& [contact, address] : asked.people)
        people.push_back(address);
    auto asking = messenger.names_of(std::move(people), asked.channel, http);
    const Result<std::vector<PersonName>> told = co_await std::move(asking);
    if (!told)
        log(LogLevel::debug, "a provider does not tell names",
            {{"channel", asked.channel.id.value().text()}, {"code", told.error().code}});
    if (!told || told->empty()) co_return;
    auto noting = write(store, [asked, names = *told](StoreSession& session) {
        note_names(session, asked, names);
        return true;
    });
    co_await std::move(noting);
}

boost::asio::awaitable<void> name_people(Store& store, FindMessenger find, HttpTransport& http, Timestamp now) {
    while (true) {
        auto looking = read(store, [](StoreSession& session) { return !session.nameless(1).empty(); });
        const bool has_some = co_await std::move(looking);
        if (!has_some) co_return;
        auto taking = write(store, [now](StoreSession& session) { return take_nameless(session, now); });
        const std::vector<ToName> taken = co_await std::move(taking);
        if (taken.empty()) co_return;
        for (const ToName& one : taken) {
            const Messenger* messenger = find(one.channel.messenger);
            if (messenger == nullptr) continue;
            auto asking = ask(store, *messenger, one, http);
            co_await std::move(asking);
        }
    }
}

}  // namespace okno
