#!/usr/bin/env python3
"""What the simulator does as Evolution API: instances, refusals, webhooks with the headers that it was told, its database."""
import base64
import http.server
import json
import threading

from simulator import Simulator, run, wait_for

KEY, INSTANCE, NUMBER, PERSON, HIDDEN = "k3y", "sales", "79001112233", "79004445566", "79160000000"
JID = PERSON + "@s.whatsapp.net"
EVENTS = ["MESSAGES_UPSERT", "MESSAGES_UPDATE", "MESSAGES_EDITED", "MESSAGES_DELETE", "SEND_MESSAGE", "CALL", "QRCODE_UPDATED", "CONNECTION_UPDATE"]

sim = Simulator("--retry-base-ms", "20")


class Hook:
    """Takes webhooks, answers as told, and keeps those that have our header."""

    def __init__(self):
        self.events, self.answers, self.bad = [], [], 0
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("X-Token") != "s3cret":
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
        return [one["data"] for one in self.events if one["event"] == event]


hook = Hook()


def call(method, path, body=None, key=KEY):
    return sim.call(method, path, body, {"apikey": key} if key else {})


def control(method, path, body=None):
    return sim.sim(method, "gateway/" + path, body)


def webhook(**more):
    return {"enabled": True, "url": hook.url, "headers": {"X-Token": "s3cret"}, "byEvents": False, "base64": False, "events": EVENTS, **more}


def fresh(**session):
    """A world with one instance and two people; it calls us."""
    control("POST", "reset", {})
    hook.events.clear()
    hook.answers.clear()
    control("POST", "world", {"api_key": KEY, "sessions": [{"name": INSTANCE, "number": NUMBER, **session}],
                              "people": [{"number": PERSON, "name": "Maria"}, {"number": HIDDEN, "name": "Oleg", "lid": "445566"}]})
    assert call("POST", f"/webhook/set/{INSTANCE}", {"webhook": webhook()}).status == 201


def send(text="hello", **more):
    return call("POST", f"/message/sendText/{INSTANCE}", {"number": PERSON, "text": text, **more})


def say(person=PERSON, **wish):
    return control("POST", f"people/{person}/messages", wish)["id"]


def seen(person=PERSON):
    return control("GET", f"people/{person}/messages")["messages"]


def said(reply):
    return reply.json["response"]["message"]


def test_a_wrong_key_is_refused_in_the_gateways_words():
    fresh()
    for key in (None, "other"):
        reply = call("GET", f"/instance/connectionState/{INSTANCE}", key=key)
        assert reply.status == 401 and reply.json == {"status": 401, "error": "Unauthorized", "response": {"message": "Unauthorized"}}


def test_an_instance_that_is_not_there_is_named():
    fresh()
    for path in ("/instance/connectionState/x", "/webhook/find/x"):
        reply = call("GET", path)
        assert reply.status == 404 and said(reply) == ['The "x" instance does not exist']
    assert call("POST", "/message/sendText/x", {"number": PERSON, "text": "x"}).status == 404
    assert call("POST", f"/message/sendPigeon/{INSTANCE}", {}).status == 404


def test_an_instance_without_connection_sends_nothing():
    fresh()
    control("PATCH", f"sessions/{INSTANCE}", {"status": "FAILED"})
    reply = send()
    assert reply.status == 500 and said(reply) == "Connection Closed"
    assert call("POST", f"/chat/sendPresence/{INSTANCE}", {"number": PERSON}).status == 500
    assert call("GET", f"/instance/connectionState/{INSTANCE}").json["instance"] == {"instanceName": INSTANCE, "state": "close"}


def test_bodies_that_are_wrong_are_refused_by_property():
    fresh()
    for path, body, lacking in (("sendText", {"number": PERSON}, "text"), ("sendText", {"text": "x"}, "number"),
                                ("sendMedia", {"number": PERSON}, "media"), ("sendWhatsAppAudio", {"number": PERSON}, "audio"),
                                ("sendLocation", {"number": PERSON}, "latitude"), ("sendContact", {"number": PERSON}, "contact")):
        reply = call("POST", f"/message/{path}/{INSTANCE}", body)
        assert reply.status == 400 and said(reply) == [[f'instance requires property "{lacking}"']], (path, reply.body)
    reply = call("POST", f"/message/sendMedia/{INSTANCE}", {"number": PERSON, "mediatype": "image", "media": "***"})
    assert reply.status == 400 and said(reply) == "Owned media must be a url or base64"
    assert call("POST", f"/message/sendText/{INSTANCE}", b"{").status == 400


def test_a_number_without_whatsapp_is_refused_at_once():
    fresh()
    control("PATCH", f"people/{PERSON}", {"has_whatsapp": False})
    reply = send()
    assert reply.status == 400 and said(reply) == [{"jid": JID, "exists": False, "number": PERSON}]
    assert call("POST", f"/message/sendText/{INSTANCE}", {"number": "79999999999", "text": "x"}).status == 400
    checked = call("POST", f"/chat/whatsappNumbers/{INSTANCE}", {"numbers": [PERSON, HIDDEN]}).json
    assert [one["exists"] for one in checked] == [False, True]


