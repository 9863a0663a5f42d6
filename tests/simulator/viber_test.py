#!/usr/bin/env python3
"""What the simulator does as Viber: statuses in HTTP 200, the webhook it tries, signed callbacks, subscription, keyboards."""
import base64
import hashlib
import hmac
import http.server
import json
import threading
import urllib.parse

from simulator import Simulator, run, wait_for

BOT, TOKEN, PERSON, ID = "yasno", "4453b6ac-token-of-the-bot", "maria", "01234567890A="
EVENTS = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"]
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 40

sim = Simulator("--retry-base-ms", "20")


class Hook:
    """A bot's webhook: keeps what arrives, checks signatures, answers as told; serves files of the bot too."""

    def __init__(self):
        self.callbacks = []  # (body, status that was answered)
        self.answers = []  # statuses for the next callbacks
        self.welcome = b""
        self.bad_signatures = 0
        self.files = {}  # path: (mime, bytes)
        self.asked = []  # (method, path) of files
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b"", mime="application/json", with_body=True):
                self.send_response(status)
                self.send_header("Content-Type", mime)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if with_body:
                    self.wfile.write(body)

            def give(self, with_body):
                hook.asked.append((self.command, self.path))
                if self.path not in hook.files:
                    return self.answer(404, with_body=with_body)
                mime, data = hook.files[self.path]
                return self.answer(200, data, mime, with_body)

            def do_GET(self):
                self.give(True)

            def do_HEAD(self):
                self.give(False)

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                wanted = hmac.new(TOKEN.encode(), raw, hashlib.sha256).hexdigest()
                sig = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)).get("sig")
                if self.headers.get("X-Viber-Content-Signature") != wanted or sig != wanted:
                    hook.bad_signatures += 1
                body = json.loads(raw)
                status = hook.answers.pop(0) if hook.answers else 200
                hook.callbacks.append((body, status))
                self.answer(status, hook.welcome if body["event"] == "conversation_started" else b"")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.url = self.base + "/hooks/KEY"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self, event):
        return [body for body, status in list(self.callbacks) if body["event"] == event and status == 200]

    def file(self, name, mime, data):
        self.files["/" + name] = (mime, data)
        return f"{self.base}/{name}"


hook = Hook()


def call(method, body=None, token=TOKEN):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["X-Viber-Auth-Token"] = token
    raw = body if isinstance(body, bytes) else json.dumps(body or {}, ensure_ascii=False).encode()
    reply = sim.call("POST", "/pa/" + method, raw, headers)
    assert reply.status == 200, (reply.status, reply.body)  # Viber refuses with 200 too
    return reply.json


def status(method, body=None, token=TOKEN):
    return call(method, body, token)["status"]


def viber(method, path, body=None):
    return sim.sim(method, "viber/" + path, body)


def fresh(connected=True, subscribed=True, **bot):
    sim.sim("POST", "reset")
    viber("POST", "world", {"bots": [{"uri": BOT, "name": "Yasno", "token": TOKEN, **bot}],
                            "people": [{"id": ID, "key": PERSON, "name": "Maria", "phone": "79161234567"}]})
    hook.callbacks.clear()
    hook.answers.clear()
    hook.asked.clear()
    hook.welcome = b""
    if connected:
        connect()
    if subscribed and connected:
        writes()


def connect(url=None, **more):
    answer = call("set_webhook", {"url": url or hook.url, "event_types": EVENTS, "send_name": True, "send_photo": True, **more})
    assert answer["status"] == 0, answer
    return answer


def writes(text="hello", **more):
    return viber("POST", f"people/{PERSON}/messages", {"type": "text", "text": text, **more})["message_token"]


def person(**more):
    viber("PATCH", f"people/{PERSON}", more)


def message(**more):
    return {"receiver": ID, "sender": {"name": "Yasno"}, "type": "text", "text": "hi", "min_api_version": 1, **more}


def send(**more):
    return call("send_message", message(**more))


def sent(**more):
    answer = send(**more)
    assert answer["status"] == 0, answer
    return answer["message_token"]


def sees():
    return viber("GET", f"people/{PERSON}/messages")


def shown(token):
    return wait_for(lambda: [one for one in sees()["messages"] if one["id"] == str(token)], "it on the phone")[0]


