#!/usr/bin/env python3
"""The Bot API as the simulator plays it: refusals, webhooks and polling, files, phones, business accounts, faults."""
import base64
import json
import threading
import time
import urllib.parse
import uuid

from simulator import Callback, Simulator, run, wait_for

TOKEN = "555000111:AAbbccddeeffgghhiijjkkllmmnnooppqqr"
OTHER_TOKEN = "555000222:AAbbccddeeffgghhiijjkkllmmnnooppqqr"
BOT = 555000111
MARIA = 900100200300
IVAN = 900100200301
STRANGER = 900100200302
GONE = 900100200303
SECRET = "sec_ret-1"
HOUR = 3_600_000

sim = Simulator("--retry-base-ms", "20")
hook = Callback()

WORLD = {
    "settings": {"telegram_http_webhooks": 1},
    "telegram": {
        "bots": [{"token": TOKEN, "username": "jasno_bot", "name": "Jasno", "messages_per_second": 10000,
                  "chat_limit": False},
                 {"token": OTHER_TOKEN, "username": "other_bot", "name": "Other"}],
        "people": [{"id": MARIA, "first_name": "Мария", "last_name": "K", "username": "maria_k", "language_code": "ru",
                    "phone": "79161234567"},
                   {"id": IVAN, "first_name": "Ivan"}, {"id": STRANGER, "first_name": "Never wrote"},
                   {"id": GONE, "first_name": "Gone", "deactivated": True}]}}


def bot(method, body=None, token=TOKEN, timeout=20, **more):
    return sim.call("POST", f"/bot{token}/{method}", {**(body or {}), **more}, timeout=timeout)


def result(method, body=None, **more):
    reply = bot(method, body, **more)
    assert reply.status == 200 and reply.json["ok"] is True, (method, reply.status, reply.body)
    return reply.json["result"]


def form(parts):
    """Multipart: text, or (file name, type, bytes)."""
    boundary = uuid.uuid4().hex
    raw = b""
    for name, value in parts.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            head += f'; filename="{value[0]}"\r\nContent-Type: {value[1]}'
        content = value[2] if isinstance(value, tuple) else str(value).encode()
        raw += f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    return raw + f"--{boundary}--\r\n".encode(), {"Content-Type": "multipart/form-data; boundary=" + boundary}


def upload(method, parts, token=TOKEN):
    raw, headers = form({"chat_id": MARIA, **parts})
    return sim.call("POST", f"/bot{token}/{method}", raw, headers)


def does(wish, person=MARIA, of=BOT):
    return sim.sim("POST", f"telegram/people/{person}/messages", {"bot": of, **wish})


def view(person=MARIA, of=BOT):
    return sim.sim("GET", f"telegram/people/{person}/messages?bot={of}")


def shown(message_id, person=MARIA):
    return next(one for one in view(person)["messages"] if one["id"] == message_id)


def updates(kind=None):
    with hook.changed:
        bodies = [post["json"] for post in hook.posts if 200 <= post["status"] < 300]
    return [one[kind] for one in bodies if kind in one] if kind else bodies


def fresh(webhook=True, person=MARIA):
    """A new world in which the person has started the bot."""
    sim.sim("POST", "reset")
    sim.sim("POST", "world", WORLD)
    hook.clear()
    if webhook:
        result("setWebhook", url=hook.url, secret_token=SECRET)
    started = does({"type": "start"}, person)
    if webhook:
        wait_for(lambda: updates("message"), "the first update")
    return started["id"]


def next_update(kind, act):
    before = len(updates(kind))
    act()
    wait_for(lambda: len(updates(kind)) > before, kind)
    return updates(kind)[-1]


def settle():
    wait_for(lambda: sim.sim("GET", "settled")["settled"], "silence")


def refused(reply, code, words):
    body = reply.json
    assert reply.status == code and body["ok"] is False and body["error_code"] == code, (reply.status, reply.body)
    assert words in body["description"], (words, body)


def jpeg(width, height):
    return (b"\xff\xd8\xff\xc0\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x03" + b"0" * 40)


# --- doors ---

def test_who_asks_and_for_what():
    fresh()
    refused(bot("getMe", token="555000111:wrong"), 401, "Unauthorized")
    refused(bot("getMe", token="nonsense"), 404, "Not Found")
    refused(bot("getMe", token="0555:AA"), 404, "Not Found")
    refused(bot("writePoem"), 404, "Not Found: method not found")
    me = result("getme")
    assert me["id"] == BOT and me["is_bot"] and me["username"] == "jasno_bot" and me["can_connect_to_business"], me
    sim.sim("PATCH", f"telegram/bots/{BOT}", {"token": "555000111:renewed"})
    refused(bot("getMe"), 401, "Unauthorized")
    assert result("getMe", token="555000111:renewed")["id"] == BOT


def test_parameters_come_as_json_form_multipart_or_query():
    fresh()
    words = "Добрый день & hello"
    path = f"/bot{TOKEN}/SENDMESSAGE"
    query = urllib.parse.urlencode({"chat_id": MARIA, "text": words})
    raw, headers = form({"chat_id": MARIA, "text": words})
    replies = [sim.call("GET", path + "?" + query), sim.call("POST", path, {"chat_id": MARIA, "text": words}),
               sim.call("POST", path, {"chat_id": str(MARIA), "text": words}), sim.call("POST", path, raw, headers),
               sim.call("POST", path, query.encode(), {"Content-Type": "application/x-www-form-urlencoded"})]
    assert [one.json["result"]["text"] for one in replies] == [words] * 5, [one.body for one in replies]
    refused(sim.call("POST", path, b"{", {"Content-Type": "application/json"}), 400, "can't parse JSON")


# --- what is refused ---

def inline(*buttons):
    return {"inline_keyboard": [[{"text": "A", **one}] for one in buttons]}


