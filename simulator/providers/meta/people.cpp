#include "providers/meta/people.hpp"

#include "core/reading.hpp"
#include "providers/meta/attachments.hpp"
#include "providers/meta/conversations.hpp"
#include "providers/meta/webhooks.hpp"

#include <utility>

namespace okno::sim::meta {

namespace {

std::unexpected<std::string> not_possible(std::string why) { return std::unexpected(std::move(why)); }

// Writing opens the window, and whoever blocked the account writes to it no more.
void turn_to_us(Site& site, Person& person) {
    person.is_unreachable = false;
    person.has_consented = true;
    person.is_seen = false;
    person.last_incoming_at = site.now();
}

std::expected<json::array, std::string> attachments_in(Site& site, const Person& person, const JsonView& wish) {
    json::array out;
    const std::string type = wish["type"].text_or("text");
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < wish["attachments"].size(); ++i)
        kinds.push_back(wish["attachments"].at(i).text_or(""));
    if (type != "text" && type != "unsupported") kinds.push_back(type);
    for (const std::string& kind : kinds) {
        auto made = attachment_of(site, person, kind, wish);
        if (!made) return std::unexpected(made.error());
        out.push_back(std::move(*made));
    }
    return out;
}

json::object referral_of(const JsonView& wish) {
    json::object out{{"ref", wish["ref"].text_or("")}, {"source", "SHORTLINK"}, {"type", "OPEN_THREAD"}};
    if (wish["ad_id"].is_there()) {
        out = {{"ad_id", wish["ad_id"].text_or("")}, {"source", "ADS"}, {"type", "OPEN_THREAD"}};
        if (wish["ref"].is_there()) out["ref"] = wish["ref"].text_or("");
    }
    return out;
}

bool has_referral(const JsonView& wish) { return wish["ref"].is_there() || wish["ad_id"].is_there(); }

Done told(const Message& message) { return json::object{{"mid", message.mid}}; }

Done block(Site& site, Account&, Person& person, const JsonView&) {
    person.is_unreachable = true;
    ++site.world.version;
    return json::object{{"blocked", true}};
}

Done say(Site& site, Account& account, Person& person, const JsonView& wish) {
    auto attachments = attachments_in(site, person, wish);
    if (!attachments) return not_possible(attachments.error());
    Message message;
    message.type = wish["type"].text_or("text");
    message.text = wish["text"].text_or(wish["caption"].text_or(""));
    message.reply_to = wish["reply_to"].text_or("");
    if (!attachments->empty()) message.body["attachments"] = std::move(*attachments);
    if (message.type == "unsupported") message.body["is_unsupported"] = true;
    if (has_referral(wish)) message.body["referral"] = referral_of(wish);
    if (wish["story"].is_there())
        message.body["story"] = json::object{{"id", "178"}, {"url", "https://cdn.example/story.jpg"}};
    turn_to_us(site, person);
    const Message& said = append(site, account, person, std::move(message));
    tell(site, account, person, "messages", {{"message", message_of(said)}}, {{"what", "message"}, {"id", said.mid}});
    return told(said);
}

// The button of a template or the quick reply with these words, or of this number.
const json::object* button_in(const Message& message, const JsonView& wish) {
    const json::array* list = &array_at(message.body, "quick_replies");
    if (list->empty() && message.body.contains("attachments"))
        list = &array_at(object_at(message.body.at("attachments").as_array().at(0).as_object(), "payload"), "buttons");
    const std::string title = wish["button"].text_or("");
    const auto index = static_cast<std::size_t>(wish["index"].integer().value_or(0));
    for (std::size_t i = 0; i < list->size(); ++i) {
        const json::object& one = list->at(i).as_object();
        if (title.empty() ? i == index : text_at(one, "title") == title) return &one;
    }
    return nullptr;
}

void tell_press(Site& site, Account& account, Person& person, const Message& press, const JsonView& wish) {
    json::object postback{{"mid", press.mid}, {"title", press.text}, {"payload", text_at(press.body, "payload")}};
    if (has_referral(wish)) postback["referral"] = referral_of(wish);
    tell(site, account, person, "messaging_postbacks", {{"postback", std::move(postback)}},
         {{"what", "postback"}, {"id", press.mid}});
}

Done press_of(Site& site, Account& account, Person& person, const JsonView& wish) {
    const Message* asked = person.message(wish["message"].text_or(""));
    const json::object* button = asked == nullptr ? nullptr : button_in(*asked, wish);
    if (button == nullptr) return not_possible("There is no such button.");
    Message press;
    press.type = "press";
    press.text = text_at(*button, "title");
    turn_to_us(site, person);
    if (!button->contains("content_type")) {
        press.body["payload"] = text_at(*button, "payload");
        const Message& said = append(site, account, person, std::move(press));
        tell_press(site, account, person, said, wish);
        return told(said);
    }
    const bool is_phone = text_at(*button, "content_type") == "user_phone_number";
    if (is_phone) press.text = wish["phone"].text_or("+79161234567");
    press.body["quick_reply"] = json::object{{"payload", is_phone ? press.text : text_at(*button, "payload")}};
    const Message& said = append(site, account, person, std::move(press));
    tell(site, account, person, "messages", {{"message", message_of(said)}}, {{"what", "message"}, {"id", said.mid}});
    return told(said);
}

// The button before the first message.
Done start(Site& site, Account& account, Person& person, const JsonView& wish) {
    if (account.get_started.empty()) return not_possible("The account has no Get Started button.");
    Message press;
    press.type = "press";
    press.text = "Get Started";
    press.body["payload"] = account.get_started;
    turn_to_us(site, person);
    const Message& said = append(site, account, person, std::move(press));
    tell_press(site, account, person, said, wish);
    return told(said);
}

// A link opened: told at once where there is a conversation; else with what the person does first.
Done open_link(Site& site, Account& account, Person& person, const JsonView& wish) {
    if (!person.is_started) return not_possible("There is no conversation yet: start it with the ref.");
    const char* field = account.is_instagram() ? "messaging_referral" : "messaging_referrals";
    tell(site, account, person, field, {{"referral", referral_of(wish)}}, {{"what", "referral"}});
    return json::object{{"opened", true}};
}

Done edit(Site& site, Account& account, Person& person, const JsonView& wish) {
    Message* message = person.message(wish["message"].text_or(""));
    if (message == nullptr || message->from_account) return not_possible("There is no such message of theirs.");
    message->text = wish["text"].text_or("");
    ++message->edits;
    ++site.world.version;
    tell(site, account, person, "message_edits",
         {{"message_edit", json::object{{"mid", message->mid}, {"text", message->text}, {"num_edit", message->edits}}}},
         {{"what", "message_edit"}, {"id", message->mid}});
    return told(*message);
}

Done unsend(Site& site, Account& account, Person& person, const JsonView& wish) {
    Message* message = person.message(wish["message"].text_or(""));
    if (message == nullptr || message->from_account) return not_possible("There is no such message of theirs.");
    if (!account.is_instagram()) return not_possible("Messenger does not tell of messages that were unsent.");
    message->is_deleted = true;
    ++site.world.version;
    tell(site, account, person, "messages", {{"message", json::object{{"mid", message->mid}, {"is_deleted", true}}}},
         {{"what", "unsent"}, {"id", message->mid}});
    return told(*message);
}

Done react(Site& site, Account& account, Person& person, const JsonView& wish) {
    Message* message = person.message(wish["message"].text_or(""));
    if (message == nullptr) return not_possible("There is no such message.");
    message->emoji_of_person = wish["emoji"].text_or("");
    turn_to_us(site, person);
    ++site.world.version;
    const bool is_taken_back = message->emoji_of_person.empty();
    json::object reaction{{"mid", message->mid}, {"action", is_taken_back ? "unreact" : "react"}};
    if (!is_taken_back) {
        reaction["reaction"] = message->emoji_of_person == "❤️" ? "love" : "other";
        reaction["emoji"] = message->emoji_of_person;
    }
    tell(site, account, person, "message_reactions", {{"reaction", std::move(reaction)}},
         {{"what", "reaction"}, {"id", message->mid}});
    return told(*message);
}

struct Deed {
    std::string_view type;
    Done (*act)(Site&, Account&, Person&, const JsonView&);
};
constexpr Deed kDeeds[] = {{"press", press_of}, {"start", start},    {"open_link", open_link}, {"edit", edit},
                           {"delete", unsend},  {"reaction", react}, {"block", block}};

}  // namespace

