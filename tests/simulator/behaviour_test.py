#!/usr/bin/env python3
"""What the simulator does over time: statuses, window, webhooks, media, phones, faults, clock, log."""
import base64
import hashlib
import json
import threading

from simulator import CUSTOMER, NUMBER, SECRET, WABA, TOKEN, Callback, Simulator, run, text, wait_for

HOUR = 3_600_000
DAY = 24 * HOUR

sim = Simulator("--retry-base-ms", "20")
hook = Callback()

WORLD = {
    "apps": [{"id": "900", "name": "Okno", "app_secret": SECRET, "access_token": TOKEN, "callback_url": hook.url}],
    "wabas": [{"id": WABA, "app_id": "900", "name": "Shop"}],
    "numbers": [{"id": NUMBER, "waba_id": WABA, "display_phone_number": "+7 495 000-00-01", "verified_name": "Shop"}],
    "templates": [{"id": f"77{i}", "waba_id": WABA, "name": f"t{i}", "language": "en", "components": [
        {"type": "BODY", "text": "Hello {{1}}"}, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}]}]}
        for i in range(3)],
    "phones": [{"wa_id": CUSTOMER, "name": "Анна Ли", "bsuid": "RU.881"}],
    "settings": {"delivered_ms": 20, "read_ms": 20},
}


def fresh(**number):
    """A new world in which the customer has just written."""
    sim.sim("POST", "reset")
    sim.sim("POST", "world", WORLD)
    if number:
        sim.sim("PATCH", f"numbers/{NUMBER}", number)
    hook.clear()
    wamid = sim.writes({"text": "Здравствуйте / hello 😀"})
    wait_for(hook.messages, "the first webhook")
    return wamid


def accepted(body, **more):
    reply = sim.send(body, **more)
    assert reply.status == 200, (reply.status, reply.body)
    return reply.json["messages"][0]["id"]


def steps(wamid):
    return [one["status"] for one in hook.statuses_of(wamid)]


def until_status(wamid, status):
    wait_for(lambda: status in steps(wamid), f"{status} of {wamid}, got {steps(wamid)}")
    return [one for one in hook.statuses_of(wamid) if one["status"] == status][0]


def template(name="t0", value="Ann"):
    return {"messaging_product": "whatsapp", "to": "+" + CUSTOMER, "type": "template", "template": {
        "name": name, "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": value}]}]}}


def buttons():
    return {"messaging_product": "whatsapp", "to": "+" + CUSTOMER, "type": "interactive", "interactive": {
        "type": "button", "body": {"text": "Choose"}, "action": {"buttons": [
            {"type": "reply", "reply": {"id": "a", "title": "First"}},
            {"type": "reply", "reply": {"id": "b", "title": "Second"}}]}}}


def last_message():
    return hook.messages()[-1]


def next_message(act):
    before = len(hook.messages())
    act()
    wait_for(lambda: len(hook.messages()) > before, "an inbound message")
    return last_message()


# --- text end to end ---

def test_a_customers_text_arrives_signed_and_escaped():
    wamid = fresh()
    post = hook.posts[0]
    assert hook.bad_signatures == 0
    assert b"\\u0417" in post["raw"] and b"\\/" in post["raw"] and max(post["raw"]) < 128, post["raw"]
    entry = post["json"]["entry"][0]
    assert post["json"]["object"] == "whatsapp_business_account" and entry["id"] == WABA, post["json"]
    value = entry["changes"][0]["value"]
    assert value["metadata"] == {"display_phone_number": "74950000001", "phone_number_id": NUMBER}, value
    assert value["contacts"] == [{"profile": {"name": "Анна Ли"}, "wa_id": CUSTOMER, "user_id": "RU.881"}], value
    message = value["messages"][0]
    assert message["id"] == wamid and message["from"] == CUSTOMER and message["from_user_id"] == "RU.881", message
    assert message["text"] == {"body": "Здравствуйте / hello 😀"} and message["timestamp"].isdigit(), message


