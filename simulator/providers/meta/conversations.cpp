#include "providers/meta/conversations.hpp"

#include "base/crypto.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/pchars.hpp>

namespace okno::sim::meta {

Message& append(Site& site, const Account& account, Person& person, Message message) {
    message.mid = (account.is_instagram() ? "aWdfZAG1faXRlbTox" : "m_") + random_token(24);
    message.number = ++site.world.last_number;
    message.at = site.now();
    ++site.world.version;
    person.is_started = true;
    person.messages.push_back(std::move(message));
    return person.messages.back();
}

const File& add_file(Site& site, File file) {
    file.id = std::to_string(1'700'000'000'000 + static_cast<std::int64_t>(site.world.files.size()));
    file.link = random_token(18);
    site.world.files.push_back(std::move(file));
    return site.world.files.back();
}

std::string address_of(const Site& site, const File& file) {
    return site.core.public_url + "/meta-files/" + file.link + "/" +
           boost::urls::encode(file.name, boost::urls::pchars);
}

Account& account_of(Site& site, const Person& person) { return site.world.accounts.at(person.account_id); }

}  // namespace okno::sim::meta
