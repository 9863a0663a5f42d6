#!/usr/bin/env python3
"""What the simulator does as Green-API: addresses with a token, refusals, webhooks with the token of the settings, journals."""
import http.server
import json
import threading

from simulator import Simulator, run, wait_for

KEY, INSTANCE, NUMBER, PERSON, HIDDEN = "k3y", "1101000001", "79001112233", "79004445566", "79160000000"
CHAT = PERSON + "@c.us"
TOKEN = "s3cret"
SWITCHES = ["incomingWebhook", "outgoingWebhook", "outgoingMessageWebhook", "outgoingAPIMessageWebhook", "stateWebhook",
            "incomingCallWebhook", "editedMessageWebhook", "deletedMessageWebhook"]

sim = Simulator("--retry-base-ms", "20")


class Hook:
    """Takes webhooks, answers as told, keeps those with the right token; gives a file away too."""

    def __init__(self):
        self.events, self.answers, self.bad = [], [], 0
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b"", mime="text/plain"):
                self.send_response(status)
                self.send_header("Content-Type", mime)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path == "/plan.png":
                    self.answer(200, b"a picture", "image/png")
                else:
                    self.answer(404)

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Authorization") != "Bearer " + TOKEN:
                    hook.bad += 1
                status = hook.answers.pop(0) if hook.answers else 200
                if status == 200:
                    hook.events.append(json.loads(raw))
                self.answer(status)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, kind):
        return [one for one in self.events if one["typeWebhook"] == kind]

    def statuses(self):
        return [one["status"] for one in self.of("outgoingMessageStatus")]

    def data(self, kind="incomingMessageReceived"):
        return [one["messageData"] for one in self.of(kind)]


hook = Hook()


def call(method, name, body=None, key=KEY, instance=INSTANCE):
    path, _, query = name.partition("?")
    return sim.call(method, f"/waInstance{instance}/{path}/{key}" + (f"?{query}" if query else ""), body)


def control(method, path, body=None):
    return sim.sim(method, "gateway/" + path, body)


def fresh(**session):
    """A world with one instance and two people; it calls us."""
    control("POST", "reset", {})
    hook.events.clear()
    hook.answers.clear()
    control("POST", "world", {"api_key": KEY, "sessions": [{"name": INSTANCE, "number": NUMBER, **session}],
                              "people": [{"number": PERSON, "name": "Maria"}, {"number": HIDDEN, "name": "Oleg", "lid": "445566"}]})
    settings = {"webhookUrl": hook.base + "/hook", "webhookUrlToken": TOKEN, **{one: "yes" for one in SWITCHES}}
    assert call("POST", "setSettings", settings).json == {"saveSettings": True}
    wait_for(lambda: sim.sim("GET", "gateway/settled")["settled"], "the states of the new start")
    hook.events.clear()


def send(text="hello", **more):
    return call("POST", "sendMessage", {"chatId": CHAT, "message": text, **more})


def say(person=PERSON, **wish):
    return control("POST", f"people/{person}/messages", wish)["id"]


def seen(person=PERSON):
    return control("GET", f"people/{person}/messages")["messages"]


def test_a_wrong_token_and_a_wrong_instance_are_refused():
    fresh()
    assert call("GET", "getStateInstance", key="other").status == 401
    assert call("GET", "getStateInstance", instance="1101000009").status == 403
    assert call("GET", "getStateInstance").json == {"stateInstance": "authorized"}
    assert call("GET", "getPigeons").status == 404


def test_an_instance_that_is_not_ready_is_refused_in_its_words():
    fresh()
    for status, words in (("SCAN_QR_CODE", "instance account not authorized"), ("FAILED", "instance account not authorized"),
                          ("STARTING", "instance in starting process try later")):
        control("PATCH", f"sessions/{INSTANCE}", {"status": status})
        reply = send()
        assert reply.status == 400 and reply.json["message"] == words and reply.json["statusCode"] == 400
    assert call("GET", "lastIncomingMessages").status == 400


def test_bodies_that_are_wrong_are_refused_by_field():
    fresh()
    for name, body in (("sendMessage", {"chatId": CHAT}), ("sendMessage", {"chatId": PERSON, "message": "x"}),
                       ("sendMessage", {"chatId": CHAT, "message": "x" * 20_001}), ("sendFileByUrl", {"chatId": CHAT, "urlFile": "x"}),
                       ("sendLocation", {"chatId": CHAT, "latitude": "x", "longitude": 1}),
                       ("sendContact", {"chatId": CHAT, "contact": {"phoneContact": "x"}}), ("setSettings", {}),
                       ("setSettings", {"incomingWebhook": "maybe"})):
        reply = call("POST", name, body)
        assert reply.status == 400 and reply.json["message"].startswith("bad request data"), (name, reply.body)
    assert call("POST", "sendMessage", b"{").status == 400
    assert seen() == []