def test_an_answer_goes_up_the_ladder_and_is_read_when_the_phone_opens_the_chat():
    fresh()
    wamid = accepted(text("Good day", biz_opaque_callback_data="job-1"))
    until_status(wamid, "delivered")
    assert steps(wamid) == ["sent", "delivered"], steps(wamid)
    shown = sim.phone()[-1]
    assert (shown["id"], shown["direction"], shown["text"], shown["status"]) == (
        wamid, "from_business", "Good day", "delivered"), shown
    sim.sim("POST", f"phones/{CUSTOMER}/read", {})
    read = until_status(wamid, "read")
    assert read["biz_opaque_callback_data"] == "job-1" and read["recipient_id"] == CUSTOMER, read
    sent = hook.statuses_of(wamid)[0]
    assert sent["pricing"]["pricing_model"] == "PMP" and sent["pricing"]["category"] == "service", sent
    assert "conversation" not in sent and "pricing" not in read, (sent, read)


def test_an_open_chat_leaves_delivered_out():
    fresh()
    sim.sim("POST", f"phones/{CUSTOMER}/read", {"open": True})
    wamid = accepted(text())
    until_status(wamid, "read")
    assert steps(wamid) == ["sent", "read"], steps(wamid)


def test_a_phone_may_read_by_itself_or_never():
    fresh()
    sim.sim("PATCH", f"phones/{CUSTOMER}", {"reads": "auto"})
    until_status(accepted(text()), "read")
    sim.sim("PATCH", f"phones/{CUSTOMER}", {"reads": "never"})
    wamid = accepted(text())
    until_status(wamid, "delivered")
    sim.sim("POST", f"phones/{CUSTOMER}/read", {})
    settle()
    assert steps(wamid) == ["sent", "delivered"], steps(wamid)


def test_an_offline_phone_gets_its_messages_later():
    fresh()
    sim.sim("PATCH", f"phones/{CUSTOMER}", {"online": False})
    wamid = accepted(text("while you were away"))
    until_status(wamid, "sent")
    settle()
    assert steps(wamid) == ["sent"] and sim.phone()[-1]["id"] != wamid
    sim.sim("PATCH", f"phones/{CUSTOMER}", {"online": True})
    until_status(wamid, "delivered")


def settle():
    wait_for(lambda: sim.sim("GET", "settled")["settled"], "silence")


def test_a_voice_message_can_be_played():
    fresh()
    wamid = accepted({"messaging_product": "whatsapp", "to": "+" + CUSTOMER, "type": "audio",
                      "audio": {"link": "https://e.example/a.ogg", "voice": True}})
    until_status(wamid, "delivered")
    sim.sim("POST", f"phones/{CUSTOMER}/played", {"message": wamid})
    until_status(wamid, "played")


def test_read_mark_and_typing_reach_the_phone():
    wamid = fresh()
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, "typing_indicator": {"type": "text"}}
    assert sim.send(mark).json == {"success": True}
    view = sim.sim("GET", f"phones/{CUSTOMER}/messages")
    assert view["messages"][0]["status"] == "read" and view["typing"] is True, view
    until_status(accepted(text()), "delivered")
    assert sim.sim("GET", f"phones/{CUSTOMER}/messages")["typing"] is False


def test_the_unversioned_address_works_too():
    fresh()
    assert sim.send(text(), version="").status == 200


# --- the window ---

def test_after_25_hours_only_templates_pass_until_the_customer_writes():
    fresh()
    sim.sim("POST", "clock", {"advance_ms": 25 * HOUR})
    late = accepted(text("too late"))
    failed = until_status(late, "failed")
    assert failed["errors"][0]["code"] == 131047 and "pricing" not in failed, failed
    assert steps(late) == ["failed"], steps(late)
    assert all(one["id"] != late for one in sim.phone())
    reply = sim.send(template())
    assert reply.json["messages"][0]["message_status"] == "accepted", reply.body
    until_status(reply.json["messages"][0]["id"], "delivered")
    assert sim.phone()[-1]["text"] == "Hello Ann", sim.phone()[-1]
    sim.writes({"text": "I am back"})
    sim.sim("POST", "clock", {"advance_ms": HOUR})
    until_status(accepted(text("welcome")), "delivered")


def test_whether_a_reaction_opens_the_window_can_be_set():
    fresh()
    ours = accepted(text())
    until_status(ours, "delivered")
    for opens, wanted in ((0, "failed"), (1, "delivered")):
        sim.sim("PATCH", "settings", {"reaction_opens_window": opens})
        sim.sim("POST", "clock", {"advance_ms": 25 * HOUR})
        sim.writes({"type": "reaction", "message": ours, "emoji": "👍"})
        until_status(accepted(text()), wanted)


