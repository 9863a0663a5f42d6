#!/usr/bin/env python3
"""What the simulator does as a gateway to WhatsApp: sessions, refusals, signed webhooks, history, files."""
import base64
import hashlib
import hmac
import http.server
import json
import threading

from simulator import Simulator, run, wait_for

KEY, SESSION, NUMBER, PERSON = "k3y", "sales", "79001112233", "79004445566"
CHAT = PERSON + "@c.us"
SECRET = "s3cret"
EVENTS = ["message.any", "message.ack", "message.reaction", "message.edited", "message.revoked", "session.status", "call.received"]

sim = Simulator("--retry-base-ms", "20")


class Hook:
    """Takes webhooks, answers as told, and keeps those that were signed well."""

    def __init__(self):
        self.events, self.answers, self.bad = [], [], 0
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                good = hmac.new(SECRET.encode(), raw, hashlib.sha512).hexdigest()
                if self.headers.get("X-Webhook-Hmac") != good or self.headers.get("X-Webhook-Hmac-Algorithm") != "sha512":
                    hook.bad += 1
                status = hook.answers.pop(0) if hook.answers else 200
                if status == 200:
                    hook.events.append(json.loads(raw))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, event):
        return [one["payload"] for one in self.events if one["event"] == event]


hook = Hook()


def call(method, path, body=None, key=KEY):
    return sim.call(method, path, body, {"X-Api-Key": key} if key else {})


def control(method, path, body=None):
    return sim.sim(method, "gateway/" + path, body)


def fresh(**session):
    """A world with one session and two people; its webhook is ours."""
    control("POST", "reset", {})
    hook.events.clear()
    hook.answers.clear()
    control("POST", "world", {"api_key": KEY, "sessions": [{"name": SESSION, "number": NUMBER, **session}],
                              "people": [{"number": PERSON, "name": "Maria"}, {"number": "79160000000", "name": "Oleg", "lid": "445566"}]})
    if session.get("status", "WORKING") == "WORKING":
        webhook = {"url": hook.url, "events": EVENTS, "hmac": {"key": SECRET}, "retries": {"attempts": 3}}
        assert call("PUT", f"/api/sessions/{SESSION}", {"config": {"webhooks": [webhook]}}).status == 200
        wait_for(lambda: len(hook.of("session.status")) == 3, "the states of the new start")
        hook.events.clear()


def send(text="hello", **more):
    return call("POST", "/api/sendText", {"session": SESSION, "chatId": CHAT, "text": text, **more})


def say(person=PERSON, **wish):
    return control("POST", f"people/{person}/messages", wish)["id"]


def seen(person=PERSON):
    return control("GET", f"people/{person}/messages")["messages"]


def test_a_wrong_key_is_refused_in_the_gateways_words():
    fresh()
    for key in (None, "other"):
        reply = call("GET", f"/api/sessions/{SESSION}", key=key)
        assert reply.status == 401 and reply.json == {"message": "Unauthorized", "statusCode": 401}
    assert sim.call("GET", "/ping").json == {"message": "pong"}


def test_a_session_that_is_not_there_or_does_not_work_is_refused():
    fresh()
    assert call("GET", "/api/sessions/other").status == 404
    assert call("POST", "/api/sendText", {"session": "other", "chatId": CHAT, "text": "x"}).status == 404
    control("PATCH", f"sessions/{SESSION}", {"status": "FAILED"})
    reply = send()
    assert reply.status == 422 and reply.json["expected"] == ["WORKING"] and reply.json["status"] == "FAILED"
    assert reply.json["error"].startswith("Session status is not as expected")
    assert call("GET", f"/api/{SESSION}/chats/overview").status == 422


def test_bodies_that_are_wrong_are_refused_with_all_reasons():
    fresh()
    reply = call("POST", "/api/sendText", {"session": SESSION})
    assert reply.status == 400 and reply.json["error"] == "Bad Request" and len(reply.json["message"]) == 2
    assert call("POST", "/api/sendLocation", {"session": SESSION, "chatId": CHAT, "latitude": "x", "longitude": 1}).status == 400
    assert call("POST", "/api/sendImage", {"session": SESSION, "chatId": CHAT, "file": {"mimetype": "image/png"}}).status == 400
    assert call("POST", "/api/sendText", b"{").status == 400
    assert call("POST", "/api/sendCarrierPigeon", {}).status == 404


def test_an_engine_without_video_says_so():
    fresh(engine="WEBJS")
    file = {"mimetype": "video/mp4", "data": base64.b64encode(b"x").decode()}
    assert call("POST", "/api/sendVideo", {"session": SESSION, "chatId": CHAT, "file": file, "convert": True}).status == 422


def test_a_text_is_shown_once_under_a_prepared_id():
    fresh()
    first, again = send(id="3EB0FF"), send(id="3EB0FF")
    assert first.status == again.status == 201
    assert first.json["id"] == again.json["id"] == f"true_{CHAT}_3EB0FF"
    assert [one["text"] for one in seen()] == ["hello"]