def keyboard(*buttons, **more):
    return {"Type": "keyboard", "Buttons": [{"ActionType": "reply", "ActionBody": "b:1", "Text": "Yes", **one} for one in buttons],
            **more}


def test_a_call_needs_a_token_in_its_header_or_body_a_known_method_and_json():
    fresh(connected=False)
    assert status("get_account_info", token="") == 2 and status("get_account_info", token="other") == 2
    assert call("get_account_info")["uri"] == BOT
    assert call("get_account_info", {"auth_token": TOKEN}, token="")["status"] == 0
    assert status("fly") == 3 and status("send_message", b"{") == 3
    assert sim.call("GET", "/pa/get_account_info").status == 405
    refused = call("get_account_info", token="other")
    assert refused["status_message"] == "invalidAuthToken" and refused["chat_hostname"]


def test_a_stopped_bot_says_why():
    fresh()
    for state, code in (("blocked", 7), ("not_found", 8), ("suspended", 9), ("not_authorized", 15)):
        viber("PATCH", f"bots/{BOT}", {"state": state})
        assert send()["status"] == code and status("set_webhook", {"url": hook.url}) == code


def test_the_webhook_is_tried_before_set_webhook_is_answered():
    fresh(connected=False)
    assert send()["status"] == 10
    answer = connect()
    assert sorted(answer["event_types"]) == sorted(EVENTS)
    (body, _), = hook.callbacks
    assert body["event"] == "webhook" and body["message_token"] > 2 ** 53 and hook.bad_signatures == 0
    info = call("get_account_info")
    assert info["webhook"] == hook.url and sorted(info["event_types"]) == sorted(EVENTS)
    hook.answers = [500]
    assert status("set_webhook", {"url": hook.base + "/other"}) == 1
    assert call("get_account_info")["webhook"] == hook.url


def test_what_set_webhook_refuses_and_removes():
    fresh(subscribed=False)
    assert status("set_webhook", {}) == 4
    assert status("set_webhook", {"url": "http://shop.example/hook"}) == 1 and status("set_webhook", {"url": "ftp://x"}) == 1
    assert status("set_webhook", {"url": hook.url, "event_types": ["everything"]}) == 3
    assert status("set_webhook", {"url": ""}) == 0
    assert call("get_account_info")["webhook"] == "" and send()["status"] == 10
    assert sim.call("POST", f"/sim/viber/people/{PERSON}/messages", {"type": "text", "text": "x"}).status == 400


def test_a_message_comes_signed_with_the_sender_and_the_tracking_data_of_what_was_seen():
    fresh()
    first = wait_for(lambda: hook.taken("message"), "the message")[0]
    assert first["sender"]["id"] == ID and first["sender"]["name"] == "Maria" and first["sender"]["avatar"]
    assert first["message"] == {"type": "text", "text": "hello"} and first["message_token"] > 2 ** 53
    assert not hook.taken("subscribed") and hook.bad_signatures == 0
    shown(sent(tracking_data="flow:12"))
    writes("again")
    again = wait_for(lambda: hook.taken("message")[1:], "the next")[0]
    assert again["message"]["tracking_data"] == "flow:12"
    connect(send_name=False, send_photo=False)
    writes("without a name")
    last = wait_for(lambda: hook.taken("message")[2:], "the last")[0]
    assert "name" not in last["sender"] and "avatar" not in last["sender"]


def test_only_events_that_were_asked_for_come_messages_always():
    fresh(connected=False)
    connect(event_types=[])
    token = writes()
    wait_for(lambda: hook.taken("message"), "the message")
    shown(sent())
    viber("POST", f"people/{PERSON}/seen", {})
    viber("POST", f"people/{PERSON}/messages", {"type": "unsubscribe"})
    wait_for(lambda: sim.sim("GET", "settled")["settled"], "the end of it")
    assert [body["event"] for body, _ in hook.callbacks] == ["webhook", "message"] and token


def test_a_callback_that_is_not_answered_200_is_repeated_with_its_token():
    fresh(subscribed=False)
    hook.answers = [500, 404, 200]
    writes()
    wait_for(lambda: hook.taken("message"), "the repetition")
    tokens = [body["message_token"] for body, _ in hook.callbacks if body["event"] == "message"]
    assert len(tokens) == 3 and len(set(tokens)) == 1
    sim.sim("POST", "faults", {"kind": "duplicate_webhook"})
    writes("twice")
    wait_for(lambda: len(hook.taken("message")) == 3, "both")
    sim.sim("POST", "faults", {"kind": "lost_webhook"})
    writes("never")
    writes("after")
    wait_for(lambda: len(hook.taken("message")) == 4, "the next")
    assert "never" not in [one["message"]["text"] for one in hook.taken("message")]