def test_a_referral_makes_the_next_three_days_free():
    fresh()
    message = next_message(lambda: sim.writes({"text": "from an ad", "referral": {"source_type": "ad", "source_id": "5"}}))
    assert message["referral"] == {"source_type": "ad", "source_id": "5"}, message
    sent = until_status(accepted(text()), "sent")
    assert sent["pricing"]["type"] == "free_entry_point" and "expiration_timestamp" in sent["conversation"], sent


# --- the customer's kinds ---

def test_every_kind_of_file_arrives_with_a_hash_and_can_be_fetched_for_five_minutes():
    fresh()
    data = b"\x89PNG some picture"
    wish = {"type": "image", "data": base64.b64encode(data).decode(), "mime_type": "image/png", "caption": "look"}
    image = next_message(lambda: sim.writes(wish))["image"]
    assert image["caption"] == "look" and image["mime_type"] == "image/png", image
    assert base64.b64decode(image["sha256"]) == hashlib.sha256(data).digest(), image
    told = sim.graph("GET", f"/{image['id']}?phone_number_id={NUMBER}").json
    assert told["file_size"] == len(data) and told["sha256"] == hashlib.sha256(data).hexdigest(), told
    path = told["url"].removeprefix(sim.url)
    assert sim.graph("GET", path, version="").body == data
    assert sim.graph("GET", path, version="", token=None).status == 401
    sim.sim("POST", "clock", {"advance_ms": 5 * 60_000})
    assert sim.graph("GET", path, version="").status == 404
    again = sim.graph("GET", f"/{image['id']}").json["url"].removeprefix(sim.url)
    assert sim.graph("GET", again, version="").body == data
    sim.sim("POST", "clock", {"advance_ms": 7 * DAY})
    assert sim.graph("GET", f"/{image['id']}").code == 33
    for kind, member in (("voice", "audio"), ("audio", "audio"), ("video", "video"), ("document", "document"),
                         ("sticker", "sticker")):
        message = next_message(lambda: sim.writes({"type": kind}))
        assert message["type"] == member and message[member]["id"], message
        assert member != "audio" or message["audio"]["voice"] is (kind == "voice"), message
        assert kind != "document" or message["document"]["filename"], message


def test_a_stored_file_is_sent_by_the_phone():
    fresh()
    stored = sim.call("POST", "/sim/media?filename=a.pdf", b"%PDF-1.1", {"Content-Type": "application/pdf"}).json["id"]
    message = next_message(lambda: sim.writes({"type": "document", "media_id": stored}))
    assert message["document"]["filename"] == "a.pdf" and message["document"]["id"] == stored, message


def test_location_contacts_order_and_unsupported_arrive_as_they_are():
    fresh()
    place = {"latitude": 55.75, "longitude": 37.61, "name": "Shop"}
    assert next_message(lambda: sim.writes({"type": "location", "location": place}))["location"] == place
    people = [{"name": {"formatted_name": "Bob"}, "phones": [{"phone": "+15550001"}]}]
    assert next_message(lambda: sim.writes({"type": "contacts", "contacts": people}))["contacts"] == people
    order = {"catalog_id": "1", "product_items": []}
    assert next_message(lambda: sim.writes({"type": "order", "order": order}))["order"] == order
    odd = next_message(lambda: sim.writes({"type": "unsupported", "what": "poll_creation"}))
    assert odd["unsupported"] == {"type": "poll_creation"} and odd["errors"][0]["code"] == 131051, odd


def test_reply_forward_and_reaction_point_at_their_message():
    first = fresh()
    ours = accepted(text("question?"))
    until_status(ours, "delivered")
    reply = next_message(lambda: sim.writes({"text": "yes", "reply_to": ours}))
    assert reply["context"] == {"from": "74950000001", "id": ours}, reply
    own = next_message(lambda: sim.writes({"text": "I mean this", "reply_to": first, "forwarded": True}))
    assert own["context"] == {"from": CUSTOMER, "id": first, "forwarded": True}, own
    love = next_message(lambda: sim.writes({"type": "reaction", "message": ours, "emoji": "❤️"}))
    assert love["reaction"] == {"message_id": ours, "emoji": "❤️"} and "context" not in love, love
    none = next_message(lambda: sim.writes({"type": "reaction", "message": ours, "emoji": ""}))
    assert none["reaction"] == {"message_id": ours}, none


