#!/usr/bin/env python3
"""What the simulator does as Messenger and Instagram: refusals in Meta's bodies, signed webhooks, windows, marks, files."""
import hashlib
import hmac
import json
import uuid

from simulator import SECRET, Callback, Simulator, run, wait_for

APP, PAGE, IG, IG_ALONE = "900", "104500000000001", "17841400000000001", "17841400000000009"
PSID, IGSID, STRANGER = "5501000000000001", "6601000000000002", "5509"
TOKEN, TOKEN_ALONE = "EAAG-page", "IGAA-alone"
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 40
DAY = 24 * 3600 * 1000
FIELDS = ("messages,messaging_postbacks,messaging_optins,messaging_referrals,message_deliveries,message_reads,"
          "message_echoes,message_reactions,message_edits,standby,messaging_handovers,messaging_policy_enforcement")

sim = Simulator("--retry-base-ms", "20")
hook = Callback()


def meta(method, path, body=None):
    return sim.sim(method, "meta/" + path, body)


def graph(method, path, body=None, token=TOKEN, headers=None):
    return sim.graph(method, path, body, token=token, headers=headers, version="/v26.0")


def error(reply):
    """(code, subcode) of a refusal."""
    assert reply.status >= 400, (reply.status, reply.body)
    found = reply.json["error"]
    assert found["fbtrace_id"] and found["type"] and found["message"]
    return found["code"], found.get("error_subcode", 0)


def send(message=None, to=PSID, **more):
    body = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": message or {"text": "hi"}, **more}
    return graph("POST", "/me/messages", body)


def sent(*args, **more):
    reply = send(*args, **more)
    assert reply.status == 200, reply.body
    return reply.json["message_id"]


def writes(text="hello", person=PSID, **more):
    return meta("POST", f"people/{person}/messages", {"text": text, **more})["mid"]


def sees(person=PSID):
    return meta("GET", f"people/{person}/messages")["messages"]


def records(kind=None, list_="messaging"):
    with hook.changed:
        posts = [post["json"] for post in hook.posts if post["status"] == 200]
    found = [one for post in posts for entry in post["entry"] for one in entry.get(list_, [])]
    return [one for one in found if kind is None or kind in one]


def told(kind, wanted=lambda _: True, list_="messaging"):
    """The first record with this member for which it holds."""
    return wait_for(lambda: next((one for one in records(kind, list_) if wanted(one[kind])), None), kind)


def fresh(connected=True):
    sim.sim("POST", "reset")
    hook.clear()
    meta("POST", "world", {
        "apps": [{"id": APP, "app_secret": SECRET}],
        "accounts": [{"id": PAGE, "name": "Yasno", "username": "yasno", "app_id": APP, "access_token": TOKEN},
                     {"id": IG, "object": "instagram", "username": "yasno", "page_id": PAGE, "app_id": APP},
                     {"id": IG_ALONE, "object": "instagram", "username": "alone", "app_id": APP, "access_token": TOKEN_ALONE}],
        "people": [{"id": PSID, "account": PAGE, "first_name": "Anna", "last_name": "Li"},
                   {"id": STRANGER, "account": PAGE, "first_name": "Nobody", "role": False},
                   {"id": IGSID, "account": IG, "first_name": "Oleg", "username": "oleg"}]})
    if connected:
        for kind in ("page", "instagram"):
            meta("POST", f"apps/{APP}/callbacks", {"object": kind, "callback_url": hook.url, "verify_token": hook.verify_token})
        assert graph("POST", f"/{PAGE}/subscribed_apps?subscribed_fields={FIELDS}").json == {"success": True}


def proof(token=TOKEN, secret=SECRET):
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def test_a_call_needs_a_token_of_the_account_and_a_right_proof():
    fresh()
    assert error(graph("GET", "/me?fields=id,name", token="")) == (190, 0)
    assert error(graph("GET", "/me?fields=id,name", token="other")) == (190, 0)
    assert error(graph("GET", "/me?appsecret_proof=ab")) == (100, 0)
    assert graph("GET", "/me?fields=id,name,username&appsecret_proof=" + proof()).json == {
        "id": PAGE, "name": "Yasno", "username": "yasno"}
    joined = graph("GET", "/me?fields=instagram_business_account%7Bid,username%7D").json["instagram_business_account"]
    assert joined == {"id": IG, "username": "yasno"}
    assert graph("GET", "/me?fields=user_id,username", token=TOKEN_ALONE).json["user_id"] == IG_ALONE
    assert error(graph("GET", f"/{IG_ALONE}?fields=id")) == (100, 33)
    assert error(graph("GET", f"/{PAGE}/nothing")) == (100, 0)


