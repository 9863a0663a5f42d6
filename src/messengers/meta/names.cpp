// How people are called at Meta, which webhooks do not tell (channels page of Messenger, section 5).
#include "messengers/full_name.hpp"
#include "messengers/meta/errors.hpp"
#include "messengers/meta/page_messenger.hpp"

namespace okno::meta {

namespace {

// Messenger tells the name in two parts, Instagram as one, and only once the person wrote.
std::string name_in(const JsonView& profile) {
    if (const std::string whole = profile["name"].text_or(""); !whole.empty()) return whole;
    const std::string out = full_name(profile);
    return out.empty() ? profile["username"].text_or("") : out;
}

}  // namespace

boost::asio::awaitable<Result<std::vector<PersonName>>> PageMessenger::names_of(std::vector<Address> people,
                                                                                Channel channel,
                                                                                HttpTransport& http) const {
    const std::string fields = platform_.has_get_started ? "first_name,last_name" : "name,username";
    std::vector<PersonName> out;
    for (const Address& person : people) {
        if (person.kind != platform_.name) continue;
        HttpRequest request = request_of(channel, "GET", person.value + "?fields=" + fields);
        const Result<HttpReply> reply = co_await http.perform(std::move(request));
        const Result<boost::json::value> profile = read_reply(reply);
        // Meta names some people and not others: without consent 230, others as no such object.
        if (!profile && profile.error().kind != ErrorKind::conflict) co_return std::unexpected(profile.error());
        const std::string name = profile ? name_in(JsonView(*profile)) : std::string();
        if (!name.empty()) out.push_back({person, name});
    }
    co_return out;
}

}  // namespace okno::meta