def test_buttons_rows_and_quick_replies_can_be_pressed():
    fresh()
    ours = accepted(buttons())
    until_status(ours, "delivered")
    pressed = next_message(lambda: sim.writes({"type": "press", "message": ours, "index": 1}))
    assert pressed["interactive"] == {"type": "button_reply", "button_reply": {"id": "b", "title": "Second"}}, pressed
    assert pressed["context"] == {"from": "74950000001", "id": ours}, pressed
    listed = {"messaging_product": "whatsapp", "to": "+" + CUSTOMER, "type": "interactive", "interactive": {
        "type": "list", "body": {"text": "Choose"}, "action": {"button": "Menu", "sections": [
            {"rows": [{"id": "r1", "title": "One"}, {"id": "r2", "title": "Two", "description": "of two"}]}]}}}
    menu = accepted(listed)
    until_status(menu, "delivered")
    chosen = next_message(lambda: sim.writes({"type": "press", "message": menu, "button": "r2"}))["interactive"]
    assert chosen == {"type": "list_reply", "list_reply": {"id": "r2", "title": "Two", "description": "of two"}}, chosen
    offer = accepted(template())
    until_status(offer, "delivered")
    answer = next_message(lambda: sim.writes({"type": "press", "message": offer, "button": "Yes"}))
    assert answer["type"] == "button" and answer["button"] == {"payload": "Yes", "text": "Yes"}, answer
    asked = accepted({**buttons(), "interactive": {"type": "contact_request", "body": {"text": "Your number?"},
                                                   "action": {"name": "request_contact_info"}}})
    until_status(asked, "delivered")
    card = next_message(lambda: sim.writes({"type": "press", "message": asked, "index": 0}))["contacts"][0]
    assert card["origin"] == "contact_request" and card["phones"][0]["wa_id"] == CUSTOMER, card


def test_edits_and_deletions_come_as_the_number_allows():
    first = fresh()
    edit = next_message(lambda: sim.writes({"type": "edit", "message": first, "text": "corrected"}))
    assert edit["type"] == "unsupported" and edit["unsupported"] == {"type": "edit"}, edit
    assert sim.phone()[0]["text"] == "corrected" and sim.phone()[0]["edited"] is True
    first = fresh(coexistence=True)
    edit = next_message(lambda: sim.writes({"type": "edit", "message": first, "text": "corrected"}))
    assert edit["edit"] == {"original_message_id": first, "message": {"type": "text", "text": {"body": "corrected"}}}, edit
    gone = next_message(lambda: sim.writes({"type": "delete", "message": first}))
    assert gone["type"] == "revoke" and gone["revoke"] == {"original_message_id": first}, gone
    sim.sim("POST", "clock", {"advance_ms": 16 * 60_000})
    late = sim.call("POST", f"/sim/phones/{CUSTOMER}/messages", {"type": "edit", "message": first, "text": "no"})
    assert late.status == 409, late.status


def test_the_business_app_is_echoed():
    fresh(coexistence=True)
    wamid = sim.sim("POST", f"numbers/{NUMBER}/echoes", {"to": CUSTOMER, "text": "from my phone"})["id"]
    value = wait_for(lambda: hook.values("smb_message_echoes"), "the echo")[0]
    echo = value["message_echoes"][0]
    assert echo["id"] == wamid and echo["to"] == CUSTOMER and echo["text"] == {"body": "from my phone"}, echo
    assert sim.phone()[-1]["id"] == wamid


def test_number_and_user_id_may_change():
    fresh()
    sim.sim("POST", f"phones/{CUSTOMER}/change_user_id", {"new_bsuid": "RU.999"})
    update = wait_for(lambda: hook.values("user_id_update"), "user_id_update")[0]["user_id_update"][0]
    assert update["user_id"] == {"previous": "RU.881", "current": "RU.999"}, update
    wait_for(lambda: last_message()["type"] == "system", "system message")
    assert last_message()["system"]["user_id"] == "RU.999", last_message()
    sim.sim("POST", f"phones/{CUSTOMER}/change_number", {"new_wa_id": "79990001122"})
    wait_for(lambda: last_message()["system"]["type"] == "user_changed_number", "system message")
    assert last_message()["from"] == CUSTOMER and last_message()["system"]["wa_id"] == "79990001122", last_message()
    assert next_message(lambda: sim.writes({"text": "new phone"}, phone="79990001122"))["from"] == "79990001122"
    until_status(accepted(text(to="+79990001122")), "delivered")