Done act(Site& site, Person& person, const json::object& wish) {
    const json::value whole(wish);
    const JsonView view(whole);
    const std::string type = view["type"].text_or("text");
    Account& account = account_of(site, person);
    for (const Deed& deed : kDeeds)
        if (deed.type == type) return deed.act(site, account, person, view);
    return say(site, account, person, view);
}

void read_all(Site& site, Person& person) {
    Message* newest = nullptr;
    for (Message& message : person.messages)
        if (message.from_account && !message.is_read) {
            message.is_read = message.is_delivered = true;
            newest = &message;
        }
    if (newest == nullptr) return;
    ++site.world.version;
    const Account& account = account_of(site, person);
    if (account.is_instagram())
        tell(site, account, person, "messaging_seen", {{"read", json::object{{"mid", newest->mid}}}},
             {{"what", "read"}});
    else
        tell(site, account, person, "message_reads", {{"read", json::object{{"watermark", to_millis(site.now())}}}},
             {{"what", "read"}});
}

Done answer_by_hand(Site& site, Person& person, const json::object& wish) {
    const json::value whole(wish);
    Message message;
    message.from_account = true;
    message.text = JsonView(whole)["text"].text_or("");
    message.app_id = JsonView(whole)["app_id"].text_or("263902037430900");
    message.metadata = JsonView(whole)["metadata"].text_or("");
    const Account& account = account_of(site, person);
    const Message& said = append(site, account, person, std::move(message));
    tell_echo(site, account, person, {{"message", message_of(said)}}, {{"what", "echo"}, {"id", said.mid}});
    return told(said);
}

void set_leader(Site& site, Person& person, const std::string& app) {
    const Account& account = account_of(site, person);
    const char* field = account.is_instagram() ? "messaging_handover" : "messaging_handovers";
    const std::string before = std::exchange(person.leader, std::string());
    json::object record;
    if (app.empty())
        record["pass_thread_control"] =
            json::object{{"previous_owner_app_id", before}, {"new_owner_app_id", account.app_id}};
    else
        record["take_thread_control"] =
            json::object{{"previous_owner_app_id", account.app_id}, {"new_owner_app_id", app}};
    tell(site, account, person, field, std::move(record), {{"what", "control"}});
    person.leader = app;
}

}  // namespace okno::sim::meta
