#include "messengers/registry.hpp"

#include "messengers/max/max_messenger.hpp"
#include "messengers/meta/page_messenger.hpp"
#include "messengers/gateway/gateway_messenger.hpp"
#include "messengers/telegram/telegram_messenger.hpp"
#include "messengers/viber/viber_messenger.hpp"
#include "messengers/vk/vk_messenger.hpp"
#include "messengers/whatsapp/whatsapp_messenger.hpp"

namespace okno {

static std::vector<std::unique_ptr<Messenger>> make_all() {
    std::vector<std::unique_ptr<Messenger>> all;
    all.push_back(std::make_unique<whatsapp::WhatsappMessenger>());
    all.push_back(std::make_unique<telegram::TelegramMessenger>());
    all.push_back(std::make_unique<vk::VkMessenger>());
    all.push_back(std::make_unique<max::MaxMessenger>());
    all.push_back(std::make_unique<viber::ViberMessenger>());
    all.push_back(std::make_unique<meta::FacebookMessenger>());
    all.push_back(std::make_unique<meta::Instagram>());
    all.push_back(std::make_unique<gateway::GatewayMessenger>());
    return all;
}

const std::vector<std::unique_ptr<Messenger>>& all_messengers() {
    static const std::vector<std::unique_ptr<Messenger>> all = make_all();
    return all;
}

const Messenger* find_messenger(std::string_view name) {
    for (const auto& messenger : all_messengers())
        if (messenger->name() == name) return messenger.get();
    return nullptr;
}

}  // namespace okno