def test_a_hidden_number_leaves_only_the_user_id():
    fresh()
    sim.sim("PATCH", f"phones/{CUSTOMER}", {"hides_number": True, "username": "anna"})
    message = next_message(lambda: sim.writes({"text": "guess who"}))
    assert "from" not in message and message["from_user_id"] == "RU.881", message
    contact = hook.values()[-1]["contacts"][0]
    assert "wa_id" not in contact and contact["profile"]["username"] == "@anna", contact
    reply = sim.send({"messaging_product": "whatsapp", "recipient": "RU.881", "type": "text", "text": {"body": "Anna"}})
    assert reply.json["contacts"] == [{"input": "RU.881", "user_id": "RU.881"}], reply.body
    status = until_status(reply.json["messages"][0]["id"], "delivered")
    assert "recipient_id" not in status and status["recipient_user_id"] == "RU.881", status


def test_another_spelling_of_a_number_is_answered_with_the_true_one():
    fresh()
    sim.sim("POST", "phones", {"wa_id": "551187654321", "name": "Rio", "aliases": ["5511987654321"]})
    sim.writes({"text": "oi"}, phone="551187654321")
    reply = sim.send(text(to="+5511987654321")).json
    assert reply["contacts"] == [{"input": "+5511987654321", "wa_id": "551187654321"}], reply


def test_stopping_marketing_is_told_and_kept():
    fresh()
    sim.sim("PATCH", "templates/770", {"category": "MARKETING"})
    wait_for(lambda: hook.values("template_category_update"), "category update")
    sim.sim("POST", f"phones/{CUSTOMER}/marketing", {"value": "stop"})
    wish = wait_for(lambda: hook.values("user_preferences"), "preference")[0]["user_preferences"][0]
    assert wish["value"] == "stop" and wish["category"] == "marketing_messages", wish
    assert until_status(accepted(template()), "failed")["errors"][0]["code"] == 131050


# --- accounts ---

def test_templates_come_in_pages():
    fresh()
    first = sim.graph("GET", f"/{WABA}/message_templates?limit=2&fields=name,status,language").json
    assert [one["name"] for one in first["data"]] == ["t0", "t1"] and set(first["data"][0]) == {
        "name", "status", "language", "id"}, first
    after = first["paging"]["cursors"]["after"]
    assert "next" in first["paging"]
    second = sim.graph("GET", f"/{WABA}/message_templates?limit=2&after={after}").json
    assert [one["name"] for one in second["data"]] == ["t2"] and "next" not in second["paging"], second
    assert sim.graph("GET", f"/{WABA}/message_templates?name=t1").json["data"][0]["id"] == "771"
    sim.sim("PATCH", "templates/771", {"status": "PAUSED"})
    event = wait_for(lambda: hook.values("message_template_status_update"), "status update")[0]
    assert event["event"] == "PAUSED" and event["message_template_id"] == 771, event


def test_numbers_accounts_and_tokens_can_be_read():
    fresh()
    number = sim.graph("GET", f"/{NUMBER}?fields=id,display_phone_number,verified_name,status,quality_rating,throughput").json
    assert number["status"] == "CONNECTED" and number["display_phone_number"] == "+7 495 000-00-01", number
    assert sim.graph("GET", f"/{WABA}/phone_numbers").json["data"][0]["id"] == NUMBER
    assert sim.graph("GET", f"/{WABA}?fields=name").json == {"name": "Shop", "id": WABA}
    token = sim.graph("GET", f"/debug_token?input_token={TOKEN}", token=f"900|{SECRET}").json["data"]
    assert token["is_valid"] is True and "whatsapp_business_messaging" in token["scopes"], token


def test_an_account_without_subscription_is_mute():
    fresh()
    assert sim.graph("DELETE", f"/{WABA}/subscribed_apps").json == {"success": True}
    sim.writes({"text": "nobody hears"})
    settle()
    assert len(hook.messages()) == 1
    assert sim.graph("GET", f"/{WABA}/subscribed_apps").json == {"data": []}
    assert sim.graph("POST", f"/{WABA}/subscribed_apps").json == {"success": True}
    next_message(lambda: sim.writes({"text": "somebody hears"}))