# name, method, parameters, code, words
REFUSED = [
    ("no chat", "sendMessage", {"chat_id": "", "text": "x"}, 400, "chat_id is empty"),
    ("unknown chat", "sendMessage", {"chat_id": 1, "text": "x"}, 400, "Bad Request: chat not found"),
    ("a name as chat", "sendMessage", {"chat_id": "@maria_k", "text": "x"}, 400, "chat not found"),
    ("a group", "sendMessage", {"chat_id": -100123, "text": "x"}, 400, "chat not found"),
    ("never started", "sendMessage", {"chat_id": STRANGER, "text": "x"}, 403,
     "Forbidden: bot can't initiate conversation with a user"),
    ("gone", "sendMessage", {"chat_id": GONE, "text": "x"}, 403, "Forbidden: user is deactivated"),
    ("a bot", "sendMessage", {"chat_id": 555000222, "text": "x"}, 403, "Forbidden: bot can't send messages to bots"),
    ("no text", "sendMessage", {}, 400, "Bad Request: message text is empty"),
    ("blank text", "sendMessage", {"text": " \n\t "}, 400, "message text is empty"),
    ("empty after the marks", "sendMessage", {"text": "<b> </b>", "parse_mode": "HTML"}, 400, "message text is empty"),
    ("4097 letters", "sendMessage", {"text": "ё" * 4097}, 400, "Bad Request: message is too long"),
    ("4098 units in 2049 characters", "sendMessage", {"text": "😀" * 2049}, 400, "message is too long"),
    ("unknown parse_mode", "sendMessage", {"text": "x", "parse_mode": "TeX"}, 400, "unsupported parse_mode"),
    ("unknown tag", "sendMessage", {"text": "<p>x</p>", "parse_mode": "HTML"}, 400, "Bad Request: can't parse entities"),
    ("open tag", "sendMessage", {"text": "<b>x", "parse_mode": "HTML"}, 400, "can't parse entities"),
    ("crossed tags", "sendMessage", {"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, 400, "can't parse entities"),
    ("a bare dot", "sendMessage", {"text": "x.", "parse_mode": "MarkdownV2"}, 400, "can't parse entities"),
    ("an open star", "sendMessage", {"text": "*x", "parse_mode": "MarkdownV2"}, 400, "can't parse entities"),
    ("entities are no list", "sendMessage", {"text": "x", "entities": {"type": "bold"}}, 400, "can't parse entities"),
    ("unknown original", "sendMessage", {"text": "x", "reply_parameters": {"message_id": 999}}, 400,
     "Bad Request: message to be replied not found"),
    ("unknown original, the old way", "sendMessage", {"text": "x", "reply_to_message_id": 999}, 400,
     "message to be replied not found"),
    ("65 bytes of data", "sendMessage", {"text": "x", "reply_markup": inline({"callback_data": "ё" * 33})}, 400,
     "BUTTON_DATA_INVALID"),
    ("no data", "sendMessage", {"text": "x", "reply_markup": inline({"callback_data": ""})}, 400, "BUTTON_DATA_INVALID"),
    ("a bad link", "sendMessage", {"text": "x", "reply_markup": inline({"url": "shop example"})}, 400, "BUTTON_URL_INVALID"),
    ("a link without a domain", "sendMessage", {"text": "x", "reply_markup": inline({"url": "http://localhost/"})}, 400,
     "BUTTON_URL_INVALID"),
    ("a script as link", "sendMessage", {"text": "x", "reply_markup": inline({"url": "javascript:alert(1)"})}, 400,
     "BUTTON_URL_INVALID"),
    ("a button without action", "sendMessage", {"text": "x", "reply_markup": inline({})}, 400, "inline keyboard button"),
    ("a button with two actions", "sendMessage",
     {"text": "x", "reply_markup": inline({"callback_data": "a", "url": "https://e.example"})}, 400, "BUTTON_TYPE_INVALID"),
    ("101 buttons", "sendMessage", {"text": "x", "reply_markup": inline(*[{"callback_data": "a"}] * 101)}, 400,
     "reply markup is too long"),
    ("markup is no object", "sendMessage", {"text": "x", "reply_markup": "[1"}, 400, "reply_markup"),
    ("no photo", "sendPhoto", {}, 400, "there is no photo in the request"),
    ("unknown file", "sendPhoto", {"photo": "AgACAgIAAx"}, 400, "wrong file identifier/HTTP URL specified"),
    ("an address nobody reaches", "sendPhoto", {"photo": "http://127.0.0.1:8080/a.png"}, 400,
     "failed to get HTTP URL content"),
    ("round video by address", "sendVideoNote", {"video_note": "https://e.example/a.mp4"}, 400,
     "wrong file identifier/HTTP URL specified"),
    ("caption of 1025", "sendPhoto", {"photo": "https://e.example/a.png", "caption": "x" * 1025}, 400,
     "Bad Request: message caption is too long"),
    ("no latitude", "sendLocation", {"longitude": 1}, 400, "latitude is empty"),
    ("beyond the pole", "sendLocation", {"latitude": 91, "longitude": 1}, 400, "wrong location"),
    ("a place without a name", "sendVenue", {"latitude": 1, "longitude": 1}, 400, "venue title"),
    ("a card without a number", "sendContact", {"first_name": "Bob"}, 400, "phone number is empty"),
    ("an album of one", "sendMediaGroup", {"media": [{"type": "photo", "media": "https://e.example/a.png"}]}, 400, "album"),
    ("an album of eleven", "sendMediaGroup", {"media": [{"type": "photo", "media": "https://e.example/a.png"}] * 11}, 400,
     "too many messages"),
    ("a mixed album", "sendMediaGroup", {"media": [{"type": "photo", "media": "https://e.example/a.png"},
                                                   {"type": "document", "media": "https://e.example/a.pdf"}]}, 400,
     "can't be mixed"),
    ("a sticker in an album", "sendMediaGroup", {"media": [{"type": "sticker", "media": "x"}] * 2}, 400, "InputMedia"),
    ("edit of nothing", "editMessageText", {"message_id": 999, "text": "x"}, 400, "Bad Request: message to edit not found"),
    ("edit to nothing", "editMessageText", {"message_id": 1, "text": ""}, 400, "message text is empty"),
    ("edit of the person's words", "editMessageText", {"message_id": 1, "text": "x"}, 400, "message can't be edited"),
    ("deletion of nothing", "deleteMessage", {"message_id": 999}, 400, "Bad Request: message to delete not found"),
    ("reaction to nothing", "setMessageReaction", {"message_id": 999, "reaction": [{"type": "emoji", "emoji": "👍"}]}, 400,
     "message to react not found"),
    ("no reaction of Telegram's", "setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "🥕"}]},
     400, "REACTION_INVALID"),
    ("two reactions", "setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2}, 400,
     "REACTIONS_TOO_MANY"),
    ("unknown action", "sendChatAction", {"action": "dancing"}, 400, "wrong parameter action"),
    ("unknown query", "answerCallbackQuery", {"callback_query_id": "1"}, 400,
     "query is too old and response timeout expired or query ID is invalid"),
    ("201 letters of notice", "answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, 400, "TOO_LONG"),
    ("unknown file to fetch", "getFile", {"file_id": "x"}, 400, "wrong file_id"),
    ("a command with a blank", "setMyCommands", {"commands": [{"command": "st art", "description": "x"}]}, 400,
     "BOT_COMMAND_INVALID"),
    ("photos of nobody", "getUserProfilePhotos", {"user_id": 1}, 400, "user not found"),
    ("unknown connection", "sendMessage", {"business_connection_id": "x", "text": "x"}, 400,
     "business connection not found"),
]

ACCEPTED = [
    ("4096 letters", "sendMessage", {"text": "ё" * 4096}),
    ("4096 letters under marks", "sendMessage", {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"}),
    ("64 bytes of data", "sendMessage", {"text": "x", "reply_markup": inline({"callback_data": "ё" * 32})}),
    ("links", "sendMessage", {"text": "x", "reply_markup": inline({"url": "https://e.example/1"}, {"url": "tg://resolve?a"})}),
    ("markup as text", "sendMessage", {"text": "x", "reply_markup": json.dumps(inline({"callback_data": "a"}))}),
    ("a reply keyboard", "sendMessage", {"text": "x", "reply_markup": {"keyboard": [["Yes", {"text": "No"}]]}}),
    ("no keyboard", "sendMessage", {"text": "x", "reply_markup": {"remove_keyboard": True}}),
    ("without the original", "sendMessage",
     {"text": "x", "reply_parameters": {"message_id": 999, "allow_sending_without_reply": True}}),
    ("a photo by address", "sendPhoto", {"photo": "https://e.example/a.png", "caption": "x" * 1024}),
    ("an album", "sendMediaGroup", {"media": [{"type": "photo", "media": "https://e.example/a.png"}] * 2}),
    ("a place", "sendLocation", {"latitude": 55.7, "longitude": "37.6"}),
    ("a shop", "sendVenue", {"latitude": 55.7, "longitude": 37.6, "title": "Shop", "address": "Street 1"}),
    ("a card", "sendContact", {"phone_number": "+15550001", "first_name": "Bob"}),
    ("typing", "sendChatAction", {"action": "typing"}),
    ("commands", "setMyCommands", {"commands": [{"command": "start", "description": "Begin"}]}),
    ("no photos", "getUserProfilePhotos", {"user_id": MARIA}),
    ("good bye", "logOut", {}),
]


def test_wrong_requests_are_refused_in_telegrams_words():
    fresh()
    for name, method, body, code, words in REFUSED:
        try:
            refused(bot(method, {"chat_id": MARIA, **body}), code, words)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from None


def test_right_requests_pass():
    fresh()
    for name, method, body in ACCEPTED:
        reply = bot(method, {"chat_id": MARIA, **body})
        assert reply.status == 200 and reply.json["ok"], (name, reply.body)


def test_a_blocked_bot_is_refused_until_it_is_unblocked():
    fresh()
    kicked = next_update("my_chat_member", lambda: does({"type": "block"}))
    assert kicked["old_chat_member"]["status"] == "member" and kicked["new_chat_member"]["status"] == "kicked", kicked
    assert kicked["chat"]["id"] == MARIA and kicked["new_chat_member"]["user"]["id"] == BOT, kicked
    refused(bot("sendMessage", chat_id=MARIA, text="x"), 403, "Forbidden: bot was blocked by the user")
    refused(bot("sendChatAction", chat_id=MARIA, action="typing"), 403, "bot was blocked by the user")
    assert sim.call("POST", f"/sim/telegram/people/{MARIA}/messages", {"bot": BOT, "text": "x"}).status == 409
    back = next_update("my_chat_member", lambda: does({"type": "unblock"}))
    assert back["new_chat_member"]["status"] == "member", back
    result("sendMessage", chat_id=MARIA, text="welcome back")
    does({"type": "block"})
    next_update("message", lambda: does({"type": "start"}))
    wait_for(lambda: len(updates("my_chat_member")) == 4, "the unblocking by Start")


def test_a_bot_is_slowed_down_as_a_whole_and_in_each_chat():
    fresh()
    sim.sim("PATCH", f"telegram/bots/{BOT}", {"messages_per_second": 30, "chat_limit": True})
    does({"type": "start"}, IVAN)
    replies = [bot("sendMessage", chat_id=MARIA, text="x") for _ in range(6)]
    assert [one.status for one in replies] == [200] * 5 + [429], [one.body for one in replies]
    slowed = replies[-1]
    refused(slowed, 429, "Too Many Requests: retry after 1")
    assert slowed.json["parameters"] == {"retry_after": 1} and slowed.headers["Retry-After"] == "1", slowed.body
    result("sendMessage", chat_id=IVAN, text="another chat")
    sim.sim("POST", "clock", {"advance_ms": 1000})
    result("sendMessage", chat_id=MARIA, text="a second later")
    refused(bot("sendMessage", chat_id=MARIA, text="x"), 429, "retry after 1")
    sim.sim("PATCH", f"telegram/bots/{BOT}", {"messages_per_second": 3, "chat_limit": False})
    statuses = [bot("sendMessage", chat_id=MARIA, text="x").status for _ in range(8)]
    assert statuses[:3] == [200] * 3 and 429 in statuses, statuses
    entry = [one for one in sim.log() if one["status"] == 429][-1]
    assert entry["code"] == 429 and "message_id" not in entry, entry


# --- what the phone sees ---

def test_a_text_reaches_the_phone_with_its_marks():
    first = fresh()
    sent = result("sendMessage", chat_id=MARIA, parse_mode="HTML", reply_parameters={"message_id": first},
                  text="😀 <b>Order</b> &lt;7&gt; <a href=\"https://e.example/?a=1&amp;b=2\">here</a>")
    assert sent["text"] == "😀 Order <7> here" and sent["from"]["id"] == BOT and sent["chat"]["id"] == MARIA, sent
    assert sent["entities"] == [{"type": "bold", "offset": 3, "length": 5},
                                {"type": "text_link", "offset": 13, "length": 4, "url": "https://e.example/?a=1&b=2"}], sent
    assert sent["reply_to_message"]["message_id"] == first, sent
    one = shown(sent["message_id"])
    assert one["direction"] == "from_business" and one["type"] == "text" and one["text"] == sent["text"], one
    assert one["reply_to"] == {"id": first, "text": "/start", "from_customer": True, "type": "text"}, one
    marked = result("sendMessage", chat_id=MARIA, parse_mode="MarkdownV2", text="*bold* _it_ `c.d` [x](https://e.example)\\.")
    assert [one["type"] for one in marked["entities"]] == ["bold", "italic", "code", "text_link"], marked
    assert marked["text"] == "bold it c.d x.", marked
    found = result("sendMessage", chat_id=MARIA, text="  see https://e.example now ")
    assert found["text"] == "see https://e.example now" and found["entities"][0]["offset"] == 4, found


def test_messages_are_edited_and_deleted():
    fresh()
    keyboard = inline({"callback_data": "a"})
    number = result("sendMessage", chat_id=MARIA, text="one", reply_markup=keyboard)["message_id"]
    refused(bot("editMessageText", chat_id=MARIA, message_id=number, text="one", reply_markup=keyboard), 400,
            "message is not modified")
    edited = result("editMessageText", chat_id=MARIA, message_id=number, text="two")
    assert edited["text"] == "two" and "edit_date" in edited and "reply_markup" not in edited, edited
    assert shown(number)["edited"] and "buttons" not in shown(number), shown(number)
    result("editMessageReplyMarkup", chat_id=MARIA, message_id=number, reply_markup=keyboard)
    assert shown(number)["buttons"][0][0]["data"] == "a", shown(number)
    refused(bot("editMessageCaption", chat_id=MARIA, message_id=number, caption="x"), 400, "there is no caption")
    photo = result("sendPhoto", chat_id=MARIA, photo="https://e.example/a.png", caption="x")["message_id"]
    refused(bot("editMessageText", chat_id=MARIA, message_id=photo, text="x"), 400, "there is no text in the message")
    assert result("editMessageCaption", chat_id=MARIA, message_id=photo, caption="y")["caption"] == "y"
    assert result("deleteMessage", chat_id=MARIA, message_id=number) is True
    assert shown(number)["deleted"]
    refused(bot("deleteMessage", chat_id=MARIA, message_id=number), 400, "message to delete not found")
    sim.sim("POST", "clock", {"advance_ms": 49 * HOUR})
    refused(bot("deleteMessage", chat_id=MARIA, message_id=photo), 400, "message can't be deleted")


def test_reactions_typing_and_numbers_of_messages():
    first = fresh()
    does({"type": "start"}, IVAN)
    assert result("sendMessage", chat_id=MARIA, text="x")["message_id"] == first + 1
    assert result("sendMessage", chat_id=IVAN, text="x")["message_id"] == first + 1, "numbers are the chat's own"
    result("setMessageReaction", chat_id=MARIA, message_id=first, reaction=[{"type": "emoji", "emoji": "❤"}])
    assert shown(first)["emoji_of_business"] == "❤"
    result("setMessageReaction", chat_id=MARIA, message_id=first, reaction=[])
    assert "emoji_of_business" not in shown(first)
    result("sendChatAction", chat_id=MARIA, action="typing")
    assert view()["typing"] is True and view(IVAN)["typing"] is False
    result("sendMessage", chat_id=MARIA, text="y")
    now = view()
    assert now["typing"] is False and now["started"] and not now["blocked"], now
    assert "messages" not in sim.sim("GET", f"telegram/people/{MARIA}/messages?bot={BOT}&since={now['version']}")


# --- what the bot is told ---

def test_a_persons_text_arrives_with_the_secret():
    fresh()
    post = hook.posts[0]
    assert post["headers"]["X-Telegram-Bot-Api-Secret-Token"] == SECRET and post["status"] == 200, post
    start = post["json"]["message"]
    assert start["text"] == "/start" and start["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}], start
    assert start["from"] == {"id": MARIA, "is_bot": False, "first_name": "Мария", "last_name": "K", "username": "maria_k",
                             "language_code": "ru"}, start
    assert start["chat"]["type"] == "private" and start["chat"]["id"] == MARIA, start
    payload = next_update("message", lambda: does({"type": "start", "payload": "abc_-9"}))
    assert payload["text"] == "/start abc_-9" and payload["message_id"] == start["message_id"] + 1, payload
    numbers = [one["update_id"] for one in updates()]
    assert numbers[1] == numbers[0] + 1 and numbers[0] > 1000, numbers
    bad = sim.call("POST", f"/sim/telegram/people/{MARIA}/messages", {"bot": BOT, "type": "start", "payload": "a b"})
    assert bad.status == 400, bad.body


def test_every_kind_of_message_arrives():
    fresh()
    for kind in ("video", "voice", "audio", "document", "video_note", "animation", "sticker"):
        message = next_update("message", lambda: does({"type": kind}))
        assert message[kind]["file_id"] and message[kind]["file_unique_id"] and message[kind]["file_size"] > 0, message
        assert kind != "animation" or message["document"]["file_id"] == message["animation"]["file_id"], message
        assert kind != "sticker" or message["sticker"]["emoji"] == "👍", message
    photo = next_update("message", lambda: does({"type": "photo", "caption": "see https://e.example"}))
    assert [one["width"] for one in photo["photo"]] == sorted(one["width"] for one in photo["photo"]), photo
    assert photo["caption"].startswith("see") and photo["caption_entities"][0]["type"] == "url", photo
    place = next_update("message", lambda: does({"type": "location", "latitude": 1.5, "longitude": 2.5}))
    assert place["location"] == {"latitude": 1.5, "longitude": 2.5}, place
    venue = next_update("message", lambda: does({"type": "venue", "title": "Shop", "address": "Street 1"}))
    assert venue["venue"]["title"] == "Shop" and venue["location"] == venue["venue"]["location"], venue
    own = next_update("message", lambda: does({"type": "contact"}))["contact"]
    assert own["user_id"] == MARIA and own["phone_number"] == "79161234567", own
    card = {"phone_number": "+15550001", "first_name": "Bob"}
    assert next_update("message", lambda: does({"type": "contact", "contact": card}))["contact"] == card
    album = does({"type": "album", "caption": "two"})
    wait_for(lambda: updates("message")[-1]["message_id"] == album["ids"][-1], "the album")
    first, second = updates("message")[-2:]
    assert first["media_group_id"] == second["media_group_id"] and first["caption"] == "two" and "caption" not in second
    answer = next_update("message", lambda: does({"text": "I mean this", "reply_to": album["id"], "forwarded": True}))
    assert answer["reply_to_message"]["message_id"] == album["id"] and answer["forward_origin"]["type"] == "hidden_user"
    edited = next_update("edited_message", lambda: does({"type": "edit", "message": answer["message_id"], "text": "no"}))
    assert edited["text"] == "no" and edited["edit_date"] and edited["message_id"] == answer["message_id"], edited
    raw = next_update("poll", lambda: does({"type": "raw", "update": {"poll": {"id": "1"}}}))
    assert raw == {"id": "1"}


def test_inline_buttons_are_pressed_and_answered():
    fresh()
    markup = {"inline_keyboard": [[{"text": "Track", "url": "https://e.example"}, {"text": "Yes", "callback_data": "b:1"}],
                                  [{"text": "No", "callback_data": "b:2"}]]}
    number = result("sendMessage", chat_id=MARIA, text="Sure?", reply_markup=markup)["message_id"]
    assert [[one["text"] for one in row] for row in shown(number)["buttons"]] == [["Track", "Yes"], ["No"]]
    press = lambda **by: does({"type": "press", "message": number, **by})
    query = next_update("callback_query", lambda: press(index=2))
    assert query["data"] == "b:2" and query["from"]["id"] == MARIA and query["message"]["message_id"] == number, query
    assert query["message"]["reply_markup"] == markup and query["chat_instance"], query
    assert result("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True) is True
    assert shown(number)["answer"] == {"query": query["id"], "text": "Done", "alert": True}, shown(number)
    refused(bot("answerCallbackQuery", token=OTHER_TOKEN, callback_query_id=query["id"]), 400, "query is too old")
    again = next_update("callback_query", lambda: press(data="b:1"))
    assert again["id"] != query["id"] and again["data"] == "b:1", again
    sim.sim("POST", "clock", {"advance_ms": 151_000})
    refused(bot("answerCallbackQuery", callback_query_id=again["id"]), 400, "query is too old")
    link = sim.call("POST", f"/sim/telegram/people/{MARIA}/messages",
                    {"bot": BOT, "type": "press", "message": number, "index": 0})
    assert link.status == 409, link.body


def test_a_reply_keyboard_writes_what_is_on_it():
    fresh()
    result("sendMessage", chat_id=MARIA, text="?", reply_markup={
        "keyboard": [["Yes", "No"], [{"text": "My number", "request_contact": True}]], "one_time_keyboard": True})
    assert [[one["text"] for one in row] for row in view()["keyboard"]] == [["Yes", "No"], ["My number"]], view()
    assert next_update("message", lambda: does({"type": "press", "index": 1}))["text"] == "No"
    assert view()["keyboard"] == [], "it was for one time"
    result("sendMessage", chat_id=MARIA, text="?", reply_markup={"keyboard": [[{"text": "My number", "request_contact": True}]]})
    assert next_update("message", lambda: does({"type": "press", "button": "My number"}))["contact"]["user_id"] == MARIA
    result("sendMessage", chat_id=MARIA, text=".", reply_markup={"remove_keyboard": True})
    assert view()["keyboard"] == []


# --- webhooks ---

def test_a_webhook_needs_https_a_port_and_a_plain_secret():
    fresh(webhook=False)
    url = "https://okno.example/hook"
    for secret in ("with blank", "ё", "a.b", "x" * 257):
        refused(bot("setWebhook", url=url, secret_token=secret), 400, "secret token")
    refused(bot("setWebhook", url="https://okno.example:8444/hook"), 400, "ports 80, 88, 443 or 8443")
    refused(bot("setWebhook", url="ftp://okno.example/hook"), 400, "HTTPS URL must be provided")
    refused(bot("setWebhook", url="https:///hook"), 400, "bad webhook")
    sim.sim("PATCH", "settings", {"telegram_http_webhooks": 0})
    refused(bot("setWebhook", url=hook.url), 400, "HTTPS URL must be provided")
    for port in ("", ":443", ":80", ":88", ":8443"):
        assert result("setWebhook", url=f"https://okno.example{port}/hook", secret_token="Aa0_-") is True
    info = result("getWebhookInfo")
    assert info["url"] == "https://okno.example:8443/hook" and info["max_connections"] == 40, info
    again = bot("setWebhook", url="https://okno.example:8443/hook", secret_token="Aa0_-", max_connections=500).json
    assert again["description"] == "Webhook is already set" and result("getWebhookInfo")["max_connections"] == 100
    assert bot("deleteWebhook").json["description"] == "Webhook was deleted"
    assert result("getWebhookInfo")["url"] == ""
    sim.sim("PATCH", "settings", {"telegram_http_webhooks": 1})


def test_an_update_is_repeated_and_holds_up_its_own_chat_alone():
    fresh()
    does({"type": "start"}, IVAN)
    wait_for(lambda: len(updates("message")) == 2, "both starts")
    hook.clear()
    broken = []

    def decide(body):
        if body["message"]["chat"]["id"] != MARIA or len(broken) >= 4:
            return 204
        broken.append(body["update_id"])
        return 500

    hook.decide = decide
    texts = [does({"text": str(i)})["update_id"] for i in range(3)]
    ivans = [does({"text": str(i)}, IVAN)["update_id"] for i in range(3)]
    wait_for(lambda: len(updates("message")) == 6, "all six")
    assert broken == [texts[0]] * 4, "what follows waits"
    order = [one["update_id"] for one in updates()]
    assert [one for one in order if one in texts] == texts and [one for one in order if one in ivans] == ivans, order
    assert order.index(ivans[2]) < order.index(texts[0]), "the other chat went on"
    info = result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error", info
    assert info["last_error_date"] > 0 and info["pending_update_count"] == 0, info
    tries = [one for one in sim.log("webhook") if one["updates"][0]["id"] == texts[0]]
    assert [one["attempt"] for one in tries] == [1, 2, 3, 4, 5] and tries[-1]["status"] == 204, tries
    sent = [one["sent_at_ms"] for one in tries]
    assert sent[2] - sent[1] >= 20 and sent[4] - sent[3] >= 80, sent


def test_a_press_may_overtake_a_message():
    fresh()
    number = result("sendMessage", chat_id=MARIA, text="?", reply_markup=inline({"callback_data": "a"}))["message_id"]
    hook.decide = lambda body: 500 if "message" in body else 200
    does({"text": "stuck"})
    next_update("callback_query", lambda: does({"type": "press", "message": number, "index": 0}))
    assert result("getWebhookInfo")["pending_update_count"] == 1
    hook.decide = None
    settle()


def test_retry_after_is_obeyed():
    fresh()
    hook.reply_headers = {"Retry-After": "1"}
    hook.statuses = [503]
    start = time.monotonic()
    next_update("message", lambda: does({"text": "wait for me"}))
    assert time.monotonic() - start >= 1


def test_updates_expire():
    fresh()
    number = result("sendMessage", chat_id=MARIA, text="?", reply_markup=inline({"callback_data": "a"}))["message_id"]
    hook.decide = lambda body: 500
    does({"text": "too late"})
    does({"type": "press", "message": number, "index": 0})
    wait_for(lambda: len(hook.posts) > 4, "attempts")
    sim.sim("POST", "clock", {"advance_ms": 151_000})
    wait_for(lambda: result("getWebhookInfo")["pending_update_count"] == 1, "the press expires")
    sim.sim("POST", "clock", {"advance_ms": 24 * HOUR})
    wait_for(lambda: result("getWebhookInfo")["pending_update_count"] == 0, "the message expires")
    settle()


def test_a_webhook_that_is_gone_for_a_day_is_removed():
    fresh()
    hook.decide = lambda body: 410
    does({"text": "anybody?"})
    wait_for(lambda: len(hook.posts) > 2, "attempts")
    assert result("getWebhookInfo")["url"] == hook.url
    sim.sim("POST", "clock", {"advance_ms": 23 * HOUR + 1000})
    wait_for(lambda: result("getWebhookInfo")["url"] == "", "the removal")
    assert len(result("getUpdates")) == 1


def test_only_wanted_updates_come():
    fresh()
    result("setWebhook", url=hook.url, secret_token=SECRET, allowed_updates=["callback_query"])
    assert "update_id" not in does({"text": "unwanted"})
    result("setWebhook", url=hook.url, secret_token=SECRET)
    assert result("getWebhookInfo")["allowed_updates"] == ["callback_query"], "it stays as it was"
    result("setWebhook", url=hook.url, secret_token=SECRET, allowed_updates=[])
    number = does({"text": "wanted"})["id"]
    assert "update_id" not in does({"type": "reaction", "message": number, "emoji": "👍"}), "must be asked for"
    result("setWebhook", url=hook.url, secret_token=SECRET, allowed_updates=["message", "message_reaction"])
    reaction = next_update("message_reaction", lambda: does({"type": "reaction", "message": number, "emoji": "🔥"}))
    assert reaction["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}], reaction
    assert reaction["old_reaction"] == [{"type": "emoji", "emoji": "👍"}], reaction


def test_what_waits_can_be_dropped():
    fresh()
    hook.decide = lambda body: 500
    does({"text": "forget me"})
    result("deleteWebhook", drop_pending_updates=True)
    hook.decide = None
    assert result("getUpdates") == []


# --- polling ---

def test_updates_are_polled_and_confirmed():
    fresh(webhook=False)
    ids = [does({"text": str(i)})["update_id"] for i in range(5)]
    got = result("getUpdates", limit=3)
    assert [one["message"]["text"] for one in got] == ["/start", "0", "1"], got
    assert result("getUpdates", limit=3) == got, "unconfirmed ones come again"
    assert [one["update_id"] for one in result("getUpdates", offset=ids[2])] == ids[2:]
    assert [one["update_id"] for one in result("getUpdates", offset=-1)] == [ids[4]]
    assert result("getUpdates", offset=ids[4] + 1) == []
    does({"text": "old"})
    sim.sim("POST", "clock", {"advance_ms": 25 * HOUR})
    assert result("getUpdates") == []


def poll_in_background(**more):
    box = {}
    start = time.monotonic()

    def poll():
        host = sim.connection
        reply = bot("getUpdates", more)
        box.update(reply=reply, seconds=time.monotonic() - start)
        host.open.close()

    thread = threading.Thread(target=poll)
    thread.start()
    time.sleep(0.2)
    return box, thread


def test_a_poll_waits_for_something_to_tell():
    last = fresh(webhook=False)
    result("getUpdates", offset=result("getUpdates")[-1]["update_id"] + 1)
    box, thread = poll_in_background(timeout=20)
    assert not box and sim.sim("GET", "settled")["settled"], "a waiting poll keeps nobody waiting"
    does({"text": "here I am"})
    thread.join(5)
    assert [one["message"]["text"] for one in box["reply"].json["result"]] == ["here I am"], box
    box, thread = poll_in_background(offset=box["reply"].json["result"][0]["update_id"] + 1, timeout=1)
    thread.join(5)
    assert box["reply"].json["result"] == [] and 0.9 <= box["seconds"] < 3, box
    entry = [one for one in sim.log() if one.get("api_method") == "getUpdates"][-1]
    assert entry["status"] == 200 and entry["updates"] == [] and last, entry


def test_one_poll_at_a_time_and_none_beside_a_webhook():
    fresh(webhook=False)
    result("getUpdates", offset=result("getUpdates")[-1]["update_id"] + 1)
    box, thread = poll_in_background(timeout=20)
    second, other = poll_in_background(timeout=20)
    thread.join(5)
    refused(box["reply"], 409, "Conflict: terminated by other getUpdates request")
    result("setWebhook", url=hook.url)
    other.join(5)
    refused(second["reply"], 409, "Conflict: terminated by setWebhook request")
    refused(bot("getUpdates"), 409, "Conflict: can't use getUpdates method while webhook is active")
    hook.clear()
    next_update("message", lambda: does({"text": "by webhook"}))
    assert "X-Telegram-Bot-Api-Secret-Token" not in hook.posts[0]["headers"]


# --- files ---

def test_files_of_people_are_fetched():
    fresh()
    data = b"%PDF-1.4 price list"
    wish = {"type": "document", "data": base64.b64encode(data).decode(), "mime_type": "application/pdf", "filename": "a.pdf"}
    document = next_update("message", lambda: does(wish))["document"]
    assert document["file_name"] == "a.pdf" and document["mime_type"] == "application/pdf", document
    told = result("getFile", file_id=document["file_id"])
    assert told["file_size"] == len(data) and told["file_path"].startswith("documents/") and "mime_type" not in told, told
    path = f"/file/bot{TOKEN}/{told['file_path']}"
    assert sim.call("GET", path).body == data
    assert sim.call("GET", f"/file/bot{OTHER_TOKEN}/{told['file_path']}").status == 404, "another bot's file"
    assert sim.call("GET", f"/file/bot{TOKEN}x/{told['file_path']}").status == 401
    refused(bot("getFile", token=OTHER_TOKEN, file_id=document["file_id"]), 400, "wrong file_id")
    sim.sim("POST", "clock", {"advance_ms": HOUR})
    assert sim.call("GET", path).status == 404, "the link was for an hour"
    result("getFile", file_id=document["file_id"])
    assert sim.call("GET", path).body == data
    entry = [one for one in sim.log() if one["path"].startswith("/file/")][-1]
    assert entry["path"] == f"/file/bot{BOT}:***/{told['file_path']}" and TOKEN not in json.dumps(sim.log()), entry
    large = next_update("message", lambda: does({"type": "document", "size": 25_000_000}))["document"]
    assert large["file_size"] == 25_000_000, large
    refused(bot("getFile", file_id=large["file_id"]), 400, "Bad Request: file is too big")
    small = next_update("message", lambda: does({"type": "video", "size": 3_000_000}))["video"]
    told = result("getFile", file_id=small["file_id"])
    assert len(sim.call("GET", f"/file/bot{TOKEN}/{told['file_path']}").body) == 3_000_000
    photo = next_update("message", lambda: does({"type": "photo"}))["photo"][-1]
    told = result("getFile", file_id=photo["file_id"])
    assert sim.call("GET", f"/file/bot{TOKEN}/{told['file_path']}").body.startswith(b"\xff\xd8\xff")


def test_files_of_the_bot_are_uploaded_and_used_again():
    fresh()
    reply = upload("sendPhoto", {"photo": ("a.jpg", "image/jpeg", jpeg(1200, 800)), "caption": "look"})
    photo = reply.json["result"]["photo"][-1]
    assert (photo["width"], photo["height"]) == (1200, 800) and reply.json["result"]["caption"] == "look", reply.body
    again = result("sendPhoto", chat_id=MARIA, photo=photo["file_id"])
    assert again["photo"][-1]["file_id"] == photo["file_id"], again
    refused(bot("sendDocument", chat_id=MARIA, document=photo["file_id"]), 400, "can't use file of type Photo as Document")
    does({"type": "start"}, of=555000222)
    refused(bot("sendPhoto", token=OTHER_TOKEN, chat_id=MARIA, photo=photo["file_id"]), 400, "wrong file identifier")
    document = upload("sendDocument", {"document": ("report.pdf", "application/pdf", b"%PDF-1.4")}).json["result"]
    assert document["document"]["file_name"] == "report.pdf" and shown(document["message_id"])["media"]["kind"] == "document"
    voice = upload("sendVoice", {"voice": ("v.ogg", "audio/ogg", b"OggS" + b"0" * 50)}).json["result"]
    assert voice["voice"]["mime_type"] == "audio/ogg", voice
    other = upload("sendVoice", {"voice": ("v.wav", "audio/wav", b"RIFF" + b"0" * 50)}).json["result"]
    assert "voice" not in other and other["document"]["file_name"] == "v.wav", "other formats become documents"
    media = [{"type": "photo", "media": "attach://one", "caption": "two of them"}, {"type": "photo", "media": "attach://two"}]
    album = upload("sendMediaGroup", {"media": json.dumps(media), "one": ("1.jpg", "image/jpeg", jpeg(100, 100)),
                                      "two": ("2.jpg", "image/jpeg", jpeg(100, 100))}).json["result"]
    assert len(album) == 2 and album[0]["media_group_id"] == album[1]["media_group_id"], album
    assert album[0]["caption"] == "two of them" and "caption" not in album[1], album
    file = shown(album[0]["message_id"])["media"]["file"]
    assert sim.call("GET", f"/sim/telegram/files/{file}").body == jpeg(100, 100)


def test_wrong_files_are_refused():
    fresh()
    photo = lambda data: upload("sendPhoto", {"photo": ("a.jpg", "image/jpeg", data)})
    refused(photo(b""), 400, "file must be non-empty")
    refused(photo(b"no picture"), 400, "IMAGE_PROCESS_FAILED")
    refused(photo(jpeg(9000, 1001)), 400, "PHOTO_INVALID_DIMENSIONS")
    refused(photo(jpeg(2100, 100)), 400, "PHOTO_INVALID_DIMENSIONS")
    refused(photo(jpeg(100, 100) + b"0" * (10 << 20)), 400, "too big for a photo")
    assert photo(jpeg(2000, 100) + b"0" * ((10 << 20) - 100)).status == 200
    large = b"0" * (50 << 20)
    assert upload("sendDocument", {"document": ("a.bin", "application/octet-stream", large)}).status == 200
    refused(upload("sendDocument", {"document": ("a.bin", "application/octet-stream", large + b"0")}), 413, "Too Large")
    refused(upload("sendSticker", {"sticker": ("a.png", "image/png", b"\x89PNG")}), 400, "wrong file type")
    refused(upload("sendPhoto", {"photo": "attach://nothing"}), 400, "wrong file identifier")
    sim.sim("PATCH", f"telegram/people/{MARIA}", {"forbids_voice": True})
    refused(upload("sendVoice", {"voice": ("v.ogg", "audio/ogg", b"OggS")}), 400, "VOICE_MESSAGES_FORBIDDEN")


# --- business accounts ---

def in_business(wish, connection, client=IVAN):
    return sim.sim("POST", f"telegram/connections/{connection}/messages", {"chat": client, **wish})


def test_a_business_account_is_answered_by_the_bot():
    fresh()
    told = next_update("business_connection",
                       lambda: sim.sim("POST", "telegram/connections", {"id": "conn1", "bot": BOT, "owner": MARIA}))
    assert told["id"] == "conn1" and told["user"]["id"] == MARIA and told["user_chat_id"] == MARIA, told
    assert told["is_enabled"] and told["rights"]["can_reply"], told
    business = {"business_connection_id": "conn1", "chat_id": IVAN}
    refused(bot("sendMessage", business, text="x"), 400, "chat not found")
    asked = next_update("business_message", lambda: in_business({"text": "hello"}, "conn1"))
    assert asked["business_connection_id"] == "conn1" and asked["chat"]["id"] == asked["from"]["id"] == IVAN, asked
    sent = result("sendMessage", business, text="Good day", reply_markup=inline({"callback_data": "a"}))
    assert sent["from"]["id"] == MARIA and sent["sender_business_bot"]["id"] == BOT, sent
    echo = wait_for(lambda: [one for one in updates("business_message") if one["message_id"] == sent["message_id"]], "the echo")
    assert echo[0]["sender_business_bot"]["id"] == BOT, echo
    own = next_update("business_message", lambda: in_business({"from": "owner", "text": "by hand"}, "conn1"))
    assert own["from"]["id"] == MARIA and own["chat"]["id"] == IVAN and "sender_business_bot" not in own, own
    refused(bot("sendMessage", business, text="x", reply_markup={"keyboard": [["Yes"]]}), 400, "REPLY_MARKUP_INVALID")
    assert result("readBusinessMessage", business, message_id=asked["message_id"]) is True
    chat = sim.sim("GET", f"telegram/connections/conn1/messages?chat={IVAN}")["messages"]
    assert [one["direction"] for one in chat] == ["from_customer", "from_business", "from_business"], chat
    assert chat[0]["status"] == "read" and chat[1]["by_bot"] and "by_bot" not in chat[2], chat
    pressed = next_update("callback_query",
                          lambda: in_business({"type": "press", "message": sent["message_id"], "index": 0}, "conn1"))
    assert pressed["message"]["business_connection_id"] == "conn1" and pressed["from"]["id"] == IVAN, pressed
    edited = next_update("edited_business_message", lambda: in_business(
        {"type": "edit", "message": asked["message_id"], "text": "hello!"}, "conn1"))
    assert edited["text"] == "hello!", edited
    gone = next_update("deleted_business_messages", lambda: in_business(
        {"type": "delete", "messages": [asked["message_id"]]}, "conn1"))
    assert gone["message_ids"] == [asked["message_id"]] and gone["chat"]["id"] == IVAN, gone
    sim.sim("POST", "clock", {"advance_ms": 24 * HOUR})
    refused(bot("sendMessage", business, text="x"), 400, "BUSINESS_PEER_USAGE_MISSING")


def test_a_business_account_lets_the_bot_edit_and_delete_what_it_wrote():
    fresh()
    sim.sim("POST", "telegram/connections", {"id": "conn1", "bot": BOT, "owner": MARIA})
    asked = in_business({"text": "hello"}, "conn1")["id"]
    other = in_business({"text": "me too"}, "conn1", STRANGER)["id"]
    assert other == asked + 1, "the account counts over all its chats"
    business = {"business_connection_id": "conn1", "chat_id": IVAN}
    first, second = (result("sendMessage", business, text=text)["message_id"] for text in ("one", "two"))
    assert result("editMessageText", business, message_id=first, text="won")["text"] == "won"

    def delete(*numbers):
        return bot("deleteBusinessMessages", business_connection_id="conn1", message_ids=list(numbers))

    refused(bot("deleteBusinessMessages", business_connection_id="conn9", message_ids=[first]), 400, "connection not found")
    refused(delete(), 400, "message identifiers are not specified")
    refused(delete(first, 999), 400, "message to delete not found")
    refused(delete(asked), 400, "not enough rights")
    assert delete(first).json["result"] is True
    refused(delete(first), 400, "message to delete not found")
    shown = {one["id"]: one for one in sim.sim("GET", f"telegram/connections/conn1/messages?chat={IVAN}")["messages"]}
    assert shown[first]["deleted"] and "deleted" not in shown[second], shown
    sim.sim("POST", "clock", {"advance_ms": 48 * HOUR + 1000})
    refused(delete(second), 400, "message can't be deleted")


def test_a_business_account_may_limit_and_leave_the_bot():
    fresh()
    next_update("business_connection",
                lambda: sim.sim("POST", "telegram/connections", {"id": "conn1", "bot": BOT, "owner": MARIA}))
    number = in_business({"text": "hello"}, "conn1")["id"]
    business = {"business_connection_id": "conn1", "chat_id": IVAN}
    limited = next_update("business_connection", lambda: sim.sim("PATCH", "telegram/connections/conn1", {"rights": {}}))
    assert limited["rights"] == {}, limited
    refused(bot("sendMessage", business, text="x"), 400, "not enough rights")
    refused(bot("readBusinessMessage", business, message_id=number), 400, "not enough rights")
    left = next_update("business_connection", lambda: sim.sim("PATCH", "telegram/connections/conn1", {"enabled": False}))
    assert left["is_enabled"] is False, left
    refused(bot("sendMessage", business, text="x"), 400, "BUSINESS_CONNECTION_INVALID")
    refused(bot("sendMessage", business, token=OTHER_TOKEN, text="x"), 400, "business connection not found")
    assert "update_id" not in in_business({"text": "anybody?"}, "conn1")
    sim.sim("PATCH", f"telegram/bots/{BOT}", {"can_connect_to_business": False})
    assert sim.call("POST", "/sim/telegram/connections", {"bot": BOT, "owner": MARIA}).status == 400


# --- faults ---

def fault(kind, **more):
    return sim.sim("POST", "faults", {"kind": kind, **more})["id"]


def test_refusing_faults_happen_as_often_as_told():
    fresh()
    for kind, status in (("429", 429), ("500", 500), ("expired_token", 401)):
        fault(kind, count=2)
        got = [bot("sendMessage", chat_id=MARIA, text="x") for _ in range(3)]
        assert [one.status for one in got] == [status] * 2 + [200], (kind, got)
    fault("429", retry_after=7)
    slowed = bot("sendMessage", chat_id=MARIA, text="x")
    assert slowed.json["parameters"]["retry_after"] == 7 and slowed.headers["Retry-After"] == "7", slowed.body
    fault("500", plain=True)
    assert b"<html>" in bot("sendMessage", chat_id=MARIA, text="x").body
    fault("500", match={"provider": "whatsapp"})
    fault("500", match={"chat": IVAN})
    fault("500")
    assert bot("getMe").status == 200, "faults are for messages unless told otherwise"
    assert bot("sendMessage", chat_id=MARIA, text="x").status == 500
    fault("500", match={"edge": "getFile"})
    assert bot("getFile").status == 500 and bot("sendMessage", chat_id=MARIA, text="x").status == 200
    fault("500", match={"method": "sendVenue"})
    assert bot("sendMessage", chat_id=MARIA, text="x").status == 200 and bot("sendVenue", chat_id=MARIA).status == 500


def test_silence_before_and_after_accepting():
    fresh()
    for kind, arrives in (("timeout_before_accept", False), ("timeout_after_accept", True)):
        fault(kind)
        try:
            bot("sendMessage", chat_id=MARIA, text=kind, timeout=0.3)
            raise AssertionError("answered")
        except TimeoutError:
            pass
        entry = sim.log()[-1]
        assert entry["status"] is None and entry["fault"] == kind and ("message_id" in entry) is arrives, entry
        assert (view()["messages"][-1]["text"] == kind) is arrives
    fault("slow", ms=300)
    start = time.monotonic()
    result("sendMessage", chat_id=MARIA, text="slowly")
    assert time.monotonic() - start >= 0.3


def test_updates_can_be_doubled_lost_and_held():
    fresh()
    fault("duplicate_webhook", times=3, match={"what": "message"})
    number = does({"text": "three times"})["update_id"]
    wait_for(lambda: [one["update_id"] for one in updates()].count(number) == 3, "three copies")
    settle()
    fault("lost_webhook", match={"provider": "telegram", "chat": MARIA})
    lost = does({"text": "lost"})["update_id"]
    settle()
    assert lost not in [one["update_id"] for one in updates()] and len(sim.log("webhook_lost")) == 1
    fault("hold_webhooks", count=0, match={"what": "message"})
    first, second = does({"text": "1"})["update_id"], does({"text": "2"})["update_id"]
    settle()
    sim.sim("DELETE", "faults")
    assert not {first, second} & {one["update_id"] for one in updates()}
    assert sim.sim("POST", "webhooks/release", {"count": 1})["released"] == 1
    wait_for(lambda: updates()[-1]["update_id"] == first, "the first held one")
    assert sim.sim("POST", "webhooks/release")["released"] == 1
    wait_for(lambda: updates()[-1]["update_id"] == second, "the second held one")


# --- journal and world ---

def test_the_log_keeps_what_was_accepted_in_order():
    fresh()
    start = sim.sim("GET", "log?limit=200000")["last"]
    numbers = [result("sendMessage", chat_id=MARIA, text=str(i))["message_id"] for i in range(3)]
    bot("sendMessage", chat_id=MARIA, text="")
    entries = [one for one in sim.sim("GET", f"log?after={start}&limit=200000")["entries"] if one["kind"] == "api"]
    assert [one.get("message_id") for one in entries] == [*numbers, None], entries
    last = entries[-1]
    assert last["status"] == last["code"] == 400 and last["description"] == "Bad Request: message text is empty", last
    assert last["path"] == f"/bot{BOT}:***/sendMessage" and last["api_method"] == "sendMessage", last
    first = entries[0]
    assert (first["provider"], first["method"], first["bot"], first["chat"], first["type"]) == (
        "telegram", "POST", BOT, MARIA, "text"), first
    told = sim.log("webhook")[0]
    assert told["provider"] == "telegram" and told["updates"][0]["what"] == "message" and told["attempt"] == 1, told


def test_the_world_holds_both_messengers_and_can_be_kept():
    fresh()
    sim.sim("POST", "world", {"phones": [{"wa_id": "79161234567"}], "telegram": {"people": [{"id": 77}]}})
    world = sim.sim("GET", "world")
    assert [one["wa_id"] for one in world["phones"]] == ["79161234567"], world
    assert 77 in [one["id"] for one in world["telegram"]["people"]] and world["settings"]["telegram_http_webhooks"] == 1
    assert sim.call("POST", "/sim/world", {"telegram": {"cats": []}}).status == 400
    result("sendMessage", chat_id=MARIA, text="x")
    sim.sim("POST", "reset", {"keep": "world"})
    assert view()["messages"] == [] and sim.log() == [] and result("getWebhookInfo")["url"] == hook.url
    refused(bot("sendMessage", chat_id=MARIA, text="x"), 403, "can't initiate")
    sim.sim("POST", "reset")
    refused(bot("getMe"), 401, "Unauthorized")


def test_the_page_has_a_phone_of_telegram():
    for name in ("messengers.js", "telegram_phone.js", "telegram_bubble.js"):
        assert sim.call("GET", "/pages/" + name).headers["Content-Type"].startswith("text/javascript"), name


def test_a_rush_loses_and_doubles_nothing():
    fresh()
    people = [800_000_000 + i for i in range(200)]
    sim.sim("POST", "world", {"telegram": {"people": [{"id": one} for one in people]}})
    hook.clear()
    for person in people:
        does({"text": "hi"}, person)
        does({"text": "again"}, person)
    wait_for(lambda: len(updates("message")) == 400, "400 updates", 60)
    settle()
    assert len({one["update_id"] for one in updates()}) == 400
    for person in people:
        texts = [one["text"] for one in updates("message") if one["chat"]["id"] == person]
        assert texts == ["hi", "again"], texts


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