def test_what_is_sent_is_echoed_and_acknowledged_as_far_as_the_phone_goes():
    fresh()
    sent = send().json["idMessage"]
    wait_for(lambda: sorted(hook.statuses()) == ["delivered", "sent"], "both statuses")
    wait_for(lambda: hook.of("outgoingAPIMessageReceived"), "the echo")
    [echo] = hook.of("outgoingAPIMessageReceived")
    assert echo["idMessage"] == sent and echo["senderData"]["chatId"] == CHAT
    assert hook.of("outgoingMessageStatus")[0]["chatId"] == CHAT
    control("POST", f"people/{PERSON}/read", {})
    wait_for(lambda: "read" in hook.statuses(), "the reading")
    assert send().json["idMessage"] != sent  # nothing tells a repetition


def test_a_number_without_whatsapp_is_told_by_a_status():
    fresh()
    control("PATCH", f"people/{PERSON}", {"has_whatsapp": False})
    assert send().status == 200
    assert call("POST", "sendMessage", {"chatId": "79999999999@c.us", "message": "x"}).status == 200
    wait_for(lambda: hook.statuses() == ["noAccount", "noAccount"], "both statuses")
    assert call("POST", "checkWhatsapp", {"phoneNumber": PERSON}).json == {"existsWhatsapp": False}
    assert call("POST", "checkWhatsapp", {"phoneNumber": HIDDEN}).json == {"existsWhatsapp": True}


def test_a_yellow_card_fails_what_is_sent_and_blocked_is_a_state():
    fresh()
    control("PATCH", f"sessions/{INSTANCE}", {"status": "LIMITED"})
    assert send().status == 200
    wait_for(lambda: hook.statuses() == ["yellowCard"], "the status")
    control("PATCH", f"sessions/{INSTANCE}", {"banned": True, "status": "FAILED"})
    wait_for(lambda: [one["stateInstance"] for one in hook.of("stateInstanceChanged")] == ["yellowCard", "blocked"], "both states")
    assert call("GET", "getStateInstance").json == {"stateInstance": "blocked"}


def test_files_are_fetched_by_their_address_and_fail_without_one():
    fresh()
    body = {"chatId": CHAT, "urlFile": hook.base + "/plan.png", "fileName": "plan.png", "caption": "see"}
    assert call("POST", "sendFileByUrl", body).status == 200
    wait_for(lambda: "delivered" in hook.statuses(), "the picture")
    assert (seen()[0]["type"], seen()[0]["text"]) == ("image", "see")
    assert call("POST", "sendFileByUrl", {**body, "urlFile": hook.base + "/gone.png"}).status == 200
    wait_for(lambda: "failed" in hook.statuses(), "the failure")


def test_every_kind_of_message_is_told_with_the_token():
    fresh()
    for kind in ("text", "image", "voice", "video", "document", "sticker", "location", "contact"):
        say(type=kind, text="words" if kind == "text" else "")
    wait_for(lambda: len(hook.data()) == 8, "all messages")
    assert sorted(one["typeMessage"] for one in hook.data()) == [
        "audioMessage", "contactMessage", "documentMessage", "imageMessage", "locationMessage", "stickerMessage", "textMessage", "videoMessage"]
    assert hook.bad == 0
    [place] = [one["locationMessageData"] for one in hook.data() if one["typeMessage"] == "locationMessage"]
    assert (place["latitude"], place["longitude"]) == (55.75, 37.61)


def test_quotes_reactions_edits_removals_and_calls_are_told():
    fresh()
    mine = say(text="helo")
    ours = send().json["idMessage"]
    say(text="yes", reply_to=ours)
    say(type="edit", message=mine, text="hello")
    say(type="reaction", message=ours, emoji="👍")
    say(type="delete", message=mine)
    say(type="call")
    wait_for(lambda: hook.of("incomingCall") and len(hook.data()) == 5, "all of it")
    by_type = {one["typeMessage"]: one for one in hook.data()}
    assert by_type["quotedMessage"]["quotedMessage"]["stanzaId"] == ours
    assert by_type["editedMessage"]["editedMessageData"] == {"textMessage": "hello", "stanzaId": mine}
    assert by_type["reactionMessage"]["quotedMessage"]["stanzaId"] == ours
    assert by_type["deletedMessage"]["deletedMessageData"] == {"stanzaId": mine}