def test_a_new_callback_must_pass_the_handshake():
    fresh()
    wrong = sim.call("PATCH", "/sim/apps/900", {"callback_url": hook.url + "2", "verify_token": "wrong"})
    assert wrong.status == 422 and sim.sim("GET", "apps/900")["callback_url"] == hook.url, wrong.body
    right = sim.call("PATCH", "/sim/apps/900", {"callback_url": hook.url + "2", "verify_token": hook.verify_token})
    assert right.status == 200, right.body
    next_message(lambda: sim.writes({"text": "new way"}))
    assert hook.posts[-1]["path"] == "/hook2"
    body = {"override_callback_uri": hook.url + "3", "verify_token": "wrong"}
    assert sim.graph("POST", f"/{WABA}/subscribed_apps", body).code == 2200
    body["verify_token"] = hook.verify_token
    assert sim.graph("POST", f"/{WABA}/subscribed_apps", body).json == {"success": True}
    next_message(lambda: sim.writes({"text": "another way"}))
    assert hook.posts[-1]["path"] == "/hook3"
    body = {"webhook_configuration": {"override_callback_uri": hook.url + "4", "verify_token": hook.verify_token}}
    assert sim.graph("POST", f"/{NUMBER}", body).json == {"success": True}
    next_message(lambda: sim.writes({"text": "the number's way"}))
    assert hook.posts[-1]["path"] == "/hook4"


# --- webhooks that fail ---

def test_a_webhook_is_repeated_until_it_is_taken():
    fresh()
    hook.clear()
    hook.statuses = [500, 503, 204, 404]
    wamid = sim.writes({"text": "again and again"})
    wait_for(hook.messages, "the fifth attempt")
    assert [post["status"] for post in hook.posts] == [500, 503, 204, 404, 200]
    assert len({post["raw"] for post in hook.posts}) == 1, "attempts differ"
    pauses = [b["at"] - a["at"] for a, b in zip(hook.posts, hook.posts[1:])]
    assert pauses[0] >= 0.02 and pauses[3] >= 0.16, pauses
    tries = wait_for(lambda: [one for one in sim.log("webhook") if one["updates"][0]["id"] == wamid and one["status"] == 200],
                     "the log")
    assert tries[-1]["attempt"] == 5, tries


def test_nobody_listening_is_survived():
    fresh()
    sim.sim("PATCH", "apps/900", {"callback_url": "http://127.0.0.1:1/nobody"})
    wamid = sim.writes({"text": "hello?"})
    entry = wait_for(lambda: [one for one in sim.log("webhook") if one["updates"][0]["id"] == wamid], "an attempt")[0]
    assert entry["status"] is None and entry["error"], entry


def test_updates_that_queue_up_are_joined():
    fresh(messages_per_second=1000)
    sim.sim("PATCH", "settings", {"webhooks_in_flight": 1, "webhook_batch": 50})
    for i in range(200):
        sim.writes({"text": str(i)})
    wait_for(lambda: len(hook.messages()) == 201, "200 messages")
    bodies = [one["text"]["body"] for one in hook.messages()[1:]]
    assert bodies == [str(i) for i in range(200)], "order with one POST at a time"
    assert all(len(value["contacts"]) == 1 for value in hook.values())


# --- faults ---

def fault(kind, **more):
    return sim.sim("POST", "faults", {"kind": kind, **more})["id"]


def test_refusing_faults_happen_as_often_as_told():
    fresh()
    for kind, status, code in (("429", 429, 130429), ("500", 500, 131000), ("expired_token", 401, 190),
                               ("restricted_number", 403, 131031)):
        fault(kind, count=2)
        got = [sim.send(text()) for _ in range(3)]
        assert [(one.status, one.code) for one in got] == [(status, code)] * 2 + [(200, None)], (kind, got)
    fault("500", plain=True)
    assert b"<html>" in sim.send(text()).body
    settle()
    assert sum(one["direction"] == "from_business" for one in sim.phone()) == 4


