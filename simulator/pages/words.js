// The page's words in both languages; `?lang=` wins over the browser's wish.
const catalogue = {
  en: {
    demo: "Demo: nothing leaves this machine", customer: "Customer", number: "Business number", official: "official account",
    typing: "typing…", write: "Message", send: "Send", attach: "Attach a picture, voice, video or file",
    react: "React", reply: "Reply", edit: "Edit", remove: "Delete", more: "More", cancel: "Cancel", editing: "Editing",
    deleted: "This message was deleted", edited: "edited", you: "You", language: "Русский",
    hour: "+1 h", day: "+25 h", pocket: "Phone in the pocket", offline: "Phone offline", faults: "Faults",
    add: "Add", clear: "Clear all", release: "Release held webhooks", times: "How often (0: until cleared)", newCustomer: "New customer",
    name: "Name", phone: "Phone number", create: "Create", choose: "Choose", noWorld: "There is no number or customer yet. Create them with POST /sim/world.",
    noOkno: "Give Okno's address: /demo?okno=http://127.0.0.1:8080", noAnswer: "The simulator does not answer.",
    notDelivered: "not delivered", voice: "Voice message", picture: "Photo", video: "Video", file: "File", place: "Location",
    contact: "Contact", sticker: "Sticker", message: "Message", open: "Open", playback: "Play",
    slow: "Slow answer", 429: "Refuse: too many (429)", 500: "Refuse: error 500", expired_token: "Token expired",
    restricted_number: "Number restricted", timeout_after_accept: "Accept, never answer", timeout_before_accept: "Never answer",
    duplicate_webhook: "Webhook twice", reorder_webhooks: "Webhooks in wrong order", lost_webhook: "Webhook lost",
    hold_webhooks: "Hold webhooks back", attachMore: "Send something else", poll: "Poll (WhatsApp shows it, the API does not)",
    sendPlace: "Send location", shareNumber: "Share phone number", log: "What the business asked", logEmpty: "Nothing yet.",
    noReply: "no answer", saveLog: "Open the whole log",
    messenger: "Messenger", bot: "bot", start: "START", restart: "RESTART", block: "Block the bot", ownNumber: "My phone number",
    album: "Two photos", unsubscribe: "Unsubscribe", subscribe: "Subscribe", noWebhook: "nobody listens here",
    getStarted: "Get Started", blockAccount: "Block", openLink: "Open a link with a ref",
    blockedAccount: "blocked", call: "Call",
    community: "community", denyMessages: "Forbid messages", allowMessages: "Allow messages", allPhones: "All phones",
  },
  ru: {
    demo: "Демо: наружу ничего не уходит", customer: "Клиент", number: "Номер компании", official: "официальный номер",
    typing: "печатает…", write: "Сообщение", send: "Отправить", attach: "Приложить фото, голос, видео или файл",
    react: "Реакция", reply: "Ответить", edit: "Изменить", remove: "Удалить", more: "Ещё", cancel: "Отмена", editing: "Изменение",
    deleted: "Сообщение удалено", edited: "изменено", you: "Вы", language: "English",
    hour: "+1 ч", day: "+25 ч", pocket: "Телефон в кармане", offline: "Телефон не в сети", faults: "Неполадки",
    add: "Добавить", clear: "Убрать все", release: "Отпустить задержанные", times: "Сколько раз (0: пока не убрать)", newCustomer: "Новый клиент",
    name: "Имя", phone: "Телефон", create: "Создать", choose: "Выбрать", noWorld: "Пока нет ни номера, ни клиента. Создайте их через POST /sim/world.",
    noOkno: "Укажите адрес Okno: /demo?okno=http://127.0.0.1:8080", noAnswer: "Симулятор не отвечает.",
    notDelivered: "не доставлено", voice: "Голосовое сообщение", picture: "Фото", video: "Видео", file: "Файл", place: "Место",
    contact: "Контакт", sticker: "Стикер", message: "Сообщение", open: "Открыть", playback: "Слушать",
    slow: "Медленный ответ", 429: "Отказ: слишком часто (429)", 500: "Отказ: ошибка 500", expired_token: "Токен истёк",
    restricted_number: "Номер ограничен", timeout_after_accept: "Принять и не ответить", timeout_before_accept: "Не ответить",
    duplicate_webhook: "Вебхук дважды", reorder_webhooks: "Вебхуки не по порядку", lost_webhook: "Вебхук потерян",
    hold_webhooks: "Придержать вебхуки", attachMore: "Отправить другое", poll: "Опрос (в API его не видно)",
    sendPlace: "Отправить место", shareNumber: "Поделиться номером", log: "Запросы компании", logEmpty: "Пока ничего.",
    noReply: "без ответа", saveLog: "Открыть весь журнал",
    messenger: "Мессенджер", bot: "бот", start: "СТАРТ", restart: "ПЕРЕЗАПУСТИТЬ", block: "Заблокировать бота", ownNumber: "Мой номер",
    album: "Два фото", unsubscribe: "Отписаться", subscribe: "Подписаться", noWebhook: "здесь никто не слушает",
    getStarted: "Начать", blockAccount: "Заблокировать", openLink: "Открыть ссылку с меткой",
    blockedAccount: "заблокирован", call: "Звонок",
    community: "сообщество", denyMessages: "Запретить сообщения", allowMessages: "Разрешить сообщения", allPhones: "Все телефоны",
  },
};

const asked = new URLSearchParams(location.search).get("lang") || localStorage.getItem("lang") || navigator.language;
export const language = asked.startsWith("ru") ? "ru" : "en";
document.documentElement.lang = language;

export const say = (key) => catalogue[language][key] ?? key;

export function switchLanguage() {
  localStorage.setItem("lang", language === "ru" ? "en" : "ru");
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  location.replace(url);
}

export const timeText = (moment, hasSeconds = false) =>
  new Date(moment).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", second: hasSeconds ? "2-digit" : undefined });
export const dayText = (moment) => new Date(moment).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" });