def test_after_an_hour_a_callback_is_given_up():
    fresh(subscribed=False)
    hook.answers = [500] * 1000
    writes()
    wait_for(lambda: len(hook.answers) < 998, "the tries")
    sim.sim("POST", "clock", {"advance_ms": 3_700_000})
    wait_for(lambda: viber("GET", "settled")["settled"], "the end of it")
    assert not hook.taken("message")


def test_delivered_and_seen_come_once_for_each_device():
    fresh()
    person(devices=2)
    token = sent()
    wait_for(lambda: len(hook.taken("delivered")) == 2, "both")
    assert {one["message_token"] for one in hook.taken("delivered")} == {token}
    assert hook.taken("delivered")[0]["user_id"] == ID and "user" not in hook.taken("delivered")[0]
    viber("POST", f"people/{PERSON}/seen", {})
    wait_for(lambda: len(hook.taken("seen")) == 2, "both")
    assert shown(token)["status"] == "seen"


def test_a_phone_that_is_off_gets_it_later():
    fresh()
    person(online=False)
    shown(sent())
    assert not hook.taken("delivered")
    person(online=True)
    wait_for(lambda: hook.taken("delivered"), "the delivery")


def test_a_phone_may_refuse_what_was_taken():
    fresh()
    person(fails_with="The keyboard is invalid")
    token = sent()
    failed = wait_for(lambda: hook.taken("failed"), "the failure")[0]
    assert failed["message_token"] == token and failed["desc"] == "The keyboard is invalid" and failed["user_id"] == ID
    assert not hook.taken("delivered")


def test_who_never_wrote_or_left_is_not_subscribed():
    fresh(subscribed=False)
    assert send()["status"] == 6 and send()["status_message"] == "notSubscribed"
    writes()
    assert send()["status"] == 0
    viber("POST", f"people/{PERSON}/messages", {"type": "unsubscribe"})
    left = wait_for(lambda: hook.taken("unsubscribed"), "the event")[0]
    assert left["user_id"] == ID and "user" not in left and send()["status"] == 6
    viber("POST", f"people/{PERSON}/messages", {"type": "subscribe"})
    assert wait_for(lambda: hook.taken("subscribed"), "the event")[0]["user"]["id"] == ID and send()["status"] == 0


def test_who_is_not_there_or_cannot_be_reached():
    fresh()
    assert send(receiver="nobody=")["status"] == 5
    for what, code in (({"registered": False}, 5), ({"registered": True, "suitable_device": False}, 11),
                       ({"suitable_device": True, "country_supported": False}, 21)):
        person(**what)
        assert send()["status"] == code, what


def test_an_opened_chat_is_told_with_its_context_and_subscribes_nobody():
    fresh(subscribed=False)
    hook.welcome = json.dumps({"sender": {"name": "Yasno"}, "type": "text", "text": "Welcome", "tracking_data": "w",
                               "keyboard": keyboard({"ActionBody": "start:T", "Text": "Begin"})}).encode()
    viber("POST", f"people/{PERSON}/messages", {"type": "open", "context": "TOKEN-1"})
    event = wait_for(lambda: hook.taken("conversation_started"), "the event")[0]
    assert event["context"] == "TOKEN-1" and event["subscribed"] is False and event["type"] == "open"
    assert event["user"]["id"] == ID
    welcome = wait_for(lambda: sees()["messages"], "the welcome")[0]
    assert welcome["text"] == "Welcome" and welcome["welcome"] and not hook.taken("delivered")
    assert send()["status"] == 6
    viber("POST", f"people/{PERSON}/messages", {"type": "press", "button": "Begin"})
    pressed = wait_for(lambda: hook.taken("message"), "the press")[0]["message"]
    assert pressed == {"type": "text", "text": "start:T", "tracking_data": "w"} and send()["status"] == 0
    viber("POST", f"people/{PERSON}/messages", {"type": "open"})
    again = wait_for(lambda: hook.taken("conversation_started")[1:], "the event")[0]
    assert again["subscribed"] is True and "context" not in again