def test_a_fault_without_end_lasts_until_it_is_cleared():
    fresh()
    number = fault("500", count=0)
    assert [sim.send(text()).status for _ in range(4)] == [500] * 4
    assert sim.sim("GET", "faults")["faults"][0]["count"] == 0
    sim.sim("DELETE", f"faults/{number}")
    assert sim.send(text()).status == 200
    assert sim.call("POST", "/sim/faults", {"kind": "earthquake"}).status == 400


def test_a_fault_may_meet_a_share_of_what_matches():
    fresh()
    fault("429", count=0, every=3)
    assert [sim.send(text()).status for _ in range(7)] == [200, 200, 429, 200, 200, 429, 200]


def test_a_fault_meets_only_what_it_is_meant_for():
    fresh()
    sim.sim("POST", "phones", {"wa_id": "79990000000"})
    sim.writes({"text": "me too"}, phone="79990000000")
    fault("500", match={"to": "79990000000"})
    assert sim.send(text()).status == 200
    assert sim.send(text(to="+79990000000")).status == 500
    fault("500", count=1)
    assert sim.graph("GET", f"/{NUMBER}").status == 200, "faults are for messages unless told otherwise"
    assert sim.send(text()).status == 500
    fault("500", match={"edge": "media"})
    assert sim.upload(b"x").status == 500


def test_silence_after_accepting_still_delivers():
    fresh()
    fault("timeout_after_accept")
    try:
        sim.send(text("did it arrive?", biz_opaque_callback_data="job-9"), timeout=0.3)
        raise AssertionError("answered")
    except TimeoutError:
        pass
    entry = sim.log()[-1]
    assert entry["status"] is None and entry["fault"] == "timeout_after_accept" and entry["wamid"], entry
    assert until_status(entry["wamid"], "delivered")["biz_opaque_callback_data"] == "job-9"


def test_silence_before_accepting_delivers_nothing():
    fresh()
    fault("timeout_before_accept")
    try:
        sim.send(text("lost"), timeout=0.3)
        raise AssertionError("answered")
    except TimeoutError:
        pass
    settle()
    assert len(sim.phone()) == 1 and "wamid" not in sim.log()[-1], sim.log()[-1]


def test_a_slow_answer_is_overtaken_by_its_statuses():
    fresh()
    fault("slow", ms=400)
    got = {}
    thread = threading.Thread(target=lambda: got.update(reply=sim.send(text())))
    thread.start()
    wait_for(lambda: any("statuses" in value for value in hook.values()), "a status")
    assert not got, "answered before its status"
    thread.join()
    assert got["reply"].status == 200


def test_webhooks_can_be_doubled_lost_reordered_and_held():
    fresh()
    fault("duplicate_webhook", times=4)
    wamid = sim.writes({"text": "four times"})
    wait_for(lambda: [one["id"] for one in hook.messages()].count(wamid) == 4, "four copies")
    settle()
    assert [one["id"] for one in hook.messages()].count(wamid) == 4

    fault("lost_webhook", match={"what": "status", "status": "sent"})
    ours = accepted(text())
    until_status(ours, "delivered")
    settle()
    assert steps(ours) == ["delivered"] and len(sim.log("webhook_lost")) == 1, steps(ours)

    fault("reorder_webhooks", match={"what": "status"})
    ours = accepted(text())
    wait_for(lambda: len(steps(ours)) == 2, "both statuses")
    assert steps(ours) == ["delivered", "sent"], steps(ours)

    fault("hold_webhooks", count=0, match={"what": "message"})
    first, second = sim.writes({"text": "1"}), sim.writes({"text": "2"})
    settle()
    sim.sim("DELETE", "faults")
    assert not {first, second} & {one["id"] for one in hook.messages()}
    assert sim.sim("POST", "webhooks/release", {"count": 1})["released"] == 1
    wait_for(lambda: last_message()["id"] == first, "the first held one")
    sim.sim("POST", "webhooks/release")
    wait_for(lambda: last_message()["id"] == second, "the second held one")


# --- clock, log, by hand ---

def test_the_clock_goes_forward_only_and_dates_webhooks():
    fresh()
    before = sim.sim("GET", "clock")["offset_ms"]
    assert sim.call("POST", "/sim/clock", {"offset_ms": before - 1}).status == 400
    assert sim.call("POST", "/sim/clock", {"advance_ms": -1}).status == 400
    first = int(last_message()["timestamp"])
    assert sim.sim("POST", "clock", {"offset_ms": before + DAY})["offset_ms"] == before + DAY
    later = int(next_message(lambda: sim.writes({"text": "tomorrow"}))["timestamp"])
    assert DAY // 1000 <= later - first < DAY // 1000 + 60, later - first