def test_the_callback_is_proved_before_it_is_kept():
    fresh(connected=False)
    hook.verify_token = "another"
    refused = sim.call("POST", f"/sim/meta/apps/{APP}/callbacks",
                       {"object": "page", "callback_url": hook.url, "verify_token": "verify-me"})
    hook.verify_token = "verify-me"
    assert refused.status == 422 and not refused.json["verified"]
    assert meta("GET", f"apps/{APP}")["callbacks"] == {}


def test_webhooks_are_signed_and_come_only_for_subscribed_fields():
    fresh(connected=False)
    meta("POST", f"apps/{APP}/callbacks", {"object": "page", "callback_url": hook.url, "verify_token": "verify-me"})
    writes("unheard")
    assert error(graph("POST", f"/{PAGE}/subscribed_apps")) == (100, 0)
    graph("POST", f"/{PAGE}/subscribed_apps?subscribed_fields=messages")
    mid = writes("heard / Привет")
    assert told("message")["message"] == {"mid": mid, "text": "heard / Привет"}
    record = records("message")[0]
    assert record["sender"] == {"id": PSID} and record["recipient"] == {"id": PAGE} and record["timestamp"] > 1e12
    body = hook.posts[0]
    assert body["json"]["object"] == "page" and body["json"]["entry"][0]["id"] == PAGE and hook.bad_signatures == 0
    assert b"\\u041f" in body["raw"] and b"\\/" in body["raw"]
    meta("POST", f"people/{PSID}/messages", {"type": "reaction", "message": mid, "emoji": "👍"})
    graph("DELETE", f"/{PAGE}/subscribed_apps")
    assert graph("GET", f"/{PAGE}/subscribed_apps").json == {"data": []}
    writes("unheard too")
    wait_for(lambda: sim.sim("GET", "settled")["settled"], "quiet")
    assert len(records()) == 1


def test_a_webhook_is_repeated_until_it_is_taken():
    fresh()
    hook.statuses = [500, 503]
    writes("again")
    wait_for(lambda: len(hook.posts) >= 3 and records("message"), "the third try")
    assert len({post["raw"] for post in hook.posts}) == 1


def test_the_window_closes_after_a_day_and_the_tag_of_persons_after_a_week():
    fresh()
    assert error(send()) == (10, 2018278)
    writes()
    sent()
    sim.sim("POST", "clock", {"advance_ms": DAY})
    assert error(send()) == (10, 2018278)
    assert error(send(messaging_type="UPDATE")) == (10, 2018278)
    late = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    sent(**late)
    assert sees()[-1]["tag"] == "HUMAN_AGENT"
    meta("PATCH", f"apps/{APP}", {"human_agent": False})
    assert error(send(**late)) == (10, 0)
    meta("PATCH", f"apps/{APP}", {"human_agent": True})
    sim.sim("POST", "clock", {"advance_ms": 6 * DAY})
    assert error(send(**late)) == (10, 2018278)
    meta("POST", f"people/{PSID}/messages", {"type": "reaction", "message": sees()[0]["id"], "emoji": "👍"})
    sent()


def test_instagram_closes_with_its_own_subcode():
    fresh()
    assert error(send(to=IGSID)) == (10, 2534022)
    writes(person=IGSID)
    sent(to=IGSID)


def test_retired_tags_and_odd_kinds_are_refused():
    fresh()
    writes()
    for tag in ("CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"):
        assert error(send(messaging_type="MESSAGE_TAG", tag=tag)) == (100, 1893061)
    for more in ({"messaging_type": "MESSAGE_TAG"}, {"tag": "HUMAN_AGENT"}, {"messaging_type": "OTHER"},
                 {"messaging_type": "UTILITY"}):
        assert error(send(**more)) == (100, 0), more


def test_who_cannot_be_reached():
    fresh()
    writes()
    assert error(send(to="77")) == (100, 2018001)
    assert error(graph("POST", "/me/messages", {"recipient": {"id": PSID}, "messaging_type": "RESPONSE",
                                                "message": {"text": "x"}}, token=TOKEN_ALONE)) == (100, 2018001)
    assert error(graph("POST", "/me/messages", {"recipient": {"id": "77"}, "messaging_type": "RESPONSE",
                                                "message": {"text": "x"}}, token=TOKEN_ALONE)) == (100, 2534014)
    meta("POST", f"people/{PSID}/messages", {"type": "block"})
    assert error(send()) == (551, 1545041)
    writes("I am back")
    sent()
    writes(person=STRANGER)
    sent(to=STRANGER)
    meta("PATCH", f"apps/{APP}", {"live": False})
    assert error(send(to=STRANGER)) == (10, 2018108)
    sent()
    meta("PATCH", f"accounts/{PAGE}", {"restricted": True})
    assert error(send()) == (10, 1893063)