def test_a_file_takes_no_prepared_id():
    fresh()
    body = {"session": SESSION, "chatId": CHAT, "id": "3EB0FF", "file": {"mimetype": "image/png", "data": "aGVsbG8="}}
    assert call("POST", "/api/sendImage", body).json["id"] != call("POST", "/api/sendImage", body).json["id"]
    assert len(seen()) == 2


def test_what_is_sent_is_echoed_and_acknowledged_as_far_as_the_phone_goes():
    fresh()
    send(id="3EB0FF")
    acks = lambda: [one["ack"] for one in hook.of("message.ack")]
    wait_for(lambda: sorted(acks()) == [1, 2] and hook.of("message.any"), "both acknowledgements and the echo")
    [echo] = hook.of("message.any")
    assert echo["source"] == "api" and echo["fromMe"] and echo["id"] == f"true_{CHAT}_3EB0FF"
    control("POST", f"people/{PERSON}/read", {})
    wait_for(lambda: 3 in acks(), "the reading")
    control("PATCH", f"people/{PERSON}", {"has_whatsapp": False})
    send("lost")
    wait_for(lambda: -1 in acks(), "the error")


def test_who_blocked_the_account_gets_nothing_and_nothing_tells_it():
    fresh()
    control("POST", f"people/{PERSON}/block", {"on": True})
    assert send().status == 201
    wait_for(lambda: hook.of("message.ack"), "the server's acknowledgement")
    assert [one["ack"] for one in hook.of("message.ack")] == [1]
    assert seen()[0]["status"] == "sent"


def test_every_kind_of_message_is_told_and_signed():
    fresh()
    for kind in ("text", "image", "voice", "video", "document", "sticker", "location", "contact"):
        say(type=kind, text="words" if kind == "text" else "")
    wait_for(lambda: len(hook.of("message.any")) == 8, "all messages")
    kinds = sorted((one["media"] or {}).get("mimetype", "") for one in hook.of("message.any"))
    assert [one for one in kinds if one] == ["application/pdf", "audio/ogg; codecs=opus", "image/png", "image/webp", "video/mp4"]
    assert hook.bad == 0
    assert sum(1 for one in hook.of("message.any") if one["location"]) == 1
    assert sum(1 for one in hook.of("message.any") if one["vCards"]) == 1


def test_reactions_edits_removals_and_calls_are_told():
    fresh()
    mine = say(text="helo")
    send(id="3EB0FF")
    say(type="edit", message=mine, text="hello")
    say(type="reaction", message="3EB0FF", emoji="👍")
    say(type="delete", message=mine)
    say(type="call", video=True)
    for event in ("call.received", "message.edited", "message.reaction", "message.revoked"):
        wait_for(lambda event=event: hook.of(event), event)
    assert hook.of("message.edited")[0]["editedMessageId"] == mine
    assert hook.of("message.reaction")[0]["reaction"] == {"text": "👍", "messageId": f"true_{CHAT}_3EB0FF"}
    assert hook.of("message.revoked")[0]["revokedMessageId"] == mine


def test_the_account_edits_and_deletes_what_it_wrote():
    fresh()
    theirs = say(text="hello")
    send("helo", id="3EB0FF")
    place = f"/api/{SESSION}/chats/{CHAT}/messages/true_{CHAT}_"
    assert call("PUT", place + "3EB0FF", {"text": "hello"}).status == 200
    assert wait_for(lambda: hook.of("message.edited"), "the edit")[0]["editedMessageId"] == "3EB0FF"
    assert seen()[-1]["text"] == "hello" and seen()[-1]["edited"], seen()
    assert call("PUT", place + "3EB0FF", {"text": 5}).json["message"] == ["text must be a string"]
    assert call("PUT", place + "NOTHING", {"text": "x"}).status == 404
    foreign = f"/api/{SESSION}/chats/{CHAT}/messages/false_{CHAT}_{theirs}"
    assert call("PUT", foreign, {"text": "x"}).status == call("DELETE", foreign).status == 400
    assert call("DELETE", place + "3EB0FF", key="wrong").status == 401
    assert call("DELETE", place + "3EB0FF").status == 200
    assert wait_for(lambda: hook.of("message.revoked"), "the removal")[0]["revokedMessageId"] == "3EB0FF"
    assert seen()[-1]["deleted"] and call("DELETE", place + "3EB0FF").status == 404
    send("old", id="3EB0AA")
    sim.sim("POST", "clock", {"advance_ms": 16 * 60_000})
    assert call("PUT", place + "3EB0AA", {"text": "x"}).status == 400
    sim.sim("POST", "clock", {"advance_ms": 48 * 3_600_000})
    assert call("DELETE", place + "3EB0AA").status == 400


def test_who_hides_their_number_has_another_name_that_can_be_looked_up():
    fresh()
    say(person="79160000000", text="hi")
    wait_for(lambda: hook.of("message.any"), "the message")
    assert hook.of("message.any")[0]["from"] == "445566@lid"
    assert call("GET", f"/api/{SESSION}/lids/445566@lid").json == {"lid": "445566@lid", "pn": "79160000000@c.us"}
    assert call("POST", "/api/sendText", {"session": SESSION, "chatId": "445566@lid", "text": "x"}).status == 201


