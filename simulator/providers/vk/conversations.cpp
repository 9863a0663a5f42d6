#include "providers/vk/conversations.hpp"

#include "base/crypto.hpp"

#include <algorithm>

namespace okno::sim::vk {

Conversation& conversation_of(Site& site, std::int64_t group, std::int64_t person) {
    return site.world.conversations[{group, person}];
}

Message& append_message(Site& site, Group& group, const Person& person, bool from_group, const std::string& text,
                        json::object more) {
    Conversation& conversation = conversation_of(site, group.id, person.id);
    Message message;
    message.id = ++group.last_message_id;
    message.number = ++conversation.last_number;
    message.from_group = from_group;
    message.body = {{"id", message.id},
                    {"date", site.now_seconds()},
                    {"peer_id", person.id},
                    {"from_id", from_group ? -group.id : person.id},
                    {"out", from_group ? 1 : 0},
                    {"version", 10'000'000 + message.id},
                    {"conversation_message_id", message.number},
                    {"random_id", 0},
                    {"text", text},
                    {"attachments", json::array()},
                    {"fwd_messages", json::array()},
                    {"important", false},
                    {"is_hidden", false}};
    for (auto& [name, value] : more)
        message.body[name] = value;
    conversation.messages.push_back(std::move(message));
    return conversation.messages.back();
}

json::object new_message_object(const Person& person, const Message& message) {
    return {{"client_info",
             json::object{{"button_actions", json::array(person.button_actions.begin(), person.button_actions.end())},
                          {"keyboard", true},
                          {"inline_keyboard", true},
                          {"carousel", true},
                          {"lang_id", 0}}},
            {"message", message.body}};
}

const File& add_file(Site& site, File file) {
    file.id = ++site.world.last_file_id;
    file.access_key = random_token(8);
    file.link = random_token(18);
    site.world.files.push_back(std::move(file));
    return site.world.files.back();
}

json::object attachment_of(const Site& site, const File& file) {
    const std::string address = site.core.public_url + "/vk-files/" + file.link;
    json::object object{{"id", file.id}, {"owner_id", file.owner_id}, {"access_key", file.access_key}};
    if (file.kind == "photo") {
        object["album_id"] = -3;
        object["date"] = site.now_seconds();
        object["sizes"] =
            json::array{json::object{{"type", "s"}, {"url", address + "?size=s"}, {"width", 75}, {"height", 75}},
                        json::object{{"type", "w"}, {"url", address}, {"width", 1280}, {"height", 1280}},
                        json::object{{"type", "m"}, {"url", address + "?size=m"}, {"width", 130}, {"height", 130}}};
    } else if (file.kind == "doc") {
        const std::size_t dot = file.name.rfind('.');
        object["title"] = file.name;
        object["ext"] = dot == std::string::npos ? "" : file.name.substr(dot + 1);
        object["size"] = file.bytes->size();
        object["url"] = site.core.public_url + "/vk-docs/" + file.link;  // a page that redirects to the bytes
    } else if (file.kind == "audio_message") {
        object["duration"] = 2;
        object["link_ogg"] = address;
        object["link_mp3"] = address + "?as=mp3";
    } else {
        object["url"] = address;
        object["width"] = 64;
        object["height"] = 64;
    }
    return {{"type", file.kind}, {file.kind, std::move(object)}};
}

std::string name_of(const File& file) {
    const std::string own = std::to_string(file.owner_id) + "_" + std::to_string(file.id);
    return file.kind == "photo" ? "photo" + own + "_" + file.access_key : "doc" + own;
}

const File* file_named(const Site& site, std::string_view name) {
    const auto found = std::ranges::find_if(site.world.files, [&](const File& file) {
        const std::string whole = name_of(file);
        // The key may follow a document too.
        return name == whole || (file.kind != "photo" && name == whole + "_" + file.access_key);
    });
    return found == site.world.files.end() ? nullptr : &*found;
}

}  // namespace okno::sim::vk