def test_texts_and_choices_have_limits():
    fresh()
    writes()
    writes(person=IGSID)
    sent({"text": "ж" * 2000})
    sent({"text": "ж" * 500}, to=IGSID)
    reply = {"content_type": "text", "title": "A", "payload": "a"}
    button = {"type": "postback", "title": "A", "payload": "a"}

    def template(buttons, text="x", kind="button", **more):
        return {"attachment": {"type": "template", "payload": {"template_type": kind, "text": text, "buttons": buttons, **more}}}

    for wrong in ({"text": "ж" * 2001}, {"text": "x", "metadata": "m" * 1001}, {"text": "x", "quick_replies": []},
                  {"text": "x", "quick_replies": [reply] * 14}, {"text": "x", "quick_replies": [{**reply, "title": "A" * 21}]},
                  {"text": "x", "quick_replies": [{**reply, "payload": "p" * 1001}]},
                  {"text": "x", "quick_replies": [{"content_type": "location"}]},
                  template([]), template([button] * 4), template([button], text="x" * 641), template([button], text=""),
                  template([{**button, "title": "A" * 21}]), template([{**button, "payload": ""}]),
                  template([{"type": "web_url", "title": "A", "url": "x"}]), template([], kind="other"),
                  template([{"type": "phone_number", "title": "A", "payload": "8"}]),
                  template([], kind="generic", elements=[]), template([], kind="generic", elements=[{"title": "t" * 81}])):
        assert error(send(wrong)) == (100, 0), wrong
    assert error(send({"text": "ж" * 501}, to=IGSID)) == (100, 0)
    assert error(send({"text": "x", "quick_replies": [{"content_type": "user_phone_number"}]}, to=IGSID)) == (100, 0)
    sent({"text": "x", "quick_replies": [{"content_type": "user_phone_number"}]})
    sent(template([button] * 3))
    sent(template([], kind="generic", elements=[{"title": "One", "subtitle": "Two", "buttons": [button]}]))
    for empty in ({"metadata": "m"}, {"text": "x", **template([button])}):
        assert error(send(empty)) == (100, 2018034), empty
    assert error(send(reply_to={"mid": "m_other"})) == (100, 0)


def upload(data, kind="image", name="a.png", mime="image/png"):
    boundary = uuid.uuid4().hex
    message = json.dumps({"attachment": {"type": kind, "payload": {"is_reusable": True}}}).encode()
    parts = [('name="message"', None, message), (f'name="filedata"; filename="{name}"', mime, data)]
    raw = b"".join(b"--" + boundary.encode() + b"\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n"
                   + (b"Content-Type: " + of.encode() + b"\r\n" if of else b"") + b"\r\n" + content + b"\r\n"
                   for head, of, content in parts) + b"--" + boundary.encode() + b"--\r\n"
    return graph("POST", "/me/message_attachments", raw,
                 headers={"Content-Type": "multipart/form-data; boundary=" + boundary})


def test_files_are_left_first_and_named_by_their_kind():
    fresh()
    writes()
    made = upload(PNG).json["attachment_id"]
    sent({"attachment": {"type": "image", "payload": {"attachment_id": made}}})
    url = sees()[-1]["attachments"][0]["payload"]["url"]
    assert sim.call("GET", url[len(sim.url):]).body == PNG
    assert sim.call("GET", "/meta-files/none/a.png").status == 403
    assert error(send({"attachment": {"type": "video", "payload": {"attachment_id": made}}})) == (100, 2018047)
    assert error(send({"attachment": {"type": "image", "payload": {"attachment_id": "1"}}})) == (100, 2018047)
    assert error(send({"attachment": {"type": "image", "payload": {}}})) == (100, 2018034)
    assert error(upload(b"no picture")) == (100, 2018047)
    assert error(upload(b"")) == (100, 2018047)
    assert error(upload(b"x" * ((25 << 20) + 1), "file")) == (100, 2018109)
    assert error(upload(b"x", "other")) == (100, 0)