def test_a_welcome_that_is_none_is_not_shown_nor_one_that_comes_after_the_first_word():
    fresh(subscribed=False)
    for wrong in (b"hello", b"{}", json.dumps({"type": "text", "text": "no sender"}).encode(),
                  json.dumps(message(text="to somebody")).encode()):
        hook.welcome = wrong
        viber("POST", f"people/{PERSON}/messages", {"type": "open"})
    wait_for(lambda: len(hook.taken("conversation_started")) == 4, "the events")
    wait_for(lambda: viber("GET", "settled")["settled"], "the end of it")
    assert sees()["messages"] == []


def test_texts_names_and_tracking_data_have_limits():
    fresh()
    assert send(text="я" * 7000)["status"] == 0 and send(text="x" * 7001)["status"] == 3
    assert send(text="")["status"] == 4 and send(type="")["status"] == 4 and send(type="dance")["status"] == 3
    assert send(sender={"name": "x" * 28})["status"] == 0 and send(sender={"name": "x" * 29})["status"] == 3
    assert send(sender={})["status"] == 4 and send(receiver="")["status"] == 4
    assert send(tracking_data="x" * 4096)["status"] == 0 and send(tracking_data="x" * 4097)["status"] == 3
    assert send(text="😀" * 6000, tracking_data="x" * 4000, note="x" * 3000)["status"] == 3  # 30 KB in all


def test_files_are_addresses_with_limits():
    fresh()
    url = "https://shop.example/a"
    assert send(type="picture", media=url, text="x" * 513)["status"] == 3
    assert send(type="picture", text="")["status"] == 4
    for wrong in ("http://shop.example/a", "ftp://shop.example/a", "https://" + "x" * 2000):
        assert send(type="picture", media=wrong, text="")["status"] == 3, wrong
    assert send(type="video", media=url)["status"] == 4 and send(type="video", media=url, size=(26 << 20) + 1)["status"] == 3
    assert send(type="video", media=url, size=5, duration=181)["status"] == 3
    document = {"type": "file", "media": url, "size": 5, "file_name": "a.pdf"}
    assert send(**{**document, "size": (50 << 20) + 1})["status"] == 3
    assert send(**{**document, "file_name": "setup.exe"})["status"] == 3 and send(**{**document, "file_name": "a"})["status"] == 3
    assert send(**{**document, "file_name": "x" * 253 + ".pdf"})["status"] == 3
    for missing in ("size", "file_name", "media"):
        assert send(**{name: value for name, value in document.items() if name != missing})["status"] == 4, missing


def test_cards_places_links_and_stickers():
    fresh()
    assert send(type="contact", contact={"name": "Oleg", "phone_number": "+79165550102"})["status"] == 0
    assert send(type="contact", contact={"name": "x" * 29, "phone_number": "1"})["status"] == 3
    assert send(type="contact", contact={"name": "Oleg", "phone_number": "1" * 19})["status"] == 3
    assert send(type="contact", contact={"name": "Oleg"})["status"] == 4
    assert send(type="location", location={"lat": 55.7, "lon": 37.6})["status"] == 0
    assert send(type="location", location={"lat": 91, "lon": 0})["status"] == 3
    assert send(type="location", location={"lat": 1})["status"] == 4
    assert send(type="url", media="https://x.example")["status"] == 0 and send(type="url")["status"] == 4
    assert send(type="sticker", sticker_id=40100)["status"] == 0 and send(type="sticker")["status"] == 4


def test_keyboards_have_rules():
    fresh()
    good = lambda *buttons, **more: send(keyboard=keyboard(*buttons, **more))["status"]
    assert good({}) == 0 and good({}, InputFieldState="regular") == 0 and good() == 4
    for wrong in ({"Columns": 7}, {"Columns": 0}, {"Rows": 3}, {"ActionType": "dance"}, {"Text": "x" * 251},
                  {"ActionBody": "x" * 251}, {"ActionType": "open-url", "ActionBody": "shop"}):
        assert good(wrong) == 3, wrong
    assert good({"ActionBody": ""}) == 4 and good({}, Type="menu") == 3 and good({}, InputFieldState="none") == 3
    assert good(*[{}] * 24) == 0 and good(*[{}] * 25) == 3 and good(*[{"Columns": 3}] * 48) == 0
    assert good({"ActionType": "share-phone"}) == 14
    assert send(min_api_version=3, keyboard=keyboard({"ActionType": "share-phone"}))["status"] == 0
    assert good({}, InputFieldState="hidden") == 14


