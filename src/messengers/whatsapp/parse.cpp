#include "messengers/whatsapp/parse.hpp"

#include "messengers/whatsapp/account_notices.hpp"
#include "messengers/whatsapp/phone.hpp"

namespace okno::whatsapp {

namespace {

std::string bytes_of(const JsonView& view) {
    return view.raw() != nullptr ? boost::json::serialize(*view.raw()) : std::string();
}

// The contact of a message: by BSUID, then by wa_id, then the only one there is.
JsonView contact_for(const JsonView& contacts, const std::string& phone, const std::string& bsuid) {
    for (std::size_t i = 0; i < contacts.size(); ++i)
        if (!bsuid.empty() && contacts.at(i)["user_id"].text_or("") == bsuid) return contacts.at(i);
    for (std::size_t i = 0; i < contacts.size(); ++i)
        if (!phone.empty() && contacts.at(i)["wa_id"].text_or("") == phone) return contacts.at(i);
    return contacts.size() == 1 ? contacts.at(0) : contacts["none"];
}

class Reader {
public:
    ParsedWebhook out;

    void read_value(const std::string& field, const JsonView& value) {
        address_ = value["metadata"]["phone_number_id"].text_or("");
        if (field == "messages") {
            read_messages(value, value["messages"]);
            each(value["statuses"], [&](const JsonView& status) { keep_all(status, parse_status(status)); });
        } else if (field == "smb_message_echoes") {
            each(value["message_echoes"], [&](const JsonView& echo) {
                const Person to = person_of(value["contacts"], echo["to"].text_or(""), echo["to_user_id"].text_or(""));
                keep(echo, parse_message(echo, to, AuthorKind::phone));
            });
        } else if (field == "user_id_update") {
            each(value["user_id_update"], [&](const JsonView& update) { read_id_update(update); });
        }
        if (field == "account_update")
            if (const auto notice = read_account_notice(value)) out.events.push_back({{}, *notice});
        // Other fields speak of templates and accounts: kept in the intake, of no meaning to conversations.
    }

private:
    template <typename Read>
    void each(const JsonView& list, Read read) {
        for (std::size_t i = 0; i < list.size(); ++i)
            read(list.at(i));
    }

    void keep(const JsonView& element, Result<ProviderEvent> event) {
        if (!event) {
            out.unreadable.push_back({address_, event.error().detail, bytes_of(element)});
            return;
        }
        event->channel_address = address_;
        out.events.push_back(std::move(*event));
    }

    void keep_all(const JsonView& element, Result<std::vector<ProviderEvent>> events) {
        if (!events) {
            out.unreadable.push_back({address_, events.error().detail, bytes_of(element)});
            return;
        }
        for (ProviderEvent& event : *events)
            keep(element, std::move(event));
    }

    void read_messages(const JsonView& value, const JsonView& messages) {
        each(messages, [&](const JsonView& message) {
            const std::string phone = message["from"].text_or("");
            const std::string bsuid = message["from_user_id"].text_or("");
            const Person from = person_of(contact_for(value["contacts"], phone, bsuid), phone, bsuid);
            keep(message, parse_message(message, from, AuthorKind::customer));
        });
    }

    void read_id_update(const JsonView& update) {
        const std::string before = update["user_id"]["previous"].text_or("");
        const std::string after = update["user_id"]["current"].text_or("");
        if (before.empty() || after.empty()) {
            out.unreadable.push_back(
                {address_, "`user_id.previous` or `user_id.current` is missing.", bytes_of(update)});
            return;
        }
        out.events.push_back({address_, AddressChange{{{"bsuid", before, before}}, {{"bsuid", after, after}}}});
    }

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
    for (const std::string& number : {phone, contact["wa_id"].text_or("")}) {
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
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const JsonView changes = entries.at(i)["changes"];
        for (std::size_t k = 0; k < changes.size(); ++k)
            reader.read_value(changes.at(k)["field"].text_or(""), changes.at(k)["value"]);
    }
    return std::move(reader.out);
}

}  // namespace okno::whatsapp