def test_an_echo_brings_our_mark_and_the_delivery_its_names():
    fresh()
    writes()
    mid = sent({"text": "hi", "metadata": "okno:1"})
    echo = told("message", lambda one: one.get("is_echo"))
    assert echo["message"] == {"mid": mid, "text": "hi", "is_echo": True, "app_id": APP, "metadata": "okno:1"}
    assert echo["sender"] == {"id": PAGE} and echo["recipient"] == {"id": PSID}
    assert told("delivery")["delivery"]["mids"] == [mid]
    meta("PATCH", f"accounts/{PAGE}", {"tells_mids": False})
    sent()
    bare = told("delivery", lambda one: "mids" not in one)
    assert bare["delivery"]["watermark"] > 1e12
    meta("POST", f"people/{PSID}/read")
    assert told("read")["read"]["watermark"] >= bare["delivery"]["watermark"]
    assert all(one["status"] == "read" for one in sees() if one["direction"] == "from_business")
    meta("POST", f"people/{PSID}/answers", {"text": "by hand"})
    assert told("message", lambda one: one.get("text") == "by hand")["message"]["app_id"] == "263902037430900"


def test_instagram_names_what_was_seen_and_tells_of_unsent_messages():
    fresh()
    theirs = writes(person=IGSID)
    mid = sent(to=IGSID)
    meta("POST", f"people/{IGSID}/read")
    assert told("read")["read"] == {"mid": mid}
    meta("POST", f"people/{IGSID}/messages", {"type": "delete", "message": theirs})
    assert told("message", lambda one: one.get("is_deleted"))["message"]["mid"] == theirs
    assert not records("delivery")
    refused = sim.call("POST", f"/sim/meta/people/{PSID}/messages", {"type": "delete", "message": writes()})
    assert refused.status == 400


