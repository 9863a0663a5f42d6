#include "messengers/whatsapp/parse.hpp"

#include "messengers/whatsapp/account_notices.hpp"
#include "messengers/whatsapp/phone.hpp"

namespace okno::whatsapp {

namespace {

std::string bytes_of(const JsonView& view) {
    return view.raw() != nullptr ? boost::json::serialize(*view.raw()) : std::string();
}

std::string canonical(const std::string& phone) { return canonical_phone(digits_of(phone)); }

bool is_same_phone(const JsonView& contact, const std::string& phone) {
    return !phone.empty() && canonical(contact["wa_id"].text_or("")) == canonical(phone);
}

// Another BSUID is another person, whatever else is alike; without one another number is.
bool may_be(const JsonView& contact, const std::string& phone, const std::string& bsuid) {
    const std::string id = contact["user_id"].text_or("");
    if (!bsuid.empty() && !id.empty()) return id == bsuid;
    return phone.empty() || !contact["wa_id"].is_there() || is_same_phone(contact, phone);
}

// The contact of a message: by BSUID, then by wa_id, then the only one there is unless it is somebody else. With one
// message and one contact they belong together also when Meta writes the number in two ways (section 18 of its page).
JsonView contact_for(const JsonView& contacts, std::size_t messages, const std::string& phone,
                     const std::string& bsuid) {
    for (std::size_t i = 0; i < contacts.size(); ++i)
        if (!bsuid.empty() && contacts.at(i)["user_id"].text_or("") == bsuid) return contacts.at(i);
    for (std::size_t i = 0; i < contacts.size(); ++i)
        if (is_same_phone(contacts.at(i), phone) && may_be(contacts.at(i), phone, bsuid)) return contacts.at(i);
    const bool is_paired = contacts.size() == 1 && (messages == 1 ? bsuid.empty() || may_be(contacts.at(0), "", bsuid)
                                                                  : may_be(contacts.at(0), phone, bsuid));
    return is_paired ? contacts.at(0) : contacts["none"];
}

class Reader {
public:
    ParsedWebhook out;

    void read_entry(const JsonView& entry) {
        account_ = entry["id"].text_or("");
        const JsonView changes = entry["changes"];
        each(changes, [&](const JsonView& change) { read_value(change["field"].text_or(""), change["value"]); });
    }

private:
    void read_value(const std::string& field, const JsonView& value) {
        address_ = value["metadata"]["phone_number_id"].text_or("");
        if (field == "messages") {
            read_messages(value, value["messages"]);
            each(value["statuses"], [&](const JsonView& status) { keep(status, parse_status(status)); });
            each(value["errors"], [&](const JsonView& error) { keep(error, Events{{{}, notice_of(error)}}); });
        } else if (field == "smb_message_echoes") {
            each(value["message_echoes"], [&](const JsonView& echo) { read_echo(value["contacts"], echo); });
        } else if (field == "user_id_update") {
            each(value["user_id_update"], [&](const JsonView& update) { read_id_update(update); });
        } else if (field == "account_update") {
            if (const auto notice = read_account_notice(value)) keep(value, Events{{{}, *notice}}, account_);
        }
        // Other fields speak of templates and accounts: kept in the intake, of no meaning to conversations.
    }

    template <typename Read>
    void each(const JsonView& list, Read read) {
        for (std::size_t i = 0; i < list.size(); ++i)
            read(list.at(i));
    }

    // What names no number is the URL's, or news of the whole `account`.
    void keep(const JsonView& element, Result<Events> events, const std::string& account = {}) {
        if (!events) {
            out.unreadable.push_back({address_, events.error().detail, bytes_of(element)});
            return;
        }
        for (ProviderEvent& event : *events) {
            event.channel_address = address_;
            if (address_.empty()) event.account = account;
            out.events.push_back(std::move(event));
        }
    }

    void read_messages(const JsonView& value, const JsonView& messages) {
        each(messages, [&](const JsonView& message) {
            const std::string phone = message["from"].text_or("");
            const std::string bsuid = message["from_user_id"].text_or("");
            const JsonView contact = contact_for(value["contacts"], messages.size(), phone, bsuid);
            keep(message, parse_message(message, person_of(contact, phone, bsuid), AuthorKind::customer));
        });
    }

    void read_echo(const JsonView& contacts, const JsonView& echo) {
        const std::string phone = echo["to"].text_or("");
        const std::string bsuid = echo["to_user_id"].text_or("");
        const JsonView contact = contact_for(contacts, 1, phone, bsuid);
        keep(echo, parse_message(echo, person_of(contact, phone, bsuid), AuthorKind::phone));
    }

    void read_id_update(const JsonView& update) {
        const std::string before = update["user_id"]["previous"].text_or("");
        const std::string after = update["user_id"]["current"].text_or("");
        if (before.empty() || after.empty())
            return keep(update, fail(ErrorKind::invalid, "missing_field",
                                     "`user_id.previous` or `user_id.current` is missing."));
        AddressChange change{{{"bsuid", before, before}}, {{"bsuid", after, after}}};
        if (const std::string phone = update["wa_id"].text_or(""); !phone.empty())
            change.before.push_back(phone_address(phone));
        keep(update, Events{{{}, change}}, account_);
    }

    std::string account_;  // of the entry that is read
    std::string address_;
};

}  // namespace

std::optional<Timestamp> time_of(const JsonView& seconds) {
    const auto whole = seconds.integer();
    constexpr std::int64_t year_9999 = 253'402'300'799;
    if (!whole || *whole <= 0 || *whole > year_9999) return std::nullopt;
    return Timestamp{std::chrono::seconds{*whole}};
}

Person person_of(const JsonView& contact, const std::string& phone, const std::string& bsuid) {
    Person person;
    const std::string id = bsuid.empty() ? contact["user_id"].text_or("") : bsuid;
    if (!id.empty()) person.addresses.push_back({"bsuid", id, id});
    for (const std::string& number : {digits_of(phone), digits_of(contact["wa_id"].text_or(""))}) {
        if (number.empty()) continue;
        const Address address = phone_address(number);
        if (person.addresses.empty() || person.addresses.back().key != address.key) person.addresses.push_back(address);
    }
    person.name = contact["profile"]["name"].text_or("");
    return person;
}

ParsedWebhook parse(const std::string& body) {
    Reader reader;
    const auto document = parse_json(body);
    if (!document) {
        reader.out.unreadable.push_back({{}, document.error().detail, body});
        return std::move(reader.out);
    }
    const JsonView entries = JsonView(*document)["entry"];
    for (std::size_t i = 0; i < entries.size(); ++i)
        reader.read_entry(entries.at(i));
    return std::move(reader.out);
}

}  // namespace okno::whatsapp
