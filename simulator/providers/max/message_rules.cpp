#include "providers/max/message_rules.hpp"

#include "base/json.hpp"
#include "providers/max/objects.hpp"

#include <algorithm>
#include <array>

namespace okno::sim::max {

namespace {

constexpr std::size_t kMostText = 4000;
constexpr std::size_t kMostAttachments = 12;
constexpr std::size_t kMostLabel = 128;
constexpr std::size_t kMostPayload = 1024;
constexpr std::size_t kMostUrl = 2048;
constexpr std::size_t kMostRows = 30;
constexpr std::size_t kMostInRow = 7;
constexpr std::size_t kMostWideInRow = 3;
constexpr std::size_t kMostButtons = 210;

struct ButtonKind {
    std::string_view name;
    bool is_wide;  // at most three in its row
};
constexpr std::array kButtonKinds{ButtonKind{"callback", false},       ButtonKind{"message", false},
                                  ButtonKind{"clipboard", false},      ButtonKind{"link", true},
                                  ButtonKind{"request_contact", true}, ButtonKind{"request_geo_location", true},
                                  ButtonKind{"open_app", true}};

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string check_button(const JsonView& button) {
    const std::string type = button["type"].text_or("");
    if (std::ranges::find(kButtonKinds, type, &ButtonKind::name) == kButtonKinds.end())
        return "unknown button: " + type;
    const std::string label = button["text"].text_or("");
    if (label.empty() || characters(label) > kMostLabel) return "button text has 1 to 128 characters";
    const bool has_payload = type == "callback" || type == "clipboard";
    const std::string payload = button["payload"].text_or("");
    if (has_payload && !button["payload"].is_there()) return "button payload is missing";
    if (has_payload && characters(payload) > kMostPayload) return "button payload is too long";
    if (type != "link") return {};
    const std::string url = button["url"].text_or("");
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    return is_web && characters(url) <= kMostUrl ? "" : "button url is invalid";
}

std::string check_keyboard(const JsonView& payload) {
    const JsonView rows = payload["buttons"];
    if (rows.size() == 0) return "buttons must not be empty";
    if (rows.size() > kMostRows) return "too many rows";
    std::size_t all = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonView row = rows.at(i);
        bool is_wide = false;
        for (std::size_t k = 0; k < row.size(); ++k) {
            if (std::string why = check_button(row.at(k)); !why.empty()) return why;
            const std::string type = row.at(k)["type"].text_or("");
            is_wide = is_wide || std::ranges::find(kButtonKinds, type, &ButtonKind::name)->is_wide;
        }
        if (row.size() == 0 || row.size() > (is_wide ? kMostWideInRow : kMostInRow)) return "too many buttons in a row";
        all += row.size();
    }
    return all > kMostButtons ? "too many buttons" : "";
}

using Told = std::expected<json::object, Refusal>;

Told told_file(Site& site, const std::string& type, const JsonView& payload) {
    std::string token = payload["token"].text_or("");
    const json::value* photos = payload["photos"].raw();
    if (type == "image" && photos != nullptr && photos->is_object() && !photos->get_object().empty())
        token = JsonView(photos->get_object().begin()->value())["token"].text_or("");
    const File* file = site.world.file_by_token(token);
    if (file == nullptr || file->kind != type) return wrong("Invalid token of an attachment");
    if (!file->bytes || site.pace_ms() < file->ready_at_ms)
        return refuse(400, "attachment.not.ready", "Key: errors.process.attachment.file.not.processed");
    return attachment_of(site, *file);
}

Told told_place(const JsonView& attachment) {
    const auto latitude = attachment["latitude"].number();
    const auto longitude = attachment["longitude"].number();
    if (!latitude || !longitude) return wrong("location needs latitude and longitude");
    return json::object{{"type", "location"}, {"latitude", *latitude}, {"longitude", *longitude}};
}

Told told_contact(const JsonView& payload) {
    if (!payload["name"].is_there()) return wrong("contact needs a name");
    if (!payload["vcf_info"].is_there() && !payload["vcf_phone"].is_there() && !payload["contact_id"].is_there())
        return wrong("contact needs vcf_info, vcf_phone or contact_id");
    return json::object{{"type", "contact"},
                        {"payload", json::object{{"vcf_info", payload["vcf_info"].text_or("")},
                                                 {"max_info", nullptr},
                                                 {"name", payload["name"].text_or("")}}}};
}

Told told(Site& site, const JsonView& attachment) {
    const std::string type = attachment["type"].text_or("");
    const JsonView payload = attachment["payload"];
    if (type == "image" || type == "video" || type == "audio" || type == "file") return told_file(site, type, payload);
    if (type == "location") return told_place(attachment);
    if (type == "contact") return told_contact(payload);
    if (type != "inline_keyboard") return wrong("Unknown attachment: " + type);
    if (const std::string why = check_keyboard(payload); !why.empty()) return wrong(why);
    return json::object{{"type", type}, {"payload", json::object{{"buttons", *payload["buttons"].raw()}}}};
}

bool stands_alone(std::string_view type) { return type == "audio" || type == "file" || type == "contact"; }

std::expected<json::array, Refusal> told_all(Site& site, const JsonView& list) {
    json::array out;
    std::size_t contents = 0;
    bool has_lonely = false;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto one = told(site, list.at(i));
        if (!one) return std::unexpected(one.error());
        const std::string_view type = one->at("type").as_string();
        if (type != "inline_keyboard") ++contents;
        has_lonely = has_lonely || stands_alone(type);
        out.push_back(std::move(*one));
    }
    if (contents > kMostAttachments) return wrong("too many attachments");
    if (has_lonely && contents > 1) return wrong("this attachment must be the only one");
    return out;
}

std::expected<json::object, Refusal> told_link(Dialog& dialog, const JsonView& link) {
    const std::string type = link["type"].text_or("");
    if (type != "reply" && type != "forward") return wrong("link.type is reply or forward");
    const Message* linked = dialog.message(link["mid"].text_or(""));
    if (linked == nullptr || linked->is_deleted) return refuse(404, "message.not.found", "Linked message not found");
    return json::object{{"type", type}, {"message", body_object(*linked)}};
}

}  // namespace

std::expected<Written, Refusal> read_message(Site& site, Dialog& dialog, const json::object& body) {
    const json::value whole(body);
    const JsonView view(whole);
    Written out;
    if (const JsonView text = view["text"]; text.is_there()) {
        if (!text.raw()->is_string()) return wrong("text must be a string");
        if (characters(text.text_or("")) > kMostText) return wrong("text: size must be between 0 and 4000");
        out.text = text.text_or("");
    }
    const std::string format = view["format"].text_or("html");
    if (format != "html" && format != "markdown") return wrong("format is markdown or html");
    if (const JsonView list = view["attachments"]; list.is_there()) {
        auto attachments = told_all(site, list);
        if (!attachments) return std::unexpected(attachments.error());
        out.attachments = std::move(*attachments);
    }
    const bool is_empty = view["text"].text_or("").empty() && (!out.attachments || out.attachments->empty());
    if (is_empty) return wrong("Message cannot be empty");
    if (const JsonView link = view["link"]; link.is_there()) {
        auto linked = told_link(dialog, link);
        if (!linked) return std::unexpected(linked.error());
        out.link = std::move(*linked);
    }
    return out;
}

}  // namespace okno::sim::max