def test_only_what_the_settings_ask_for_is_told():
    fresh()
    call("POST", "setSettings", {"incomingWebhook": "no"})
    say(text="unheard")
    control("POST", f"people/{PERSON}/answers", {"text": "by hand"})
    wait_for(lambda: hook.of("outgoingMessageReceived"), "the answer by hand")
    assert hook.of("incomingMessageReceived") == []


def test_a_webhook_is_tried_five_times():
    fresh()
    hook.answers.extend([500] * 4)
    say(text="stubborn")
    wait_for(lambda: hook.data(), "the fifth try")
    hook.answers.extend([500] * 5)
    say(text="given up")
    wait_for(lambda: not hook.answers and sim.sim("GET", "gateway/settled")["settled"], "five tries")
    assert [one["textMessageData"]["textMessage"] for one in hook.data()] == ["stubborn"]


def test_journals_hold_what_was_not_told():
    fresh()
    control("PATCH", f"sessions/{INSTANCE}", {"status": "FAILED"})
    say(text="Are you there?")
    say(type="image", text="look")
    control("PATCH", f"sessions/{INSTANCE}", {"status": "WORKING"})
    send("here")
    control("POST", f"people/{PERSON}/answers", {"text": "by hand"})
    picture, text = call("GET", "lastIncomingMessages?minutes=60").json
    assert (text["textMessage"], text["senderName"], text["chatId"]) == ("Are you there?", "Maria", CHAT)
    assert picture["caption"] == "look" and picture["downloadUrl"].startswith(sim.url)
    assert [one["sendByApi"] for one in call("GET", "lastOutgoingMessages").json] == [False, True]
    assert hook.of("incomingMessageReceived") == []
    sim.sim("POST", "clock", {"advance_ms": 61 * 60_000})
    assert call("GET", "lastIncomingMessages?minutes=60").json == []


def test_a_file_lies_in_the_store_for_two_weeks_and_then_anew():
    fresh()
    mine = say(type="document")
    wait_for(lambda: hook.data(), "the file")
    path = hook.data()[0]["fileMessageData"]["downloadUrl"].removeprefix(sim.url)
    assert sim.call("GET", path).body.startswith(b"%PDF")
    sim.sim("POST", "clock", {"advance_ms": 15 * 24 * 3_600_000})
    assert sim.call("GET", path).status == 404
    again = call("POST", "downloadFile", {"chatId": CHAT, "idMessage": mine}).json["downloadUrl"]
    assert sim.call("GET", again.removeprefix(sim.url)).status == 200
    assert call("POST", "downloadFile", {"chatId": CHAT, "idMessage": "none"}).status == 400


def test_a_code_is_drawn_until_a_phone_scans_it():
    fresh()
    assert call("GET", "qr").json["type"] == "alreadyLogged"
    assert call("GET", "logout").json == {"isLogout": True}
    assert call("GET", "getStateInstance").json == {"stateInstance": "notAuthorized"}
    assert call("GET", "qr").json["type"] == "qrCode"
    control("POST", f"sessions/{INSTANCE}/scan", {"number": NUMBER})
    assert call("GET", "getSettings").json["wid"] == NUMBER + "@c.us"
    assert call("GET", "reboot").json == {"isReboot": True}


def test_who_hides_their_number_has_another_name():
    fresh()
    say(person=HIDDEN, text="hi")
    wait_for(lambda: hook.of("incomingMessageReceived"), "the message")
    assert hook.of("incomingMessageReceived")[0]["senderData"]["chatId"] == "445566@lid"
    assert call("POST", "sendMessage", {"chatId": "445566@lid", "message": "x"}).status == 200
    assert seen(HIDDEN)[-1]["text"] == "x"


def test_reading_and_typing_are_taken():
    fresh()
    mine = say(text="hi")
    assert call("POST", "readChat", {"chatId": CHAT, "idMessage": mine}).json == {"setRead": True}
    assert call("POST", "sendTyping", {"chatId": CHAT, "typingTime": 5000}).status == 200
    assert control("GET", f"people/{PERSON}/messages")["typing"]


def test_faults_play_what_the_service_does():
    fresh()
    sim.sim("POST", "faults", {"kind": "429"})
    assert send().status == 429
    sim.sim("POST", "faults", {"kind": "500", "status": 466})
    reply = send()
    assert reply.status == 466 and "chat limit on your tariff" in reply.json["correspondentsStatus"]["description"]
    sim.sim("POST", "faults", {"kind": "expired_token"})
    assert send().status == 401
    sim.sim("POST", "faults", {"kind": "500", "status": 502})
    assert send().status == 502
    assert send().status == 200


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
