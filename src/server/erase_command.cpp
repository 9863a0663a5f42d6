#include "server/erase_command.hpp"

#include "app/erase_contact.hpp"
#include "app/forget_files.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <future>
#include <set>

namespace okno::server {

namespace json = boost::json;

// A number is somebody in each channel, under the key that the channel's messenger gives it.
static std::set<ContactId> contacts_with_phone(Transaction& tx, const FindMessenger& find, const std::string& phone) {
    std::set<ContactId> out;
    for (const Channel& channel : tx.channels()) {
        const Messenger* messenger = find(channel.messenger);
        if (messenger == nullptr) continue;
        const Result<Address> address = messenger->address_of_phone(phone);
        if (!address) continue;
        for (const ContactId& contact : tx.contacts_with_address(address->key))
            out.insert(contact);
    }
    return out;
}

static Result<std::set<ContactId>> wanted_contacts(Transaction& tx, const FindMessenger& find,
                                                   const JsonView& request) {
    const std::string phone = request["phone"].text_or("");
    if (!phone.empty()) {
        auto found = contacts_with_phone(tx, find, phone);
        if (found.empty())
            return fail(ErrorKind::not_found, "not_found", fmt::format("There is no contact with the phone {}.", phone),
                        "phone");
        return found;
    }
    if (const std::string shown = request["conversation"].text_or(""); !shown.empty()) {
        const auto id = parse_uuid(shown);
        const auto conversation = id ? tx.conversation(ConversationId{*id}, std::nullopt) : std::nullopt;
        if (!conversation)
            return fail(ErrorKind::not_found, "not_found", "There is no such conversation.", "conversation");
        return std::set{conversation->contact};
    }
    const auto id = parse_uuid(request["contact"].text_or(""));
    if (!id) return fail(ErrorKind::invalid, "invalid", "--contact: expected the id of a contact", "contact");
    return std::set{ContactId{*id}};
}

Result<json::object> run_erase(const ErasureGround& ground, const json::object& request, Timestamp real_now) {
    const json::value document(request);
    const JsonView view(document);
    const std::string name = view["workspace"].text_or("");
    Result<int> outcome = 0;  // contacts
    Erased all;
    std::promise<void> done;
    ground.store.write(
        [&](StoreSession& session) {
            const auto workspace = session.workspace_named(name);
            if (!workspace) {
                outcome = fail(ErrorKind::not_found, "not_found", fmt::format("There is no workspace {}.", name),
                               "workspace");
                return;
            }
            const auto contacts = wanted_contacts(session.in(*workspace), ground.find, view);
            if (!contacts) {
                outcome = std::unexpected(contacts.error());
                return;
            }
            for (const ContactId& contact : *contacts) {
                const auto erased = erase_contact(session, *workspace, contact, ground.ledger, real_now);
                if (!erased) continue;
                ++*outcome;
                all.conversations += erased->conversations;
                all.messages += erased->messages;
                all.files.insert(all.files.end(), erased->files.begin(), erased->files.end());
            }
        },
        [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
    if (!outcome) return std::unexpected(outcome.error());
    if (*outcome == 0) return fail(ErrorKind::not_found, "not_found", "There is no such contact.", "contact");
    const Result<int> files =
        forget_files(ground.store, ground.files, all.files, forgotten_at_once, ground.may_remove_files);
    const std::string stay = files ? std::string() : " Files stay for the hourly sweep: " + files.error().detail;
    return json::object{{"text", fmt::format("Erased: {} contacts, {} conversations, {} messages, {} files. Backups"
                                             " that were made before still hold them; a restore erases them again.{}",
                                             *outcome, all.conversations, all.messages, files.value_or(0), stay)}};
}

}  // namespace okno::server
