#!/usr/bin/env python3
"""What the simulator does as VK: refusals with HTTP 200, random ids, keyboards, uploads, Callback servers, Long Poll."""
import http.server
import json
import threading
import time
import urllib.parse
import uuid

from simulator import Simulator, run, wait_for

GROUP, PERSON, TOKEN = 190000001, 100200, "vk1.a.token"
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 40

sim = Simulator("--retry-base-ms", "20")


class Callback:
    """A Callback server: answers the confirmation as told, then `ok`, or what `answers` holds."""

    def __init__(self):
        self.events = []  # (body, headers, what was answered)
        self.answers = []
        self.code = None
        callback = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if body["type"] == "confirmation":
                    status, text = 200, callback.code or ""
                else:
                    status, text = callback.answers.pop(0) if callback.answers else (200, "ok")
                callback.events.append((body, dict(self.headers), (status, text)))
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self, kind):
        return [body for body, _, said in self.events if body["type"] == kind and said == (200, "ok")]


hook = Callback()


def call(method, token=TOKEN, v="5.199", **parameters):
    body = urllib.parse.urlencode({**parameters, **({"v": v} if v else {})}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if token:
        headers["Authorization"] = "Bearer " + token
    reply = sim.call("POST", "/method/" + method, body, headers)
    assert reply.status == 200, (reply.status, reply.body)  # VK refuses with 200 too
    return reply.json


def response(method, **parameters):
    answer = call(method, **parameters)
    assert "response" in answer, answer
    return answer["response"]


def code(method, **parameters):
    answer = call(method, **parameters)
    return answer["error"]["error_code"] if "error" in answer else None


def vk(method, path, body=None):
    return sim.sim(method, "vk/" + path, body)


def writes(text="hello", **more):
    return vk("POST", f"people/{PERSON}/messages", {"text": text, **more})["conversation_message_id"]


def sees():
    return vk("GET", f"people/{PERSON}/messages")["messages"]


number = iter(range(1, 10_000))


def send(**more):
    return call("messages.send", **{"peer_ids": PERSON, "random_id": next(number), "message": "hi", **more})


def fresh(connected=False):
    sim.sim("POST", "reset")
    vk("POST", "reset")
    vk("POST", "world", {"groups": [{"id": GROUP, "name": "Yasno", "screen_name": "yasno", "access_token": TOKEN,
                                     "calls_per_second": 10000}],
                         "people": [{"id": PERSON, "first_name": "Anna", "last_name": "Li"}, {"id": 5}]})
    hook.events.clear()
    hook.answers.clear()
    if connected:
        connect()


def server():
    return response("groups.getCallbackServers", group_id=GROUP)["items"][0]


def connect(**more):
    hook.code = response("groups.getCallbackConfirmationCode", group_id=GROUP)["code"]
    made = response("groups.addCallbackServer", group_id=GROUP, url=hook.url, title="Okno", secret_key="s3cret")
    wait_for(lambda: server()["status"] == "ok", "the confirmation")
    response("groups.setCallbackSettings", group_id=GROUP, server_id=made["server_id"], api_version="5.199",
             **{event: 1 for event in ("message_new", "message_reply", "message_edit", "message_allow", "message_deny",
                                       "message_event", "message_read")}, **more)
    return made["server_id"]


def test_a_call_needs_a_key_a_version_a_known_method_and_the_right_to_it():
    fresh()
    assert code("users.get", token="") == 5 and code("users.get", token="other") == 5
    assert code("users.get", v=None, user_ids=PERSON) == 8
    assert code("messages.fly") == 3
    assert response("users.get", user_ids=f"{PERSON},77")[0]["first_name"] == "Anna"
    assert response("groups.getById")["groups"][0] == {"id": GROUP, "name": "Yasno", "screen_name": "yasno",
                                                       "is_closed": 0, "type": "group"}
    vk("PATCH", f"groups/{GROUP}", {"tokens": [{"token": "weak", "permissions": ["photos"]}]})
    assert code("messages.send", token="weak", peer_ids=PERSON, random_id=1, message="x") == 7
    assert code("groups.getCallbackServers", token="weak", group_id=GROUP) == 15
    names = [one["name"] for one in response("groups.getTokenPermissions", token="weak")["permissions"]]
    assert names == ["photos"]


def test_a_refusal_echoes_the_parameters_but_not_the_key():
    fresh()
    error = call("messages.send", peer_ids=PERSON, message="private", access_token=TOKEN)["error"]
    assert error["error_code"] == 100 and "random_id" in error["error_msg"]
    assert {"key": "message", "value": "private"} in error["request_params"]
    assert TOKEN not in json.dumps(error)


def test_a_message_needs_a_random_id_and_something_to_say():
    fresh()
    writes()
    for wrong in ({"random_id": ""}, {"random_id": "x"}, {"random_id": 2**31}, {"message": ""}, {"peer_ids": ""},
                  {"attachment": "photo1_2_x"}, {"payload": "x" * 1001}, {"forward": "{"}):
        assert send(**wrong).get("error", {}).get("error_code") == 100, wrong
    assert send(message="ж" * 9001)["error"]["error_code"] == 914
    assert "response" in send(message="ж" * 9000)


def test_the_same_random_id_shows_nothing_again_and_names_the_same_message():
    fresh()
    writes()
    first = send(random_id=77, message="once")["response"]
    again = send(random_id=77, message="twice")["response"]
    assert first == again and first[0]["peer_id"] == PERSON and first[0]["conversation_message_id"] == 2
    assert [one["text"] for one in sees()] == ["hello", "once"]
    assert send(random_id=0)["response"] != send(random_id=0)["response"]  # 0 switches the check off


def test_to_a_person_the_answer_is_a_number_and_a_refusal_stands_outside():
    fresh()
    assert call("messages.send", peer_id=PERSON, random_id=1, message="x")["error"]["error_code"] == 901
    assert send()["response"][0]["error"]["code"] == 901
    writes()
    assert isinstance(response("messages.send", peer_id=PERSON, random_id=2, message="x"), int)


def test_who_may_not_be_written_to():
    fresh()
    writes()
    refused = lambda: send()["response"][0].get("error", {}).get("code")
    assert refused() is None
    vk("POST", f"people/{PERSON}/deny", {})
    assert refused() == 901
    vk("POST", f"people/{PERSON}/allow", {"key": "widget"})
    assert refused() is None
    assert response("messages.isMessagesFromGroupAllowed", group_id=GROUP, user_id=PERSON)["is_allowed"] == 1
    vk("POST", f"people/{PERSON}/blacklist", {"on": True})
    assert refused() == 900
    vk("POST", f"people/{PERSON}/blacklist", {"on": False})
    vk("PATCH", f"people/{PERSON}", {"private": True})
    assert refused() == 902
    vk("PATCH", f"people/{PERSON}", {"deleted": True})
    assert refused() == 18
    assert send(peer_ids=12345)["response"][0]["error"]["code"] == 113


def test_more_than_twenty_calls_a_second_are_too_many():
    fresh()
    vk("PATCH", f"groups/{GROUP}", {"calls_per_second": 20})
    codes = [code("groups.getById") for _ in range(25)]
    assert codes[:20] == [None] * 20 and 6 in codes[20:], codes
    sim.sim("POST", "clock", {"advance_ms": 1000})
    assert code("groups.getById") is None


def text_button(label="Yes", payload='{"b":"1"}', **more):
    return {"action": {"type": "text", "label": label, "payload": payload}, **more}


def test_keyboards_are_refused_for_their_form():
    fresh()
    writes()
    link = {"action": {"type": "open_link", "label": "Site", "link": "https://a.example"}}
    good = [{"inline": True, "buttons": [[text_button(color="positive")], [link]]},
            {"one_time": True, "buttons": [[text_button()] * 4] * 10}, {"buttons": []},
            {"inline": True, "buttons": [[{"action": {"type": "location", "payload": "{}"}}]]},
            {"inline": True, "buttons": [[text_button(label="ж" * 40)]]}]
    for keyboard in good:
        assert "response" in send(keyboard=json.dumps(keyboard)), keyboard
    bad = [{"inline": True, "one_time": True, "buttons": [[text_button()]]}, {}, [],
           {"inline": True, "buttons": [[text_button()]] * 7}, {"inline": True, "buttons": [[text_button()] * 6]},
           {"inline": True, "buttons": [[text_button()] * 4] * 3}, {"buttons": [[text_button()]] * 11},
           {"buttons": [[text_button()] * 5] * 9}, {"buttons": [[]]},
           {"buttons": [[text_button(label="ж" * 41)]]}, {"buttons": [[text_button(label="")]]},
           {"buttons": [[text_button(label="a\nb")]]}, {"buttons": [[text_button(payload="no json")]]},
           {"buttons": [[text_button(payload={"b": 1})]]}, {"buttons": [[text_button(payload=json.dumps("x" * 260))]]},
           {"buttons": [[text_button(color="pink")]]}, {"buttons": [[{**link, "color": "primary"}]]},
           {"buttons": [[link, text_button()]]}, {"buttons": [[{"action": {"type": "phone", "label": "x"}}]]},
           {"buttons": [[{"action": {"type": "open_link", "label": "x", "link": "ftp://a"}}]]}]
    for keyboard in bad:
        assert send(keyboard=json.dumps(keyboard)).get("error", {}).get("error_code") == 911, keyboard
    vk("PATCH", f"groups/{GROUP}", {"bot_features": False})
    assert send(keyboard=json.dumps(good[0]))["error"]["error_code"] == 912


def test_planned_faults_are_vk_errors_or_silence():
    fresh()
    writes()
    for kind, wanted in (("captcha", 14), ("flood", 9), ("429", 6), ("500", 10), ("expired_token", 5)):
        sim.sim("POST", "faults", {"kind": kind})
        assert send()["error"]["error_code"] == wanted, kind
    assert "captcha_sid" in (sim.sim("POST", "faults", {"kind": "captcha"}) and send()["error"])
    sim.sim("POST", "faults", {"kind": "timeout_after_accept"})
    body = urllib.parse.urlencode({"peer_ids": PERSON, "random_id": 9001, "message": "lost", "v": "5.199"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer " + TOKEN}
    try:
        sim.call("POST", "/method/messages.send", body, headers, timeout=0.5)
        raise AssertionError("it was answered")
    except OSError:
        pass
    send(random_id=9001, message="lost")
    assert [one["text"] for one in sees()].count("lost") == 1


def upload(url, field, data, name):
    boundary = uuid.uuid4().hex
    raw = (f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
           f"Content-Type: application/octet-stream\r\n\r\n").encode() + data + f"\r\n--{boundary}--\r\n".encode()
    path = "/" + url.split("/", 3)[3]
    return sim.call("POST", path, raw, {"Content-Type": "multipart/form-data; boundary=" + boundary}).json


def test_a_picture_goes_up_in_three_steps_and_can_be_sent_again():
    fresh()
    writes()
    url = response("photos.getMessagesUploadServer", peer_id=PERSON)["upload_url"]
    left = upload(url, "photo", PNG, "a.png")
    assert code("photos.saveMessagesPhoto", photo=left["photo"], server=left["server"], hash="x") == 121
    assert code("photos.saveMessagesPhoto", photo=left["photo"], server=1, hash=left["hash"]) == 118
    photo = response("photos.saveMessagesPhoto", **left)[0]
    name = f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"
    for _ in range(2):
        assert "response" in send(message="", attachment=name)
    assert send(attachment=name[:-1])["error"]["error_code"] == 100
    shown = sees()[-1]["attachments"][0]["photo"]
    widest = max(shown["sizes"], key=lambda size: size["width"])
    assert sim.call("GET", "/" + widest["url"].split("/", 3)[3]).body == PNG
    assert "error" in upload(url, "photo", PNG, "a.png")  # each address takes one file
    url = response("photos.getMessagesUploadServer", peer_id=PERSON)["upload_url"]
    assert upload(url, "photo", b"no picture", "a.png")["photo"] == "[]"
    url = response("photos.getMessagesUploadServer", peer_id=PERSON)["upload_url"]
    sim.sim("POST", "clock", {"advance_ms": 7_200_000})
    assert "error" in upload(url, "photo", PNG, "a.png")


def test_documents_and_voice():
    fresh()
    writes()
    url = response("docs.getMessagesUploadServer", peer_id=PERSON, type="doc")["upload_url"]
    left = upload(url, "file", b"prices", "list.txt")
    saved = response("docs.save", file=left["file"], title="prices.txt")
    assert saved["type"] == "doc" and saved["doc"]["title"] == "prices.txt" and saved["doc"]["ext"] == "txt"
    assert code("docs.save", file=left["file"]) == 105
    assert "response" in send(attachment=f"doc{saved['doc']['owner_id']}_{saved['doc']['id']}")
    page = sim.call("GET", "/" + saved["doc"]["url"].split("/", 3)[3])
    assert page.status == 302
    assert sim.call("GET", "/" + page.headers["Location"].split("/", 3)[3]).body == b"prices"
    for name in ("a.exe", "a.mp3"):
        url = response("docs.getMessagesUploadServer", peer_id=PERSON, type="doc")["upload_url"]
        assert "error" in upload(url, "file", b"x", name)
    url = response("docs.getMessagesUploadServer", peer_id=PERSON, type="audio_message")["upload_url"]
    voice = response("docs.save", **upload(url, "file", b"OggS....", "v.ogg"))
    assert voice["type"] == "audio_message"
    assert code("docs.getMessagesUploadServer", peer_id=5, type="doc") == 901


def test_a_callback_server_is_confirmed_by_the_code_which_is_another_afterwards():
    fresh()
    hook.code = "wrong"
    made = response("groups.addCallbackServer", group_id=GROUP, url=hook.url, title="Okno", secret_key="s3cret")
    wait_for(lambda: server()["status"] == "failed", "the refusal")
    body = hook.events[-1][0]
    assert body == {"type": "confirmation", "group_id": GROUP, "secret": "s3cret"}
    hook.code = response("groups.getCallbackConfirmationCode", group_id=GROUP)["code"]
    response("groups.editCallbackServer", group_id=GROUP, server_id=made["server_id"], url=hook.url, title="Okno",
             secret_key="s3cret")
    wait_for(lambda: server()["status"] == "ok", "the confirmation")
    assert response("groups.getCallbackConfirmationCode", group_id=GROUP)["code"] != hook.code
    for wrong in ({"title": "x" * 15}, {"secret_key": "x" * 51}, {"url": "okno"}):
        assert code("groups.addCallbackServer", **{"group_id": GROUP, "url": hook.url, "title": "a", **wrong}) == 100
    assert code("groups.getCallbackServers", group_id=2) == 15
    for _ in range(9):
        response("groups.addCallbackServer", group_id=GROUP, url=hook.url, title="more")
    assert code("groups.addCallbackServer", group_id=GROUP, url=hook.url, title="more") == 2000


def test_events_come_with_the_secret_and_only_those_that_were_asked_for():
    fresh(connected=True)
    writes("Здравствуйте", ref="TOKEN", ref_source="widget")
    event = wait_for(lambda: hook.taken("message_new"), "the message")[0]
    assert event["secret"] == "s3cret" and event["group_id"] == GROUP and len(event["event_id"]) == 40
    message = event["object"]["message"]
    assert message["text"] == "Здравствуйте" and message["ref"] == "TOKEN" and message["peer_id"] == PERSON
    assert event["object"]["client_info"]["inline_keyboard"] is True
    send(payload='{"okno":"r1"}', random_id=771)
    reply = wait_for(lambda: hook.taken("message_reply"), "our own")[0]["object"]
    assert reply["out"] == 1 and reply["from_id"] == -GROUP and reply["random_id"] == 771
    assert reply["payload"] == '{"okno":"r1"}'
    vk("POST", f"people/{PERSON}/answers", {"text": "by hand"})
    by_hand = wait_for(lambda: hook.taken("message_reply")[1:], "the answer by hand")[0]["object"]
    assert by_hand["admin_author_id"] == 5
    vk("POST", f"people/{PERSON}/read", {})
    read = wait_for(lambda: hook.taken("message_read"), "the reading")[0]["object"]
    assert read["conversation_message_id"] == by_hand["conversation_message_id"]
    vk("POST", "events", {"type": "group_join", "object": {"user_id": PERSON}})
    vk("POST", f"people/{PERSON}/deny", {})
    wait_for(lambda: hook.taken("message_deny"), "the refusal")
    assert not hook.taken("group_join")


def test_an_event_that_is_not_answered_ok_is_repeated_with_its_id_and_a_counter():
    fresh(connected=True)
    hook.answers = [(500, "ok"), (200, "OK"), (200, "ok")]
    writes()
    wait_for(lambda: hook.taken("message_new"), "the repetition")
    tries = [(body, headers) for body, headers, _ in hook.events if body["type"] == "message_new"]
    assert len(tries) == 3 and len({body["event_id"] for body, _ in tries}) == 1
    assert [headers.get("X-Retry-Counter") for _, headers in tries] == [None, "1", "2"]
    wait_for(lambda: vk("GET", "settled")["settled"], "the end of it")
    sim.sim("POST", "faults", {"kind": "duplicate_webhook"})
    writes("twice")
    wait_for(lambda: len(hook.taken("message_new")) == 3, "both")
    sim.sim("POST", "faults", {"kind": "lost_webhook"})
    writes("never")
    writes("after")
    wait_for(lambda: len(hook.taken("message_new")) == 4, "the next")
    assert "never" not in [one["object"]["message"]["text"] for one in hook.taken("message_new")]
    hook.answers = [(200, "remove")]
    writes()
    wait_for(lambda: response("groups.getCallbackServers", group_id=GROUP)["items"] == [], "the removal")


def test_an_old_server_gets_the_message_by_itself():
    fresh()
    made = connect()
    response("groups.setCallbackSettings", group_id=GROUP, server_id=made, api_version="5.92")
    writes("old")
    event = wait_for(lambda: hook.taken("message_new"), "the message")[0]
    assert event["object"]["text"] == "old" and "event_id" not in event and "v" not in event


def test_presses_of_both_kinds():
    fresh(connected=True)
    writes()
    callback = {"action": {"type": "callback", "label": "Now", "payload": '{"b":"2"}'}}
    keyboard = json.dumps({"inline": True, "buttons": [[text_button()], [callback]]})
    shown = send(keyboard=keyboard)["response"][0]["conversation_message_id"]
    act = lambda wish: vk("POST", f"people/{PERSON}/messages", {"type": "press", "message": shown, **wish})
    act({"index": 0})
    said = wait_for(lambda: hook.taken("message_new")[1:], "the press")[0]["object"]["message"]
    assert said["text"] == "Yes" and said["payload"] == '{"b":"1"}'
    pressed = act({"button": "Now"})["event_id"]
    event = wait_for(lambda: hook.taken("message_event"), "the press")[0]["object"]
    assert event == {"user_id": PERSON, "peer_id": PERSON, "event_id": pressed, "payload": {"b": "2"},
                     "conversation_message_id": shown}
    who = {"event_id": pressed, "user_id": PERSON, "peer_id": PERSON}
    assert code("messages.sendMessageEventAnswer", **{**who, "event_id": "x"}) == 100
    response("messages.sendMessageEventAnswer", **who)
    assert vk("GET", "presses/" + pressed)["is_answered"] is True
    sim.sim("POST", "clock", {"advance_ms": 61_000})
    assert code("messages.sendMessageEventAnswer", **who) == 100


def test_every_kind_that_a_person_sends():
    fresh(connected=True)
    for kind in ("photo", "doc", "voice", "sticker", "graffiti", "video", "link", "location", "start"):
        writes("", type=kind)
    writes("several", attachments=["photo", "doc"])
    wait_for(lambda: len(hook.taken("message_new")) == 10, "all")
    messages = sorted((one["object"]["message"] for one in hook.taken("message_new")), key=lambda one: one["id"])
    kinds = [[a["type"] for a in one["attachments"]] for one in messages]
    assert kinds == [["photo"], ["doc"], ["audio_message"], ["sticker"], ["graffiti"], ["video"], ["link"], [], [],
                     ["photo", "doc"]], kinds
    assert messages[7]["geo"]["coordinates"]["latitude"] == 55.75
    assert messages[8]["payload"] == '{"command":"start"}'
    quoted = writes("answer", reply_to=1)
    assert sees()[quoted - 1]["reply_message"]["conversation_message_id"] == 1


def test_edit_delete_typing_and_reading():
    fresh(connected=True)
    writes()
    shown = send()["response"][0]["conversation_message_id"]
    response("messages.edit", peer_id=PERSON, cmid=shown, message="better")
    assert wait_for(lambda: hook.taken("message_edit"), "the edit")[0]["object"]["text"] == "better"
    assert code("messages.edit", peer_id=PERSON, cmid=1, message="theirs") == 100
    assert code("messages.edit", peer_id=PERSON, cmid=99, message="x") == 100
    assert code("messages.edit", peer_id=PERSON, cmid=shown, message="") == 100
    assert code("messages.edit", peer_id=PERSON, cmid=shown, message="ж" * 9001) == 914
    assert code("messages.edit", peer_id=PERSON, cmid=shown, message="x", attachment="photo1_2_x") == 100
    gone = send(message="twice")["response"][0]["conversation_message_id"]
    deleted = response("messages.delete", peer_id=PERSON, cmids=gone, delete_for_all=1)
    assert deleted == [{"conversation_message_id": gone, "response": 1}], deleted
    assert code("messages.edit", peer_id=PERSON, cmid=gone, message="x") == 100
    assert code("messages.delete", peer_id=PERSON, cmids=1, delete_for_all=1) == 100
    assert "twice" not in [one["text"] for one in sees()]
    response("messages.setActivity", peer_id=PERSON, type="typing")
    assert vk("GET", f"people/{PERSON}/messages")["is_typing"] is True
    response("messages.markAsRead", peer_id=PERSON, mark_conversation_as_read=1)
    assert sees()[0]["is_read"] is True
    sim.sim("POST", "clock", {"advance_ms": 90_000_000})
    assert code("messages.edit", peer_id=PERSON, cmid=shown, message="late") == 909
    assert code("messages.delete", peer_id=PERSON, cmids=shown, delete_for_all=1) == 924


def test_an_edit_keeps_only_the_files_and_quotes_that_it_names():
    fresh(connected=True)
    writes()
    url = response("photos.getMessagesUploadServer", peer_id=PERSON)["upload_url"]
    photo = response("photos.saveMessagesPhoto", **upload(url, "photo", PNG, "a.png"))[0]
    name = f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"
    quote = json.dumps({"peer_id": PERSON, "conversation_message_ids": [1], "is_reply": True})
    number = send(message="look", attachment=name, forward=quote)["response"][0]["conversation_message_id"]
    told = response("messages.getByConversationMessageId", peer_id=PERSON, conversation_message_ids=number)
    assert told["count"] == 1 and told["items"][0]["attachments"][0]["photo"]["access_key"] == photo["access_key"], told
    response("messages.edit", peer_id=PERSON, cmid=number, message="look!", attachment=name, keep_forward_messages=1)
    shown = sees()[-1]
    assert shown["text"] == "look!" and len(shown["attachments"]) == 1 and "reply_message" in shown, shown
    response("messages.edit", peer_id=PERSON, cmid=number, message="bare")
    shown = sees()[-1]
    assert shown["text"] == "bare" and shown["attachments"] == [] and "reply_message" not in shown, shown


def check(at, wait=0, **more):
    query = urllib.parse.urlencode({"act": "a_check", "key": at["key"], "ts": at["ts"], "wait": wait, **more})
    return sim.call("GET", "/" + at["server"].split("/", 3)[3] + "?" + query).json


def test_long_poll_waits_goes_on_and_says_what_is_stale():
    fresh()
    assert code("groups.getLongPollServer", group_id=GROUP) == 100
    response("groups.setLongPollSettings", group_id=GROUP, enabled=1, api_version="5.199", message_new=1)
    at = response("groups.getLongPollServer", group_id=GROUP)
    assert check(at) == {"ts": at["ts"], "updates": []}
    threading.Timer(0.2, writes, ["while it waits"]).start()
    begun = time.monotonic()
    answer = check(at, wait=10)
    assert time.monotonic() - begun < 5
    assert [one["object"]["message"]["text"] for one in answer["updates"]] == ["while it waits"]
    assert "secret" not in answer["updates"][0] and answer["updates"][0]["type"] == "message_new"
    writes("next")
    assert len(check(at)["updates"]) == 2 and len(check({**at, "ts": answer["ts"]})["updates"]) == 1
    assert check({**at, "ts": 99}) == {"failed": 3}
    assert check({**at, "key": "old"}) == {"failed": 2}
    vk("POST", f"groups/{GROUP}/renew_key", {})
    assert check(at) == {"failed": 2}
    for i in range(1001):
        vk("POST", "events", {"type": "message_new", "object": {"message": {}}})
    at = response("groups.getLongPollServer", group_id=GROUP)
    assert check({**at, "ts": 1}) == {"failed": 1, "ts": int(at["ts"])}


def test_the_journal_tells_calls_and_events_without_keys():
    fresh(connected=True)
    writes()
    send(message="for the journal")
    wait_for(lambda: hook.taken("message_reply"), "the event")
    entries = sim.log()
    ours = [one for one in entries if one.get("method") == "messages.send"][-1]
    assert ours["body"]["message"] == "for the journal" and ours["to"] == str(PERSON)
    assert TOKEN not in json.dumps(entries)
    wait_for(lambda: any(one["updates"][0]["what"] == "message_reply" for one in sim.log("webhook")), "the entry")


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
