#!/usr/bin/env python3
"""What the simulator does as MAX: refusals, keyboards, uploads, subscriptions, long polling, presses."""
import http.server
import json
import threading
import time
import urllib.parse
import uuid

from simulator import Simulator, run, wait_for

BOT, PERSON, TOKEN, SECRET = 12345, 54321, "f9LHodD0cOL", "s3cret-1"
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 40
TYPES = ["message_created", "message_callback", "message_edited", "message_removed", "bot_started", "bot_stopped",
         "dialog_removed"]

sim = Simulator("--retry-base-ms", "20")


class Hook:
    """A webhook address: keeps what comes, answers 200 or what `statuses` holds."""

    def __init__(self):
        self.updates = []  # (body, headers, status)
        self.statuses = []
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = hook.statuses.pop(0) if hook.statuses else 200
                hook.updates.append((body, dict(self.headers), status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self, kind):
        return [body for body, _, status in self.updates if body["update_type"] == kind and status == 200]


hook = Hook()


def call(method, path, body=None, token=TOKEN, patience=20, **query):
    address = "/max" + path + ("?" + urllib.parse.urlencode(query) if query else "")
    return sim.call(method, address, body, {"Authorization": token} if token else {}, patience)


def good(method, path, body=None, **query):
    reply = call(method, path, body, **query)
    assert reply.status == 200, (reply.status, reply.body)
    return reply.json


def refused(reply):
    assert reply.status >= 400, reply.body
    assert set(reply.json) == {"code", "message"}, reply.json
    return reply.status, reply.json["code"]


def max_(method, path, body=None):
    return sim.sim(method, "max/" + path, body)


def acts(**wish):
    return max_("POST", f"people/{PERSON}/messages", wish)


def sees():
    return max_("GET", f"people/{PERSON}/messages")


def pause():
    """The next second: two messages a second go into one dialog."""
    sim.sim("POST", "clock", {"advance_ms": 1000})


def send(text="hi", user=PERSON, **more):
    pause()
    return call("POST", "/messages", {"text": text, **more}, user_id=user)


def sent(text="hi", **more):
    reply = send(text, **more)
    assert reply.status == 200, reply.body
    return reply.json["message"]["body"]["mid"]


def fresh(started=True, subscribed=False):
    sim.sim("POST", "reset")
    max_("POST", "world", {"bots": [{"id": BOT, "name": "Yasno", "username": "id7700000000_bot", "token": TOKEN,
                                     "takes_http": True, "requests_per_second": 10000}],
                           "people": [{"id": PERSON, "first_name": "Maria", "last_name": "K", "phone": "79161234567"}]})
    hook.updates.clear()
    hook.statuses.clear()
    if subscribed:
        good("POST", "/subscriptions", {"url": hook.url, "secret": SECRET, "update_types": TYPES})
    if started:
        acts(type="start")


def test_a_call_needs_the_token_in_its_header_a_known_path_and_the_right_method():
    fresh()
    assert refused(call("GET", "/me", token="")) == (401, "verify.token")
    assert refused(call("GET", "/me", token="other")) == (401, "verify.token")
    assert refused(call("GET", "/me", token="Bearer " + TOKEN)) == (401, "verify.token")
    assert refused(call("GET", "/me", token="", access_token=TOKEN)) == (401, "verify.token")
    me = good("GET", "/me")
    assert me["user_id"] == BOT and me["username"] == "id7700000000_bot" and me["is_bot"] is True
    assert refused(call("GET", "/fly")) == (404, "not.found")
    assert refused(call("PATCH", "/messages", {})) == (405, "method.not.allowed")


def test_more_than_thirty_calls_a_second_are_too_many():
    fresh()
    max_("PATCH", f"bots/{BOT}", {"requests_per_second": 30})
    pause()
    replies = [call("GET", "/me") for _ in range(40)]
    assert [one.status for one in replies[:30]] == [200] * 30
    late = [one for one in replies if one.status == 429]
    assert late and refused(late[0]) == (429, "too.many.requests") and late[0].headers["retry_after"] == "1"
    pause()
    assert call("GET", "/me").status == 200


def test_two_messages_a_second_go_into_one_dialog():
    fresh()
    pause()
    statuses = [call("POST", "/messages", {"text": "x"}, user_id=PERSON).status for _ in range(3)]
    assert statuses == [200, 200, 429], statuses
    pause()
    assert call("POST", "/messages", {"text": "x"}, user_id=PERSON).status == 200


def test_only_who_started_the_bot_and_did_not_stop_it_is_reached():
    fresh(started=False)
    assert refused(send()) == (404, "dialog.not.found")
    assert refused(send(user=777)) == (404, "dialog.not.found")
    assert refused(call("POST", "/messages", {"text": "x"})) == (400, "proto.payload")
    chat = acts(type="start")["chat_id"]
    message = send("hi").json["message"]
    assert message["recipient"] == {"chat_id": chat, "chat_type": "dialog", "user_id": PERSON}
    pause()
    assert call("POST", "/messages", {"text": "by chat"}, chat_id=chat).status == 200
    acts(type="stop")
    reply = send()
    assert refused(reply) == (403, "chat.denied") and reply.json["message"] == "error.dialog.suspended"
    assert refused(call("POST", f"/chats/{chat}/actions", {"action": "typing_on"})) == (403, "chat.denied")
    acts(type="start")
    assert send().status == 200
    max_("PATCH", f"people/{PERSON}", {"deleted": True})
    assert refused(send()) == (404, "dialog.not.found")


def test_a_message_has_words_or_attachments_of_a_known_form():
    fresh()
    assert send("ж" * 4000).status == 200
    place = {"type": "location", "latitude": 55.7, "longitude": 37.6}
    assert send("", attachments=[place]).status == 200
    assert send("x", format="markdown").status == 200
    card = {"type": "contact", "payload": {"name": "A", "vcf_info": "BEGIN:VCARD"}}
    assert send("", attachments=[card]).status == 200
    for wrong in ({"text": "ж" * 4001}, {"text": ""}, {"text": 7}, {"text": "x", "format": "bbcode"},
                  {"text": "x", "attachments": [{"type": "poll"}]}, {"attachments": [{"type": "location"}]},
                  {"attachments": [card, place]}, {"attachments": [place] * 13},
                  {"attachments": [{"type": "contact", "payload": {"vcf_info": "x"}}]},
                  {"attachments": [{"type": "image", "payload": {"token": "unknown"}}]},
                  {"text": "x", "link": {"type": "quote", "mid": "m"}}):
        pause()
        assert refused(call("POST", "/messages", wrong, user_id=PERSON)) == (400, "proto.payload"), wrong
    pause()
    assert refused(call("POST", "/messages", b"{", user_id=PERSON)) == (400, "proto.payload")


def test_a_reply_names_a_message_that_is_there():
    fresh()
    asked = acts(text="Where?")["id"]
    sent("Here", link={"type": "reply", "mid": asked})
    assert sees()["messages"][-1]["reply_to"] == {"text": "Where?", "type": "text", "from_customer": True, "id": asked}
    assert refused(send("x", link={"type": "reply", "mid": "mid.none"})) == (404, "message.not.found")


def press_button(text="Yes", payload="9f3:1", **more):
    return {"type": "callback", "text": text, "payload": payload, **more}


def keyboard(rows):
    return [{"type": "inline_keyboard", "payload": {"buttons": rows}}]


def test_keyboards_are_refused_for_their_form():
    fresh()
    link = {"type": "link", "text": "Site", "url": "https://a.example"}
    ask = {"type": "request_contact", "text": "Number"}
    for rows in ([[press_button()] * 7] * 30, [[link, ask, press_button()]], [[press_button(text="ж" * 128)]],
                 [[press_button(payload="ж" * 1024)]], [[{"type": "request_geo_location", "text": "Here", "quick": True}]],
                 [[{"type": "message", "text": "Say"}, {"type": "clipboard", "text": "Copy", "payload": "x"}]]):
        assert send("x", attachments=keyboard(rows)).status == 200, rows
    for rows in ([], [[]], [[press_button()]] * 31, [[press_button()] * 8], [[link] + [press_button()] * 3], [[ask] * 4],
                 [[press_button(text="")]], [[press_button(text="ж" * 129)]], [[press_button(payload="x" * 1025)]],
                 [[{"type": "callback", "text": "x"}]], [[{"type": "fly", "text": "x"}]],
                 [[{**link, "url": "ftp://a"}]], [[{**link, "url": "https://" + "a" * 2048}]]):
        assert refused(send("x", attachments=keyboard(rows))) == (400, "proto.payload"), rows


def test_planned_faults_are_refusals_of_max_or_silence():
    fresh()
    for kind, wanted in (("429", (429, "too.many.requests")), ("500", (500, "internal.error")),
                         ("expired_token", (401, "verify.token"))):
        sim.sim("POST", "faults", {"kind": kind})
        assert refused(send()) == wanted, kind
    sim.sim("POST", "faults", {"kind": "500", "plain": True, "status": 502})
    reply = send()
    assert reply.status == 502 and reply.body.startswith(b"<html>")
    sim.sim("POST", "faults", {"kind": "timeout_after_accept"})
    pause()
    try:
        call("POST", "/messages", {"text": "lost"}, patience=0.5, user_id=PERSON)
        raise AssertionError("it was answered")
    except OSError:
        pass
    assert [one["text"] for one in sees()["messages"]] == ["lost"]


def upload(kind, data, name="a.bin", field="data"):
    place = good("POST", "/uploads", type=kind)
    boundary = uuid.uuid4().hex
    raw = (f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
           f"Content-Type: application/octet-stream\r\n\r\n").encode() + data + f"\r\n--{boundary}--\r\n".encode()
    path = "/" + place["url"].split("/", 3)[3]
    return place, sim.call("POST", path, raw, {"Content-Type": "multipart/form-data; boundary=" + boundary})


def bytes_at(url):
    return sim.call("GET", "/" + url.split("/", 3)[3]).body


def test_pictures_and_files_have_a_token_after_they_were_left():
    fresh()
    place, left = upload("image", PNG, "a.png")
    assert "token" not in place
    token = next(iter(left.json["photos"].values()))["token"]
    for payload in ({"token": token}, {"photos": left.json["photos"]}):
        sent("look", attachments=[{"type": "image", "payload": payload}])
    assert bytes_at(sees()["messages"][-1]["parts"][0]["url"]) == PNG
    assert upload("image", b"no picture")[1].status == 400
    assert upload("image", PNG, field="file")[1].status == 400
    again = sim.call("POST", "/" + place["url"].split("/", 3)[3], b"x", {})
    assert again.status == 400  # each address takes one file
    token = upload("file", b"prices", "prices.txt")[1].json["token"]
    sent("", attachments=[{"type": "file", "payload": {"token": token}}])
    shown = sees()["messages"][-1]["parts"][0]
    assert shown["filename"] == "prices.txt" and bytes_at(shown["url"]) == b"prices"
    assert refused(send("", attachments=[{"type": "image", "payload": {"token": token}}])) == (400, "proto.payload")
    assert refused(call("POST", "/uploads", type="photo")) == (400, "proto.payload")


def test_videos_and_sound_have_their_token_before_and_are_worked_on():
    fresh()
    max_("PATCH", f"bots/{BOT}", {"processing_ms": 5000})
    place, left = upload("video", b"film", "film.mp4")
    assert left.status == 200 and left.body == b"<retval>1</retval>"
    video = [{"type": "video", "payload": {"token": place["token"]}}]
    assert refused(send("", attachments=video)) == (400, "attachment.not.ready")
    assert good("GET", "/videos/" + place["token"])["urls"] is None
    sim.sim("POST", "clock", {"advance_ms": 5000})
    sent("", attachments=video)
    urls = good("GET", "/videos/" + place["token"])["urls"]
    assert urls["mp4_1080"] is None and bytes_at(urls["mp4_720"]) == b"film"
    assert refused(call("GET", "/videos/none")) == (404, "video.not.found")
    promised = good("POST", "/uploads", type="audio")["token"]
    assert refused(send("", attachments=[{"type": "audio", "payload": {"token": promised}}])) == (400, "attachment.not.ready")


def test_a_subscription_needs_https_and_a_plain_secret():
    fresh()
    max_("PATCH", f"bots/{BOT}", {"takes_http": False})
    for wrong in ({"url": hook.url}, {"url": "okno"}, {}, {"url": "https://a.example", "secret": "four"},
                  {"url": "https://a.example", "secret": "with blank"}, {"url": "https://a.example", "secret": "x" * 257}):
        assert refused(call("POST", "/subscriptions", wrong)) == (400, "proto.payload"), wrong
    assert good("POST", "/subscriptions", {"url": "https://a.example", "secret": "five-", "update_types": ["bot_started"]}) \
        == {"success": True}
    good("POST", "/subscriptions", {"url": "https://a.example", "secret": "five-"})  # takes its own place
    [one] = good("GET", "/subscriptions")["subscriptions"]
    assert one["url"] == "https://a.example" and one["update_types"] == [] and "secret" not in one
    assert good("DELETE", "/subscriptions", url="https://b.example")["success"] is False
    assert good("DELETE", "/subscriptions", url="https://a.example") == {"success": True}
    assert good("GET", "/subscriptions") == {"subscriptions": []}


def test_updates_come_with_the_secret_and_only_those_that_were_asked_for():
    fresh(started=False)
    good("POST", "/subscriptions", {"url": hook.url, "secret": SECRET, "update_types": ["bot_started", "message_created"]})
    acts(type="start", payload="TOKEN-1")
    started = wait_for(lambda: hook.taken("bot_started"), "the start")[0]
    assert started["payload"] == "TOKEN-1" and started["user"]["first_name"] == "Maria"
    mid = acts(text="Здравствуйте")["id"]
    update = wait_for(lambda: hook.taken("message_created"), "the message")[0]
    assert update["message"]["body"]["text"] == "Здравствуйте" and update["message"]["body"]["mid"] == mid
    assert update["message"]["recipient"] == {"chat_id": started["chat_id"], "chat_type": "dialog", "user_id": BOT}
    assert update["message"]["sender"]["is_bot"] is False and update["message"]["body"]["seq"] > 2 ** 50
    acts(type="stop")
    acts(type="start")
    wait_for(lambda: hook.taken("bot_started")[1:], "the second start")
    assert not hook.taken("bot_stopped")
    assert {headers["X-Max-Bot-Api-Secret"] for _, headers, _ in hook.updates} == {SECRET}


def test_an_update_that_is_not_answered_200_is_repeated():
    fresh(subscribed=True)
    wait_for(lambda: hook.taken("bot_started"), "the start")
    hook.statuses = [500, 204, 200]
    acts(text="hello")
    wait_for(lambda: hook.taken("message_created"), "the repetition")
    tries = [body for body, _, _ in hook.updates if body["update_type"] == "message_created"]
    assert len(tries) == 3 and tries[0] == tries[1] == tries[2]
    wait_for(lambda: max_("GET", "settled")["settled"], "the end of it")
    sim.sim("POST", "faults", {"kind": "duplicate_webhook"})
    acts(text="twice")
    wait_for(lambda: len(hook.taken("message_created")) == 3, "both")
    sim.sim("POST", "faults", {"kind": "lost_webhook"})
    acts(text="never")
    acts(text="after")
    wait_for(lambda: len(hook.taken("message_created")) == 4, "the next")
    assert "never" not in [one["message"]["body"]["text"] for one in hook.taken("message_created")]


def test_after_eight_hours_of_failures_the_subscription_ends():
    fresh(subscribed=True)
    wait_for(lambda: hook.taken("bot_started"), "the start")
    hook.statuses = [500] * 1000
    acts(text="hello")
    wait_for(lambda: any(status == 500 for _, _, status in hook.updates), "the first failure")
    assert len(good("GET", "/subscriptions")["subscriptions"]) == 1
    sim.sim("POST", "clock", {"advance_ms": 8 * 3600 * 1000 + 1000})
    wait_for(lambda: good("GET", "/subscriptions")["subscriptions"] == [], "the end of it")
    wait_for(lambda: max_("GET", "settled")["settled"], "rest")


def test_presses_come_with_their_payload_and_are_answered():
    fresh(subscribed=True)
    link = {"type": "link", "text": "Site", "url": "https://a.example"}
    mid = sent("Deliver?", attachments=keyboard([[press_button(), press_button("No", "9f3:2")], [link]]))
    assert acts(type="press", message=mid, button="Site") == {"opened": "https://a.example"}
    acts(type="press", message=mid, index=1)
    update = wait_for(lambda: hook.taken("message_callback"), "the press")[0]
    assert update["callback"]["payload"] == "9f3:2" and update["callback"]["user"]["user_id"] == PERSON
    assert update["message"]["body"]["mid"] == mid and update["message"]["sender"]["is_bot"] is True
    callback = update["callback"]["callback_id"]
    assert refused(call("POST", "/answers", {"notification": "x"}, callback_id="none")) == (404, "callback.not.found")
    assert refused(call("POST", "/answers", {}, callback_id=callback)) == (400, "proto.payload")
    good("POST", "/answers", {"notification": "Taken"}, callback_id=callback)
    assert sees()["messages"][-1]["answer"] == "Taken"
    good("POST", "/answers", {"message": {"text": "Delivered", "attachments": []}}, callback_id=callback)
    assert sees()["messages"][-1]["text"] == "Delivered" and "buttons" not in sees()["messages"][-1]


def test_the_number_and_the_place_come_when_they_are_asked_for():
    fresh(subscribed=True)
    mid = sent("Your number?", attachments=keyboard([[{"type": "request_contact", "text": "Number"}],
                                                     [{"type": "request_geo_location", "text": "Here"}]]))
    acts(type="press", message=mid, button="Number")
    acts(type="press", message=mid, button="Here")
    wait_for(lambda: hook.taken("message_created")[1:], "both")
    attachments = {one["type"]: one for update in hook.taken("message_created")
                   for one in update["message"]["body"]["attachments"]}
    assert "TEL;TYPE=cell:79161234567" in attachments["contact"]["payload"]["vcf_info"]
    assert attachments["contact"]["payload"]["max_info"]["user_id"] == PERSON
    assert attachments["location"]["latitude"] == 55.75


def test_every_kind_that_a_person_sends():
    fresh(subscribed=True)
    for kind in ("image", "video", "voice", "file", "sticker", "location", "contact", "share"):
        acts(type=kind, text="")
    acts(text="several", attachments=["image", "image"])
    acts(text="", forwarded="from elsewhere")
    acts(type="contact", contact={"name": "Oleg", "phone": "+74950000001"})
    wait_for(lambda: len(hook.taken("message_created")) == 11, "all")
    messages = sorted((one["message"] for one in hook.taken("message_created")), key=lambda one: one["body"]["seq"])
    kinds = [[one["type"] for one in message["body"]["attachments"]] for message in messages]
    assert kinds == [["image"], ["video"], ["audio"], ["file"], ["sticker"], ["location"], ["contact"], ["share"],
                     ["image", "image"], [], ["contact"]], kinds
    assert messages[9]["link"]["type"] == "forward" and messages[10]["body"]["attachments"][0]["payload"]["max_info"] is None
    assert bytes_at(messages[0]["body"]["attachments"][0]["payload"]["url"])[:3] == b"\xff\xd8\xff"
    token = messages[1]["body"]["attachments"][0]["payload"]["token"]
    assert good("GET", "/videos/" + token)["urls"]["mp4_720"]


def test_edits_and_removals_of_both_sides():
    fresh(subscribed=True)
    theirs = acts(text="Helo")["id"]
    acts(type="edit", message=theirs, text="Hello")
    assert wait_for(lambda: hook.taken("message_edited"), "the edit")[0]["message"]["body"]["text"] == "Hello"
    acts(type="delete", message=theirs)
    removed = wait_for(lambda: hook.taken("message_removed"), "the removal")[0]
    assert removed["message_id"] == theirs and removed["user_id"] == PERSON
    ours = sent("price 5")
    good("PUT", "/messages", {"text": "price 6"}, message_id=ours)
    shown = sees()["messages"][-1]
    assert shown["text"] == "price 6" and shown["edited"] is True
    assert refused(call("PUT", "/messages", {"text": "x"}, message_id=theirs)) == (404, "message.not.found")
    assert refused(call("PUT", "/messages", {"text": "ж" * 4001}, message_id=ours)) == (400, "proto.payload")
    good("DELETE", "/messages", message_id=ours)
    assert sees()["messages"][-1]["deleted"] is True
    late = sent("old")
    sim.sim("POST", "clock", {"advance_ms": 25 * 3600 * 1000})
    assert refused(call("DELETE", "/messages", message_id=late)) == (400, "proto.payload")
    assert not hook.taken("message_created")[1:]  # a bot does not hear of itself


def test_typing_and_reading():
    fresh()
    acts(text="hello")
    chat = sees()["chat_id"]
    good("POST", f"/chats/{chat}/actions", {"action": "typing_on"})
    assert sees()["typing"] is True
    good("POST", f"/chats/{chat}/actions", {"action": "mark_seen"})
    assert sees()["messages"][0]["status"] == "read"
    assert refused(call("POST", f"/chats/{chat}/actions", {"action": "dance"})) == (400, "proto.payload")
    assert refused(call("POST", "/chats/1/actions", {"action": "typing_on"})) == (404, "chat.not.found")


def updates(**query):
    pause()
    return good("GET", "/updates", timeout=0, **query)


def texts(page):
    return [one["message"]["body"]["text"] for one in page["updates"] if one["update_type"] == "message_created"]


def test_long_polling_goes_on_at_its_marker_and_begins_with_the_newest():
    fresh()
    acts(text="one")
    acts(text="two")
    first = updates()
    assert texts(first) == ["two"]
    acts(text="three")
    acts(text="four")
    page = updates(marker=first["marker"])
    assert texts(page) == ["three", "four"]
    assert texts(updates(marker=first["marker"], limit=1)) == ["three"]
    assert updates(marker=page["marker"])["updates"] == []
    acts(type="stop")
    assert [one["update_type"] for one in updates(marker=page["marker"], types="bot_stopped")["updates"]] == ["bot_stopped"]
    assert updates(marker=page["marker"], types="bot_started")["updates"] == []
    acts(type="start")
    sim.sim("POST", "clock", {"advance_ms": 25 * 3600 * 1000})
    acts(text="a day later")
    assert texts(updates(marker=1)) == ["a day later"]


def test_long_polling_waits_for_what_comes():
    fresh()
    marker = updates()["marker"]
    pause()
    threading.Timer(0.2, lambda: acts(text="while it waits")).start()
    begun = time.monotonic()
    assert texts(good("GET", "/updates", timeout=20, marker=marker)) == ["while it waits"]
    assert time.monotonic() - begun < 10
    pause()
    assert good("GET", "/updates", timeout=1, marker=marker + 1) == {"updates": [], "marker": marker + 1}


def test_long_polling_is_for_whoever_has_no_subscription_and_is_patient():
    fresh()
    for wrong in ({"limit": 101}, {"limit": 0}, {"timeout": 31}):
        pause()
        assert refused(call("GET", "/updates", **wrong)) == (400, "proto.payload")
    pause()
    statuses = [call("GET", "/updates", timeout=0).status for _ in range(3)]
    assert statuses == [200, 200, 429]
    good("POST", "/subscriptions", {"url": hook.url, "secret": SECRET})
    pause()
    assert refused(call("GET", "/updates", timeout=0)) == (405, "method.not.allowed")
    good("DELETE", "/subscriptions", url=hook.url)
    assert updates()["updates"] == []


def test_the_journal_tells_calls_and_updates_without_tokens():
    fresh(subscribed=True)
    acts(text="hello")
    sent("for the journal")
    wait_for(lambda: hook.taken("message_created"), "the update")
    entries = sim.log()
    ours = [one for one in entries if one.get("edge") == "messages"][-1]
    assert json.loads(ours["body"])["text"] == "for the journal" and ours["to"] == str(PERSON)
    assert TOKEN not in json.dumps(entries)
    wait_for(lambda: any(one["updates"][0]["what"] == "message_created" for one in sim.log("webhook")), "the entry")


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
