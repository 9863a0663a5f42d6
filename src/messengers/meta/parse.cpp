#include "messengers/meta/parse.hpp"

#include "messengers/meta/records.hpp"

namespace okno::meta {

namespace json = boost::json;

namespace {

class Reader {
public:
    Reader(const Platform& platform, std::string object) : platform_(platform), object_(std::move(object)) {}
    ParsedWebhook out;

    void read_entry(const JsonView& entry) {
        account_ = entry["id"].text_or("");
        // Of a conversation that another app leads (`standby`) people see everything all the same.
        for (const char* list : {"messaging", "standby"})
            for (std::size_t i = 0; i < entry[list].size(); ++i)
                keep(list, entry[list].at(i));
    }

private:
    void keep(const char* list, const JsonView& record) {
        Result<Events> events = read_record(platform_, account_, record);
        if (!events) {
            out.unreadable.push_back({account_, events.error().detail, alone(list, record)});
            return;
        }
        for (ProviderEvent& event : *events) {
            event.channel_address = account_;
            out.events.push_back(std::move(event));
        }
    }

    // The body as it would be if it held this record alone, so that it can be read again by itself.
    std::string alone(const char* list, const JsonView& record) const {
        json::object entry{{"id", account_}, {list, json::array{*record.raw()}}};
        return json::serialize(json::object{{"object", object_}, {"entry", json::array{std::move(entry)}}});
    }

    const Platform& platform_;
    std::string object_;
    std::string account_;  // of the entry that is read now
};

}  // namespace

ParsedWebhook parse(const Platform& platform, const std::string& body) {
    const auto document = parse_json(body);
    if (!document) return {{}, {{{}, document.error().detail, body}}};
    const JsonView view(*document);
    Reader reader(platform, view["object"].text_or(std::string(platform.object)));
    const auto refuse = [&](const std::string& reason) { reader.out.unreadable.push_back({{}, reason, body}); };
    if (view["object"].text_or(std::string(platform.object)) != platform.object) {
        refuse("These are webhooks of the object `" + view["object"].text_or("") + "`, a channel of " +
               std::string(platform.shown) + " takes those of `" + std::string(platform.object) +
               "`: give each object of the Meta app the address of a channel of its own kind.");
    } else if (view["entry"].raw() == nullptr || !view["entry"].raw()->is_array()) {
        refuse("`entry` is missing or no list.");
    } else {
        for (std::size_t i = 0; i < view["entry"].size(); ++i)
            reader.read_entry(view["entry"].at(i));
    }
    return std::move(reader.out);
}

}  // namespace okno::meta