def test_a_webhook_must_have_an_address_and_known_events():
    fresh()
    assert said(call("POST", f"/webhook/set/{INSTANCE}", {"webhook": webhook(url="crm")})) == 'Invalid "url" property'
    assert call("POST", f"/webhook/set/{INSTANCE}", {"webhook": webhook(events=["PIGEONS"])}).status == 400
    assert call("POST", f"/webhook/set/{INSTANCE}", {}).status == 400
    found = call("GET", f"/webhook/find/{INSTANCE}").json
    assert found["enabled"] and found["url"] == hook.url and found["headers"] == {"X-Token": "s3cret"}


def test_what_is_sent_is_echoed_and_acknowledged_as_far_as_the_phone_goes():
    fresh()
    reply = send()
    assert reply.status == 201 and reply.json["status"] == "PENDING"
    sent = reply.json["key"]["id"]
    statuses = lambda: [one["status"] for one in hook.of("messages.update") if one["keyId"] == sent]
    wait_for(lambda: sorted(statuses()) == ["DELIVERY_ACK", "SERVER_ACK"], "both statuses")
    wait_for(lambda: hook.of("send.message"), "the echo")
    [echo] = hook.of("send.message")
    assert echo["key"] == {"remoteJid": JID, "fromMe": True, "id": sent}
    control("POST", f"people/{PERSON}/read", {})
    wait_for(lambda: "READ" in statuses(), "the reading")
    assert send().json["key"]["id"] != sent  # nothing tells a repetition


def test_every_kind_of_message_is_told_with_our_header_and_the_gateways_key():
    fresh()
    for kind in ("text", "image", "voice", "video", "document", "sticker", "location", "contact"):
        say(type=kind, text="words" if kind == "text" else "")
    wait_for(lambda: len(hook.of("messages.upsert")) == 8, "all messages")
    assert sorted(one["messageType"] for one in hook.of("messages.upsert")) == [
        "audioMessage", "contactMessage", "conversation", "documentMessage", "imageMessage", "locationMessage", "stickerMessage", "videoMessage"]
    assert hook.bad == 0
    assert all(one["apikey"] == KEY and one["instance"] == INSTANCE and one["sender"] == NUMBER + "@s.whatsapp.net" for one in hook.events)


def test_quotes_reactions_edits_removals_and_calls_are_told():
    fresh()
    mine = say(text="helo")
    ours = send().json["key"]["id"]
    say(text="yes", reply_to=ours)
    say(type="edit", message=mine, text="hello")
    say(type="reaction", message=ours, emoji="👍")
    say(type="delete", message=mine)
    say(type="call", video=True)
    wait_for(lambda: hook.of("call") and hook.of("messages.delete") and hook.of("messages.edited") and len(hook.of("messages.upsert")) == 3, "all of it")
    [quote] = [one for one in hook.of("messages.upsert") if one["messageType"] == "extendedTextMessage"]
    assert quote["message"]["extendedTextMessage"]["contextInfo"] == {"stanzaId": ours}
    [reaction] = [one["message"]["reactionMessage"] for one in hook.of("messages.upsert") if one["messageType"] == "reactionMessage"]
    assert reaction["key"]["id"] == ours and reaction["text"] == "👍"
    assert hook.of("messages.edited")[0]["editedMessage"] == {"conversation": "hello"}
    assert hook.of("messages.delete")[0]["id"] == mine and hook.of("messages.delete")[0]["status"] == "DELETED"


def test_a_webhook_is_repeated_unless_it_is_refused_for_good():
    fresh()
    hook.answers.extend([500, 503])
    say(text="stubborn")
    wait_for(lambda: hook.of("messages.upsert"), "the third try")
    hook.answers.append(401)
    say(text="refused")
    wait_for(lambda: not hook.answers and sim.sim("GET", "gateway/settled")["settled"], "the one try")
    assert [one["message"]["conversation"] for one in hook.of("messages.upsert")] == ["stubborn"]


def test_states_are_told_with_the_reason():
    fresh()
    states = lambda: [(one["state"], one["statusReason"]) for one in hook.of("connection.update")]
    for wish, told in (({"status": "FAILED"}, ("close", 428)), ({"status": "WORKING"}, ("open", 200)), ({"status": "LIMITED"}, ("close", 402)),
                       ({"status": "FAILED", "banned": True}, ("close", 403)), ({"status": "SCAN_QR_CODE", "number": ""}, ("close", 401))):
        control("PATCH", f"sessions/{INSTANCE}", wish)
        wait_for(lambda: told in states(), f"{told}")
    wait_for(lambda: hook.of("qrcode.updated"), "the code")
    [listed] = call("GET", f"/instance/fetchInstances?instanceName={INSTANCE}").json
    assert listed["ownerJid"] is None and listed["disconnectionReasonCode"] == 401