def test_presses_edits_reactions_and_links_are_told():
    fresh()
    refused = sim.call("POST", f"/sim/meta/people/{PSID}/messages", {"type": "start"})
    assert refused.status == 400
    assert graph("GET", "/me/messenger_profile?fields=get_started").json == {"data": []}
    assert error(graph("POST", "/me/messenger_profile", {"get_started": {}})) == (100, 0)
    graph("POST", "/me/messenger_profile", {"get_started": {"payload": "GET_STARTED"}})
    meta("POST", f"people/{PSID}/messages", {"type": "start", "ref": "TOKEN-1"})
    postback = told("postback")["postback"]
    assert postback["payload"] == "GET_STARTED" and postback["referral"]["ref"] == "TOKEN-1"
    meta("POST", f"people/{PSID}/messages", {"type": "open_link", "ref": "TOKEN-2"})
    assert told("referral")["referral"]["ref"] == "TOKEN-2"
    asked = sent({"text": "?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "y"}]})
    meta("POST", f"people/{PSID}/messages", {"type": "press", "message": asked, "button": "Yes"})
    assert told("message", lambda one: "quick_reply" in one)["message"]["quick_reply"] == {"payload": "y"}
    asked = sent({"attachment": {"type": "template", "payload": {"template_type": "button", "text": "?", "buttons": [
        {"type": "postback", "title": "No", "payload": "n"}]}}})
    meta("POST", f"people/{PSID}/messages", {"type": "press", "message": asked, "index": 0})
    assert told("postback", lambda one: one["title"] == "No")["postback"]["payload"] == "n"
    mine = writes("helo")
    meta("POST", f"people/{PSID}/messages", {"type": "edit", "message": mine, "text": "hello"})
    assert told("message_edit")["message_edit"] == {"mid": mine, "text": "hello", "num_edit": 1}
    meta("POST", f"people/{PSID}/messages", {"type": "reaction", "message": asked, "emoji": ""})
    assert told("reaction")["reaction"] == {"mid": asked, "action": "unreact"}


def test_another_app_may_lead_a_conversation():
    fresh()
    writes()
    meta("POST", f"people/{PSID}/leader", {"app": "77"})
    assert told("take_thread_control")["take_thread_control"]["new_owner_app_id"] == "77"
    writes("for the other")
    assert told("message", lambda one: one["text"] == "for the other", "standby")
    assert error(send()) == (10, 2018300)
    meta("PATCH", f"accounts/{PAGE}", {"main_app": False})
    whose = {"recipient": {"id": PSID}}
    assert error(graph("POST", "/me/take_thread_control", whose)) == (10, 2018300)
    assert graph("POST", "/me/request_thread_control", whose).json == {"success": True}
    meta("PATCH", f"accounts/{PAGE}", {"main_app": True})
    assert graph("POST", "/me/take_thread_control", whose).json == {"success": True}
    sent()


def test_actions_stand_alone():
    fresh()
    writes()
    action = {"recipient": {"id": PSID}, "sender_action": "typing_on"}
    assert graph("POST", "/me/messages", action).json == {"recipient_id": PSID}
    assert meta("GET", f"people/{PSID}/messages")["typing"]
    assert error(graph("POST", "/me/messages", {**action, "message": {"text": "x"}})) == (100, 0)
    assert error(graph("POST", "/me/messages", {**action, "sender_action": "dance"})) == (100, 0)
    graph("POST", "/me/messages", {**action, "sender_action": "mark_seen"})
    assert meta("GET", f"people/{PSID}/messages")["seen"]


def test_too_many_messages_in_a_second_are_refused():
    fresh()
    writes()
    meta("PATCH", f"accounts/{PAGE}", {"sends_per_second": 3})
    refusals = [error(reply) for reply in (send() for _ in range(6)) if reply.status != 200]
    assert (613, 0) in refusals
    sim.sim("POST", "clock", {"advance_ms": 1000})
    sent()
    meta("PATCH", f"accounts/{PAGE}", {"sends_per_second": 300})
    sim.sim("POST", "clock", {"advance_ms": 1000})
    made = upload(b"sound", "audio", "a.ogg", "audio/ogg").json["attachment_id"]
    sound = {"attachment": {"type": "audio", "payload": {"attachment_id": made}}}
    assert [error(reply) for reply in (send(sound) for _ in range(12)) if reply.status != 200][:1] == [(613, 0)]


def test_faults_are_played():
    fresh()
    writes()
    for fault, wanted in (({"kind": "429", "minutes": 3}, (613, 0)), ({"kind": "500"}, (2, 0)),
                          ({"kind": "expired_token"}, (190, 463)), ({"kind": "restricted_number"}, (10, 1893063)),
                          ({"kind": "500", "code": 551, "subcode": 1545041}, (551, 1545041))):
        sim.sim("POST", "faults", {"count": 1, **fault})
        reply = send()
        assert error(reply) == wanted
        if "minutes" in fault:
            usage = json.loads(reply.headers["X-Business-Use-Case-Usage"])
            assert [line for lines in usage.values() for line in lines][0]["estimated_time_to_regain_access"] == 3
    sent()


def test_profiles_need_consent_on_instagram():
    fresh()
    assert graph("GET", f"/{PSID}?fields=first_name,last_name").json["first_name"] == "Anna"
    assert error(graph("GET", f"/{IGSID}?fields=name")) == (230, 0)
    writes(person=IGSID)
    assert graph("GET", f"/{IGSID}?fields=name,username").json["username"] == "oleg"


def test_every_kind_of_attachment_is_told():
    fresh()
    for kind in ("image", "video", "voice", "file", "sticker", "location", "fallback", "reel"):
        meta("POST", f"people/{PSID}/messages", {"type": kind, "text": ""})
    kinds = lambda: [one["message"]["attachments"][0]["type"] for one in records("message") if "attachments" in one["message"]]
    wait_for(lambda: len(kinds()) == 8, "all of them")
    assert sorted(kinds()) == ["audio", "fallback", "file", "image", "location", "reel", "sticker", "video"]
    for kind in ("story_mention", "share", "ig_post", "like_heart"):
        meta("POST", f"people/{IGSID}/messages", {"type": kind, "text": ""})
    wait_for(lambda: len(kinds()) == 12, "those of Instagram")
    meta("POST", f"people/{IGSID}/messages", {"text": "how much?", "story": True})
    assert told("message", lambda one: "reply_to" in one)["message"]["reply_to"]["story"]["url"]
    assert sim.call("POST", f"/sim/meta/people/{PSID}/messages", {"type": "poem"}).status == 400


def test_meta_speaks_of_the_account_too():
    fresh()
    meta("POST", f"accounts/{PAGE}/policy", {"action": "block", "reason": "Spam"})
    assert told("policy_enforcement")["policy_enforcement"] == {"action": "block", "reason": "Spam"}
    meta("POST", f"people/{PSID}/records", {"field": "messages", "record": {"game_play": {"x": 1}}})
    assert told("game_play")["game_play"] == {"x": 1}


try:
    run([one for name, one in list(globals().items()) if name.startswith("test_")])
finally:
    sim.stop()