def test_rich_media_needs_a_newer_program():
    fresh()
    rich = {"Type": "rich_media", "Buttons": [{"ActionType": "open-url", "ActionBody": "https://x.example", "Text": "x", "Rows": 7}]}
    assert send(type="rich_media", rich_media=rich)["status"] == 14
    assert send(type="rich_media", rich_media=rich, min_api_version=7)["status"] == 0
    assert send(type="rich_media", min_api_version=7)["status"] == 4
    person(api_version=6)
    assert send(type="rich_media", rich_media=rich, min_api_version=7)["status"] == 13


def test_the_phone_fetches_files_and_refuses_what_is_not_as_told():
    fresh()
    token = sent(type="picture", media=hook.file("a.png", "image/png", PNG), text="look")
    picture = shown(token)
    assert hook.asked == [("HEAD", "/a.png"), ("GET", "/a.png")]
    assert sim.call("GET", picture["media"]["url"]).body == PNG and picture["text"] == "look"
    failures = [("picture", {"media": hook.base + "/none.png"}, "could not be fetched"),
                ("picture", {"media": hook.file("a.pdf", "application/pdf", b"x")}, "of the type"),
                ("picture", {"media": hook.file("big.png", "image/png", b"x" * ((1 << 20) + 1))}, "too large"),
                ("file", {"media": hook.file("b.pdf", "application/pdf", b"12345"), "size": 4, "file_name": "b.pdf"}, "another size")]
    for index, (kind, more, why) in enumerate(failures):
        sent(type=kind, **{"text": "", **more})
        failed = wait_for(lambda: hook.taken("failed")[index:], why)[0]
        assert why in failed["desc"], failed
    document = shown(sent(type="file", media=hook.file("c.pdf", "application/pdf", b"12345"), size=5, file_name="c.pdf"))
    assert document["media"]["file_name"] == "c.pdf"


def test_a_keyboard_stands_until_the_next_message_and_is_pressed():
    fresh()
    shown(sent(keyboard=keyboard({"Columns": 3, "Silent": True}, {"Columns": 3, "ActionBody": "b:2", "Text": "No"},
                                 {"ActionType": "open-url", "ActionBody": "https://shop.example", "Text": "Site", "Silent": True})))
    assert [[one["text"] for one in row] for row in sees()["keyboard"]] == [["Yes", "No"], ["Site"]]
    press = lambda **wish: viber("POST", f"people/{PERSON}/messages", {"type": "press", **wish})
    before = len(sees()["messages"])
    press(button="Yes")
    silent = wait_for(lambda: hook.taken("message")[1:], "the press")[0]
    assert silent["silent"] is True and silent["message"]["text"] == "b:1" and len(sees()["messages"]) == before
    press(index=1)
    assert wait_for(lambda: hook.taken("message")[2:], "the press")[0]["message"]["text"] == "b:2"
    assert press(index=2) == {"opened": "https://shop.example"}
    assert sim.call("POST", f"/sim/viber/people/{PERSON}/messages", {"type": "press", "index": 3}).status == 400
    shown(sent(min_api_version=3, keyboard=keyboard({"ActionType": "share-phone"}, {"ActionType": "location-picker"})))
    press(index=0)
    assert wait_for(lambda: hook.taken("message")[3:], "the card")[0]["message"]["contact"]["phone_number"] == "79161234567"
    press(index=1)
    assert wait_for(lambda: hook.taken("message")[4:], "the place")[0]["message"]["location"]["lat"] == 55.7539
    shown(sent())
    assert sees()["keyboard"] == []


