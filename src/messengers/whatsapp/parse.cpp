#include "messengers/whatsapp/parse.hpp"

#include "messengers/whatsapp/account_notices.hpp"
#include "messengers/whatsapp/phone.hpp"

#include <array>

namespace okno::whatsapp {

namespace {

namespace json = boost::json;

constexpr std::array lists_of_a_value{"messages", "statuses", "errors", "message_echoes", "user_id_update"};

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
        for (std::size_t i = 0; i < changes.size(); ++i)
            read_value(changes.at(i)["field"].text_or(""), changes.at(i)["value"]);
    }

private:
    void read_value(const std::string& field, const JsonView& value) {
        address_ = value["metadata"]["phone_number_id"].text_or("");
        field_ = field;
        if (field == "messages") {
            each(value, "messages", [&](const JsonView& message) { read_message(value, message); });
            each(value, "statuses", [&](const JsonView& status) { keep(status, parse_status(status)); });
            each(value, "errors", [&](const JsonView& error) { keep(error, Events{{{}, notice_of(error)}}); });
        } else if (field == "smb_message_echoes") {
            each(value, "message_echoes", [&](const JsonView& echo) { read_echo(value["contacts"], echo); });
        } else if (field == "user_id_update") {
            each(value, "user_id_update", [&](const JsonView& update) { read_id_update(update); });
        } else if (field == "account_update") {
            if (const auto notice = read_account_notice(value)) keep(value, Events{{{}, *notice}}, account_);
        }
        // Other fields speak of templates and accounts: kept in the intake, of no meaning to conversations.
    }

    template <typename Read>
    void each(const JsonView& value, const char* list, Read read) {
        value_ = value.raw();
        list_ = list;
        for (std::size_t i = 0; i < value[list].size(); ++i)
            read(value[list].at(i));
    }

    // The body as it would be if it held this element alone, so that it can be read again by itself.
    std::string alone(const JsonView& element) const {
        json::object value = value_->get_object();
        for (const char* list : lists_of_a_value)
            value.erase(list);
        if (const std::size_t messages = JsonView(*value_)["messages"].size(); field_ == "messages" && messages > 1) {
            // Beside others it was not the one contact's for sure, and alone it would be.
            const JsonView contact = contact_for(JsonView(*value_)["contacts"], messages, element["from"].text_or(""),
                                                 element["from_user_id"].text_or(""));
            value["contacts"] = contact.is_there() ? json::array{*contact.raw()} : json::array{};
        }
        value[list_] = json::array{element.raw() != nullptr ? *element.raw() : json::value()};
        json::object change{{"field", field_}, {"value", std::move(value)}};
        json::object entry{{"id", account_}, {"changes", json::array{std::move(change)}}};
        return json::serialize(
            json::object{{"object", "whatsapp_business_account"}, {"entry", json::array{std::move(entry)}}});
    }

    // What names no number is the URL's, or news of the whole `account`.
    void keep(const JsonView& element, Result<Events> events, const std::string& account = {}) {
        if (!events) {
            out.unreadable.push_back({address_, events.error().detail, alone(element)});
            return;
        }
        for (ProviderEvent& event : *events) {
            event.channel_address = address_;
            if (address_.empty()) event.account = account;
            out.events.push_back(std::move(event));
        }
    }

    void read_message(const JsonView& value, const JsonView& message) {
        const std::string phone = message["from"].text_or("");
        const std::string bsuid = message["from_user_id"].text_or("");
        const JsonView contact = contact_for(value["contacts"], value["messages"].size(), phone, bsuid);
        keep(message, parse_message(message, person_of(contact, phone, bsuid), AuthorKind::customer));
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

    // Of what is read now.
    std::string account_;
    std::string address_;
    std::string field_;
    const char* list_ = "";
    const json::value* value_ = nullptr;
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
    std::array<unsigned char, 8192> near;  // enough for nearly every webhook
    json::monotonic_resource memory(near.data(), near.size());
    const auto document = parse_json(body, &memory);
    if (!document) {
        reader.out.unreadable.push_back({{}, document.error().detail, body});
        return std::move(reader.out);
    }
    const JsonView view(*document);
    const JsonView entries = view["entry"];
    const bool is_ours = view["object"].text_or("whatsapp_business_account") == "whatsapp_business_account";
    if (is_ours && (entries.raw() == nullptr || !entries.raw()->is_array())) {
        reader.out.unreadable.push_back({{}, "`entry` is missing or no list.", body});
        return std::move(reader.out);
    }
    for (std::size_t i = 0; i < entries.size(); ++i)
        reader.read_entry(entries.at(i));
    return std::move(reader.out);
}

}  // namespace okno::whatsapp