def test_the_clock_is_posted_to_whoever_asked():
    fresh()
    sim.sim("PATCH", "settings", {"clock_url": hook.url + "-clock"})
    offset = sim.sim("POST", "clock", {"advance_ms": 1})["offset_ms"]
    post = wait_for(lambda: [one for one in hook.posts if one["path"] == "/hook-clock"], "the clock")[0]
    assert post["json"]["offset_ms"] == offset, post
    sim.sim("PATCH", "settings", {"clock_url": ""})
    hook.bad_signatures = 0


def test_the_log_keeps_order_and_times():
    fresh()
    start = sim.sim("GET", "log?limit=200000")["last"]
    ids = [accepted(text(str(i))) for i in range(5)]
    sim.send(text(""))
    entries = [one for one in sim.sim("GET", f"log?after={start}&limit=200000")["entries"] if one["kind"] == "api"]
    assert [one.get("wamid") for one in entries] == [*ids, None], entries
    assert entries[-1]["status"] == 400 and entries[-1]["code"] == 100, entries[-1]
    assert [one["at_ms"] for one in entries] == sorted(one["at_ms"] for one in entries)
    assert json.loads(entries[0]["body"])["text"]["body"] == "0" and entries[0]["to"] == CUSTOMER, entries[0]
    page = sim.sim("GET", f"log?after={start}&limit=2")
    assert len(page["entries"]) == 2 and page["last"] == page["entries"][-1]["n"], page


def test_statuses_and_webhooks_can_be_made_by_hand():
    fresh()
    wamid = accepted(text())
    until_status(wamid, "delivered")
    sim.sim("POST", f"messages/{wamid}/status", {"status": "failed", "code": 131026})
    assert until_status(wamid, "failed")["errors"][0]["code"] == 131026
    sim.sim("POST", "webhooks", {"waba_id": WABA, "field": "account_update", "value": {"event": "ACCOUNT_DELETED"}})
    assert wait_for(lambda: hook.values("account_update"), "the update") == [{"event": "ACCOUNT_DELETED"}]


def test_a_reset_can_keep_the_world():
    fresh()
    sim.sim("POST", "reset", {"keep": "world"})
    assert sim.phone() == [] and sim.log() == [] and sim.sim("GET", "numbers")["numbers"][0]["id"] == NUMBER
    sim.sim("POST", "reset")
    assert sim.sim("GET", "numbers") == {"numbers": []}


def test_the_pages_are_there_and_strict():
    for path in ("/", "/demo"):
        page = sim.call("GET", path)
        assert page.status == 200 and b"<!doctype html>" in page.body.lower(), (path, page.status)
        assert "default-src 'self'" in page.headers["Content-Security-Policy"], page.headers
        assert b"<script>" not in page.body and b"style=" not in page.body, path
    assert sim.call("GET", "/pages/phone.js").headers["Content-Type"].startswith("text/javascript")
    assert sim.call("GET", "/pages/../README.md").status >= 400


def test_a_rush_of_messages_loses_and_doubles_nothing():
    sim.sim("POST", "reset")
    sim.sim("POST", "world", {**WORLD, "phones": [{"wa_id": f"7900{i:07}"} for i in range(400)]})
    sim.sim("PATCH", f"numbers/{NUMBER}", {"messages_per_second": 100000})
    hook.clear()
    for i in range(400):
        sim.writes({"text": "hi"}, phone=f"7900{i:07}")
    wait_for(lambda: len(hook.messages()) == 400, "400 webhooks", 60)
    ids = [accepted(text(to=f"+7900{i:07}")) for i in range(400)]
    wait_for(lambda: sum(len(value.get("statuses", [])) for value in hook.values()) == 800, "800 statuses", 60)
    assert len(set(ids)) == 400 and hook.bad_signatures == 0


try:
    run([test for name, test in sorted(globals().items(), key=lambda one: getattr(one[1], "__code__", None)
                                       and one[1].__code__.co_firstlineno or 0) if name.startswith("test_")])
finally:
    sim.stop()
