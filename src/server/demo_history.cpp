#include "server/demo_history.hpp"

#include "app/compose.hpp"
#include "app/dispatch.hpp"
#include "app/record_events.hpp"
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "messengers/registry.hpp"

#include <future>
#include <stdexcept>

namespace okno::server {

namespace json = boost::json;

namespace {

std::map<std::string, std::string> texts_of(const JsonView& view) {
    std::map<std::string, std::string> out;
    if (view.is_there())
        for (const auto& [key, value] : view.raw()->as_object())
            out[std::string(key)] = view[key].text_or("");
    return out;
}

// Writes the sample inside one transaction.
class DemoWriter {
public:
    DemoWriter(StoreSession& session, const JsonView& sample, const std::string& provider_url, Timestamp now)
        : session_(session), sample_(sample), now_(now), channel_(channel_of(sample, provider_url, now)) {}

    DemoKeys write(const std::string& password_hash) {
        channel_.workspace = session_.make_workspace(sample_["workspace"].text_or("Demo"), now_);
        for (std::size_t i = 0; i < sample_["users"].size(); ++i)
            add_user(sample_["users"].at(i), password_hash);
        if (!tx().insert_channel(channel_)) throw std::runtime_error("The demo's number is connected already.");
        tx().note_change("channel", channel_.id.value());
        for (std::size_t i = 0; i < sample_["history"].size(); ++i)
            add_conversation(sample_["history"].at(i));
        const std::string token = random_token(32);
        session_.insert_api_token(short_hash(token), users_.at(sample_["users"].at(0)["email"].text_or("")).id, "demo",
                                  now_);
        return {channel_.key, token};
    }

private:
    Transaction& tx() { return session_.in(channel_.workspace); }

    static Channel channel_of(const JsonView& sample, const std::string& provider_url, Timestamp now) {
        const JsonView connect = sample["connect"];
        Channel channel;
        channel.id = make_id<ChannelId>();
        channel.messenger = connect["messenger"].text_or("");
        channel.name = connect["name"].text_or("");
        channel.settings = texts_of(connect["settings"]);
        channel.settings["base_url"] = provider_url;
        for (const auto& [name, value] : texts_of(connect["credentials"]))
            channel.credentials[name] = Secret(value);
        channel.credentials["verify_token"] = Secret(random_token(18));
        channel.key = random_token(18);
        channel.state = ChannelState::connected;
        channel.created_at = now;
        channel.state_since = now;
        const Messenger* messenger = find_messenger(channel.messenger);
        const Result<std::string> address =
            messenger != nullptr ? messenger->address_of(channel.settings, channel.credentials)
                                 : fail(ErrorKind::invalid, "invalid", "The demo names an unknown messenger.");
        if (!address) throw std::runtime_error(address.error().detail);
        channel.address = *address;
        return channel;
    }

    void add_user(const JsonView& view, const std::string& password_hash) {
        User user{make_id<UserId>(),
                  view["email"].text_or(""),
                  view["name"].text_or(""),
                  password_hash,
                  channel_.workspace,
                  {},
                  view["role"].text_or("operator")};
        session_.insert_user(user, now_);
        users_[user.email] = user;
    }

    void add_conversation(const JsonView& view) {
        const Messenger& messenger = *find_messenger(channel_.messenger);
        Person person;
        person.name = view["name"].text_or("");
        person.addresses.push_back(*messenger.address_of_phone("+" + view["phone"].text_or("")));
        for (std::size_t i = 0; i < view["lines"].size(); ++i) {
            const JsonView line = view["lines"].at(i);
            const auto ago = std::chrono::duration<double, std::ratio<3600>>(line["hours_ago"].number().value_or(0));
            const Timestamp at = now_ - std::chrono::duration_cast<std::chrono::milliseconds>(ago);
            const std::string from = line["from"].text_or("");
            const std::string text = line["text"].text_or("");
            if (from == "customer")
                add_inbound(messenger, person, text, at);
            else if (from.starts_with("note:"))
                add_own(messenger, person, from.substr(5), text, at, true);
            else
                add_own(messenger, person, from, text, at, false);
        }
        const Conversation conversation = tx().conversation_of(channel_.id, person, now_);
        for (const auto& [email, user] : users_)
            tx().mark_read(conversation.id, user.id);
    }

    void add_inbound(const Messenger& messenger, const Person& person, const std::string& text, Timestamp at) {
        InboundMessage inbound;
        inbound.from = person;
        inbound.provider_id = ProviderMessageId{"demo." + make_uuid().text()};
        inbound.provider_time = at;
        inbound.text = text;
        record_event(tx(), channel_, messenger.traits(), {channel_.address, inbound}, at);
    }

    // Written, taken, accepted and read, as it would have been.
    void add_own(const Messenger& messenger, const Person& person, const std::string& email, const std::string& text,
                 Timestamp at, bool is_note) {
        const User& user = users_.at(email);
        NewMessage wanted;
        wanted.conversation = tx().conversation_of(channel_.id, person, at).id;
        wanted.client_id = make_uuid().text();
        wanted.text = text;
        wanted.author = {AuthorKind::person, user.id, user.name};
        if (is_note) {
            const auto noted = write_note(tx(), wanted, at);
            if (!noted) throw std::runtime_error(noted.error().detail);
            return;
        }
        const Result<Composed> composed = compose(tx(), messenger, wanted, at);
        if (!composed) throw std::runtime_error(composed.error().detail);
        const Pace at_once{.room = [](const Channel&, const MessengerTraits&) { return 10; }, .wait_for_person = {}};
        for (const Leaving& leaving : take_due(session_, find_messenger, at, at_once)) {
            const ProviderMessageId id{"demo." + make_uuid().text()};
            note_outcomes(session_, {{leaving, Accepted{id}}}, at + 1s);
            record_status(tx(), channel_, messenger.traits(),
                          {.provider_id = id, .status = MessageStatus::read, .time = at + 60s}, at + 60s);
        }
    }

    StoreSession& session_;
    JsonView sample_;
    Timestamp now_;
    Channel channel_;
    std::map<std::string, User> users_;
};

}  // namespace

DemoKeys fill_demo(Store& store, const json::object& sample, const std::string& provider_url,
                   const std::string& password, Timestamp now) {
    const std::string hash = hash_password(Secret(password));
    const json::value root = sample;
    DemoKeys keys;
    std::promise<void> done;
    store.write(
        [&](StoreSession& session) { keys = DemoWriter(session, JsonView(root), provider_url, now).write(hash); },
        [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    done.get_future().get();
    return keys;
}

}  // namespace okno::server