def test_a_webhook_is_repeated_until_it_is_taken_as_often_as_set():
    fresh()
    hook.answers.extend([500, 503])
    say(text="stubborn")
    wait_for(lambda: hook.of("message.any"), "the third try")
    hook.answers.extend([500, 500, 500])
    say(text="given up")
    wait_for(lambda: not hook.answers and sim.sim("GET", "gateway/settled")["settled"], "three tries")
    assert [one["body"] for one in hook.of("message.any")] == ["stubborn"]


def test_what_is_written_while_the_session_is_out_is_only_in_the_history():
    fresh()
    control("PATCH", f"sessions/{SESSION}", {"status": "FAILED"})
    say(text="Are you there?")
    say(text="Hello?")
    assert call("POST", f"/api/sessions/{SESSION}/restart").json["status"] == "WORKING"
    wait_for(lambda: any(one["status"] == "WORKING" for one in hook.of("session.status")), "the session")
    assert hook.of("message.any") == []
    [chat] = call("GET", f"/api/{SESSION}/chats/overview").json
    assert chat["id"] == CHAT and chat["lastMessage"]["body"] == "Hello?"
    path = f"/api/{SESSION}/chats/{CHAT}/messages?limit=1&sortOrder=asc"
    assert [one["body"] for one in call("GET", path).json] == ["Are you there?"]
    assert [one["body"] for one in call("GET", path + "&offset=1").json] == ["Hello?"]
    assert "source" not in call("GET", path).json[0]
    assert call("GET", path + "&filter.timestamp.gte=99999999999").json == []


def test_a_banned_number_fails_after_each_restart():
    fresh()
    control("PATCH", f"sessions/{SESSION}", {"banned": True, "status": "FAILED"})
    for _ in range(3):
        assert call("POST", f"/api/sessions/{SESSION}/restart").json["status"] == "FAILED"
    wait_for(lambda: len([one for one in hook.of("session.status") if one["status"] == "FAILED"]) == 4, "four failures")
    # They come in any order.
    failures = [[last["status"] for last in one["statuses"]].count("FAILED") for one in hook.of("session.status")]
    assert max(failures) >= 3, failures


def test_a_new_session_shows_a_code_until_a_phone_scans_it():
    fresh()
    assert call("POST", "/api/sessions", {"name": "new", "start": True}).status == 201
    assert call("POST", "/api/sessions", {"name": "new"}).status == 422
    code = call("GET", "/api/new/auth/qr?format=raw").json["value"]
    assert code.startswith("2@") and call("GET", "/api/new/auth/qr?format=raw").json["value"] != code
    control("POST", "sessions/new/scan", {"number": "79002223344"})
    assert call("GET", "/api/new/auth/qr?format=raw").status == 422
    assert call("GET", "/api/sessions/new/me").json["id"] == "79002223344@c.us"


def test_files_live_three_minutes_and_come_back_by_their_message():
    fresh()
    mine = say(type="document")
    wait_for(lambda: hook.of("message.any"), "the file")
    media = hook.of("message.any")[0]["media"]
    assert media["url"].startswith("http://localhost:3000/api/files/")
    path = media["url"].removeprefix("http://localhost:3000")
    assert call("GET", path).body.startswith(b"%PDF")
    assert call("GET", path, key="other").status == 401
    sim.sim("POST", "clock", {"advance_ms": 181_000})
    assert call("GET", path).status == 404
    again = call("GET", f"/api/{SESSION}/chats/{CHAT}/messages/false_{CHAT}_{mine}?downloadMedia=true").json["media"]["url"]
    assert call("GET", again.removeprefix("http://localhost:3000")).status == 200


def test_faults_play_what_gateways_do():
    fresh()
    sim.sim("POST", "faults", {"kind": "429"})
    assert send().status == 429
    sim.sim("POST", "faults", {"kind": "500", "words": "Protocol error (Target closed)"})
    reply = send()
    assert reply.status == 500 and "Protocol error" in reply.json["exception"]["message"]
    sim.sim("POST", "faults", {"kind": "expired_token"})
    assert send().status == 401
    assert send().status == 201
    sim.sim("POST", "faults", {"kind": "lost_webhook", "match": {"what": "message.any"}})
    say(text="lost")
    sim.sim("POST", "faults", {"kind": "duplicate_webhook", "match": {"what": "message.any"}})
    say(text="twice")
    wait_for(lambda: [one["body"] for one in hook.of("message.any") if not one["fromMe"]] == ["twice", "twice"], "two of one, none of the other")


def test_numbers_are_looked_up():
    fresh()
    assert call("GET", f"/api/contacts/check-exists?session={SESSION}&phone={PERSON}").json == {"numberExists": True, "chatId": CHAT}
    assert call("GET", f"/api/contacts/check-exists?session={SESSION}&phone=1").json == {"numberExists": False, "chatId": None}


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