def test_an_instance_is_made_once_and_linked_by_its_code():
    fresh()
    body = {"instanceName": "new", "integration": "WHATSAPP-BAILEYS", "qrcode": True, "webhook": webhook()}
    assert call("POST", "/instance/create", body).status == 201
    again = call("POST", "/instance/create", body)
    assert again.status == 403 and said(again) == ['This name "new" is already in use.']
    assert call("POST", "/instance/create", {"integration": "WHATSAPP-BAILEYS"}).status == 400
    assert call("POST", "/instance/create", {"instanceName": "x", "integration": "PIGEON"}).status == 400
    code = call("GET", "/instance/connect/new").json["code"]
    assert code.startswith("2@") and call("GET", "/instance/connect/new").json["code"] != code
    control("POST", "sessions/new/scan", {"number": "79002223344"})
    assert call("GET", "/instance/connect/new").json["instance"]["state"] == "open"
    assert call("DELETE", "/instance/logout/new").status == 200
    assert call("GET", "/instance/connectionState/new").json["instance"]["state"] == "connecting"


def test_the_database_holds_what_was_not_told_page_by_page():
    fresh()
    control("PATCH", f"sessions/{INSTANCE}", {"status": "FAILED"})
    say(text="Are you there?")
    say(text="Hello?")
    assert call("POST", f"/instance/restart/{INSTANCE}").json["instance"]["state"] == "open"
    assert hook.of("messages.upsert") == []
    find = lambda **more: call("POST", f"/chat/findMessages/{INSTANCE}", {"where": {"messageTimestamp": {"gte": "2020-01-01T00:00:00Z", "lte": "2999-01-01T00:00:00Z"}}, **more}).json["messages"]
    assert [one["message"]["conversation"] for one in find()["records"]] == ["Hello?", "Are you there?"]
    second = find(page=2, offset=1)
    assert second["pages"] == 2 and [one["message"]["conversation"] for one in second["records"]] == ["Are you there?"]
    none = call("POST", f"/chat/findMessages/{INSTANCE}", {"where": {"messageTimestamp": {"gte": "2998-01-01T00:00:00Z", "lte": "2999-01-01T00:00:00Z"}}})
    assert none.json["messages"]["records"] == []


def test_a_banned_number_closes_after_each_restart():
    fresh()
    control("PATCH", f"sessions/{INSTANCE}", {"banned": True, "status": "FAILED"})
    assert call("POST", f"/instance/restart/{INSTANCE}").json["instance"]["state"] == "close"


def test_files_come_as_text_by_their_message():
    fresh()
    mine = say(type="document")
    wait_for(lambda: hook.of("messages.upsert"), "the file")
    assert hook.of("messages.upsert")[0]["message"]["documentMessage"]["url"].startswith("https://mmg.whatsapp.net/")
    path = f"/chat/getBase64FromMediaMessage/{INSTANCE}"
    file = call("POST", path, {"message": {"key": {"id": mine}}}).json
    assert base64.b64decode(file["base64"]).startswith(b"%PDF") and file["mimetype"] == "application/pdf"
    assert call("POST", path, {"message": {"key": {"id": "none"}}}).status == 400


def test_who_hides_their_number_is_told_with_both_names():
    fresh()
    say(person=HIDDEN, text="hi")
    wait_for(lambda: hook.of("messages.upsert"), "the message")
    key = hook.of("messages.upsert")[0]["key"]
    assert (key["remoteJid"], key["remoteJidAlt"], key["addressingMode"]) == ("445566@lid", HIDDEN + "@s.whatsapp.net", "lid")
    assert call("POST", f"/message/sendText/{INSTANCE}", {"number": "445566@lid", "text": "x"}).status == 201


def test_reading_typing_and_reacting_are_taken():
    fresh()
    mine = say(text="hi")
    assert call("POST", f"/chat/markMessageAsRead/{INSTANCE}", {"readMessages": [{"remoteJid": JID, "fromMe": False, "id": mine}]}).status == 201
    assert call("POST", f"/chat/markMessageAsRead/{INSTANCE}", {}).status == 400
    assert call("POST", f"/chat/sendPresence/{INSTANCE}", {"number": PERSON, "presence": "composing", "delay": 1200}).status == 201
    assert control("GET", f"people/{PERSON}/messages")["typing"]
    key = {"remoteJid": JID, "fromMe": False, "id": mine}
    assert call("POST", f"/message/sendReaction/{INSTANCE}", {"key": key, "reaction": "👍"}).status == 201
    assert seen()[0]["emoji_of_business"] == "👍"
    assert call("POST", f"/message/sendReaction/{INSTANCE}", {"reaction": "👍"}).status == 400


def test_faults_play_what_gateways_do():
    fresh()
    sim.sim("POST", "faults", {"kind": "429"})
    assert send().status == 429
    sim.sim("POST", "faults", {"kind": "expired_token"})
    assert send().status == 401
    sim.sim("POST", "faults", {"kind": "500", "words": "odd"})
    reply = send()
    assert reply.status == 500 and said(reply) == "odd"
    assert send().status == 201


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