def test_every_kind_that_a_person_sends():
    fresh(subscribed=False)
    for kind in ("picture", "video", "voice", "file", "contact", "location", "url", "sticker"):
        viber("POST", f"people/{PERSON}/messages", {"type": kind})
    viber("POST", f"people/{PERSON}/messages", {"type": "file", "data": base64.b64encode(b"own").decode(), "filename": "own.txt",
                                                "mime_type": "text/plain"})
    viber("POST", f"people/{PERSON}/messages", {"type": "other", "message": {"type": "rich_media", "rich_media": {}}})
    wait_for(lambda: len(hook.taken("message")) == 10, "all")
    sent_ones = sorted(hook.taken("message"), key=lambda one: one["message_token"])
    kinds = [one["message"]["type"] for one in sent_ones]
    assert kinds == ["picture", "video", "file", "file", "contact", "location", "url", "sticker", "file", "rich_media"], kinds
    assert sent_ones[2]["message"]["file_name"].endswith(".m4a") and sent_ones[7]["message"]["sticker_id"] == 40100
    media = sent_ones[8]["message"]["media"].replace(sim.url, "")
    assert sim.call("GET", media).body == b"own"
    sim.sim("POST", "clock", {"advance_ms": 400_000})
    assert sim.call("GET", media).status == 404
    assert sim.call("GET", "/viber-stickers/40100.png").headers["Content-Type"] == "image/png"


def test_a_hundred_messages_an_hour_without_an_answer_are_enough():
    fresh()
    for _ in range(100):
        assert send()["status"] == 0
    assert send()["status"] == 12
    writes("answer")
    assert send()["status"] == 0
    for _ in range(99):
        send()
    assert send()["status"] == 12
    sim.sim("POST", "clock", {"advance_ms": 3_600_000})
    assert send()["status"] == 0


def test_a_session_is_free_and_what_is_outside_is_counted_and_charged():
    fresh(free_messages=1)
    assert send()["billing_status"] == 1
    sim.sim("POST", "clock", {"advance_ms": 24 * 3_600_000})
    assert send()["billing_status"] == 2 and send()["billing_status"] == 3
    viber("PATCH", f"bots/{BOT}", {"balance": False})
    assert send()["status"] == 24
    viber("PATCH", f"bots/{BOT}", {"pays": False})
    assert send()["status"] == 23
    writes()
    assert send()["billing_status"] == 1


def test_a_broadcast_names_whom_it_did_not_reach():
    fresh()
    body = {"broadcast_list": [ID, "nobody="], "sender": {"name": "Yasno"}, "type": "text", "text": "all"}
    answer = call("broadcast_message", body)
    assert answer["status"] == 0 and [(one["receiver"], one["status"]) for one in answer["failed_list"]] == [("nobody=", 5)]
    assert status("broadcast_message", {**body, "broadcast_list": []}) == 4
    assert status("broadcast_message", {**body, "broadcast_list": [str(i) for i in range(301)]}) == 3


def test_people_are_asked_about_twice_in_twelve_hours():
    fresh()
    assert call("get_user_details", {"id": ID})["user"]["name"] == "Maria" and status("get_user_details", {"id": ID}) == 0
    assert status("get_user_details", {"id": ID}) == 12 and status("get_user_details", {"id": "nobody="}) == 5
    assert status("get_user_details") == 4
    assert call("get_online", {"ids": [ID, "nobody="]})["users"][0]["online_status"] == 0
    assert status("get_online", {"ids": ["x"] * 101}) == 3 and status("get_online") == 4


def test_faults_refuse_as_wished():
    fresh()
    for fault, code in (({"kind": "429"}, 12), ({"kind": "500"}, 999), ({"kind": "expired_token"}, 2),
                        ({"kind": "restricted_number"}, 7), ({"kind": "500", "code": 11}, 11)):
        sim.sim("POST", "faults", fault)
        assert send()["status"] == code and send()["status"] == 0
    sim.sim("POST", "faults", {"kind": "500", "plain": True, "http_status": 502})
    raw = json.dumps(message()).encode()
    assert sim.call("POST", "/pa/send_message", raw, {"X-Viber-Auth-Token": TOKEN}).status == 502


def test_the_journal_tells_calls_and_callbacks_without_tokens():
    fresh()
    shown(sent(text="for the journal"))
    entries = sim.log("api")
    ours = [one for one in entries if one.get("method") == "send_message"][-1]
    assert ours["to"] == ID and ours["type"] == "text" and "for the journal" in ours["body"] and ours["code"] == 0
    call("get_account_info", {"auth_token": TOKEN}, token="")
    assert TOKEN not in json.dumps(sim.log("api")) + json.dumps(sim.log("webhook"))
    wait_for(lambda: any(one["updates"][0]["what"] == "delivered" for one in sim.log("webhook")), "the entry")


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
