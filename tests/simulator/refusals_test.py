#!/usr/bin/env python3
"""A table of wrong requests and the refusal each must get, and of right ones that must pass."""
import copy

from simulator import CUSTOMER, NUMBER, TOKEN, WABA, Simulator, finish, text, wait_for

OTHER = "4915112345678"
GONE = "15550009999"

TEMPLATES = [
    {"name": "hello", "language": "en", "components": [{"type": "BODY", "text": "Hello!"}]},
    {"name": "order", "language": "en", "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
        {"type": "BODY", "text": "Dear {{1}}, your order {{2}} is ready."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"},
                                        {"type": "URL", "text": "See", "url": "https://e.example/{{1}}"}]}]},
    {"name": "picture", "language": "en", "components": [{"type": "HEADER", "format": "IMAGE"},
                                                         {"type": "BODY", "text": "Look."}]},
    {"name": "named", "language": "en", "parameter_format": "NAMED",
     "components": [{"type": "BODY", "text": "Dear {{first_name}}, hello."}]},
    {"name": "pending", "language": "en", "status": "PENDING", "components": [{"type": "BODY", "text": "Hi"}]},
    {"name": "paused", "language": "en", "status": "PAUSED", "components": [{"type": "BODY", "text": "Hi"}]},
    {"name": "disabled", "language": "en", "status": "DISABLED", "components": [{"type": "BODY", "text": "Hi"}]},
    {"name": "code", "language": "en", "category": "AUTHENTICATION", "components": [
        {"type": "BODY", "text": "{{1}} is your code."}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Copy"}]}]},
    {"name": "coupon", "language": "en", "components": [
        {"type": "BODY", "text": "For you."}, {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copy"}]}]},
    {"name": "sale", "language": "en", "category": "MARKETING", "components": [{"type": "BODY", "text": "Sale!"}]},
]

WORLD = {
    "apps": [{"id": "900", "app_secret": "x", "tokens": [
        {"token": TOKEN},
        {"token": "no-sending", "permissions": ["whatsapp_business_management"]},
        {"token": "no-managing", "permissions": ["whatsapp_business_messaging"]},
        {"token": "old", "expires_in_s": 0}]},
        {"id": "901", "app_secret": "y", "access_token": "stranger"}],
    "wabas": [{"id": WABA, "app_id": "900"}, {"id": "201", "app_id": "901"}],
    "numbers": [{"id": NUMBER, "waba_id": WABA, "display_phone_number": "+7 495 000-00-01", "pair_limit": False,
                 "messages_per_second": 1000},
                {"id": "101", "waba_id": WABA, "display_phone_number": "+7 495 000-00-02", "status": "RESTRICTED"},
                {"id": "102", "waba_id": WABA, "display_phone_number": "+7 495 000-00-03", "status": "PENDING"},
                {"id": "103", "waba_id": WABA, "display_phone_number": "+7 495 000-00-04", "status": "RATE_LIMITED"},
                {"id": "104", "waba_id": WABA, "display_phone_number": "+7 495 000-00-05"},
                {"id": "105", "waba_id": WABA, "display_phone_number": "+1 555 000-00-06",
                 "test_recipients": ["+54 11 2345-6789"]}],
    "templates": [{"waba_id": WABA, **one} for one in TEMPLATES],
    "phones": [{"wa_id": CUSTOMER, "name": "Ann", "bsuid": "RU.88172635"}, {"wa_id": OTHER, "name": "Never wrote"}],
}


def message(kind, content, **more):
    return {"messaging_product": "whatsapp", "to": "+" + CUSTOMER, "type": kind, kind: content, **more}


def interactive(kind, action, **more):
    return message("interactive", {"type": kind, "body": {"text": "Choose"}, "action": action, **more})


def buttons(*pairs, **more):
    return interactive("button", {"buttons": [{"type": "reply", "reply": {"id": i, "title": t}} for i, t in pairs]}, **more)


def rows(count, start=0):
    return [{"id": f"r{i}", "title": f"Row {i}"} for i in range(start, start + count)]


def listing(*sections, button="Menu"):
    return interactive("list", {"button": button, "sections": list(sections)})


def link(url="https://e.example", label="Open"):
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": label, "url": url}})


def template(name, *components, language="en"):
    content = {"name": name, "language": {"code": language}}
    if components:
        content["components"] = list(components)
    return message("template", content)


def values(kind, *texts):
    return {"type": kind, "parameters": [{"type": "text", "text": one} for one in texts]}


def around(choice, **more):
    """The choice with another body, a header or a footer."""
    return also(choice, interactive={**choice["interactive"], **more})


def button_value(text):
    return {**URL_VALUE, "parameters": [{"type": "text", "text": text}]}


def coupon(code):
    return {"type": "button", "sub_type": "copy_code", "index": "0",
            "parameters": [{"type": "coupon_code", "coupon_code": code}]}


URL_VALUE = {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "A-17"}]}
ORDER = (values("header", "A-17"), values("body", "Ann", "A-17"), URL_VALUE)


def without(body, *path):
    body = copy.deepcopy(body)
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return body


def also(body, **more):
    return {**body, **more}


# name, body, HTTP status, code
REFUSED = [
    ("no messaging_product", without(text(), "messaging_product"), 400, 100),
    ("another messaging_product", also(text(), messaging_product="telegram"), 400, 100),
    ("no recipient", without(text(), "to"), 400, 100),
    ("letters in to", text(to="+7916abc4567"), 400, 131009),
    ("to too short", text(to="+7916"), 400, 131009),
    ("to too long", text(to="+7916123456712345"), 400, 131009),
    ("to oneself", text(to="+74950000001"), 400, 131021),
    ("unknown user id", also(without(text(), "to"), recipient="RU.1"), 400, 131009),
    ("wrong recipient_type", text(recipient_type="nobody"), 400, 100),
    ("unknown type", also(text(), type="poem"), 400, 100),
    ("callback data too long", text(biz_opaque_callback_data="x" * 513), 400, 100),
    ("context without message_id", text(context={}), 400, 131009),
    ("no text object", without(text(), "text"), 400, 131008),
    ("text is no object", also(text(), text="hello"), 400, 100),
    ("no text body", message("text", {}), 400, 131008),
    ("empty text", text(""), 400, 100),
    ("text of 4097 characters", text("ё" * 4097), 400, 100),
    ("preview_url is text", message("text", {"body": "x", "preview_url": "yes"}), 400, 100),
    ("unexpected key in text", message("text", {"body": "x", "colour": "red"}), 400, 100),
    ("image without id and link", message("image", {}), 400, 131008),
    ("image with id and link", message("image", {"id": "1", "link": "https://e.example/a.png"}), 400, 131009),
    ("image link is no URL", message("image", {"link": "e.example/a.png"}), 400, 131009),
    ("unknown media id", message("image", {"id": "424242"}), 400, 131009),
    ("caption of 1025 characters", message("image", {"link": "https://e.example/a.png", "caption": "x" * 1025}), 400, 100),
    ("caption on audio", message("audio", {"link": "https://e.example/a.ogg", "caption": "x"}), 400, 100),
    ("voice is a word", message("audio", {"link": "https://e.example/a.ogg", "voice": "yes"}), 400, 100),
    ("file name too long", message("document", {"link": "https://e.example/a", "filename": "x" * 241}), 400, 100),
    ("location without latitude", message("location", {"longitude": 1}), 400, 131008),
    ("latitude beyond the pole", message("location", {"latitude": 91, "longitude": 1}), 400, 131009),
    ("latitude is a word", message("location", {"latitude": "north", "longitude": 1}), 400, 100),
    ("no contacts", message("contacts", []), 400, 100),
    ("contact without a name", message("contacts", [{"phones": []}]), 400, 131008),
    ("contact with formatted_name alone", message("contacts", [{"name": {"formatted_name": "Bob"}}]), 400, 131009),
    ("contact is a word", message("contacts", ["Bob"]), 400, 131008),
    ("258 contacts", message("contacts", [{"name": {"formatted_name": "B", "first_name": "B"}}] * 258), 400, 100),
    ("reaction without message_id", message("reaction", {"emoji": "👍"}), 400, 131008),
    ("reaction without emoji", message("reaction", {"message_id": "wamid.X"}), 400, 131008),
    ("reaction with letters", message("reaction", {"message_id": "wamid.X", "emoji": "ok"}), 400, 131009),
    ("interactive without type", message("interactive", {"body": {"text": "x"}, "action": {}}), 400, 131008),
    ("unknown interactive type", interactive("poll", {}), 400, 131009),
    ("interactive without body", without(buttons(("1", "A")), "interactive", "body"), 400, 131008),
    ("body of 1025 characters", buttons(("1", "A"), body={"text": "x" * 1025}), 400, 131009),
    ("footer of 61 characters", buttons(("1", "A"), footer={"text": "x" * 61}), 400, 131009),
    ("header of 61 characters", buttons(("1", "A"), header={"type": "text", "text": "x" * 61}), 400, 131009),
    ("header without media", buttons(("1", "A"), header={"type": "image", "image": {}}), 400, 131009),
    ("header with unknown media", buttons(("1", "A"), header={"type": "image", "image": {"id": "9"}}), 400, 131009),
    ("header of a kind that is none", buttons(("1", "A"), header={"type": "ima", "ima": {"id": "9"}}), 400, 131009),
    ("header link is no URL", buttons(("1", "A"), header={"type": "image", "image": {"link": "e.example"}}), 400, 131009),
    ("header on a location request",
     around(interactive("location_request_message", {"name": "send_location"}), header={"type": "text", "text": "h"}),
     400, 131009),
    ("footer on a contact request",
     around(interactive("contact_request", {"name": "request_contact_info"}), footer={"text": "f"}), 400, 131009),
    ("location request by another name", interactive("location_request_message", {"name": "give"}), 400, 131009),
    ("contact request by another name", interactive("contact_request", {"name": "give"}), 400, 131009),
    ("body of 4097 characters on a list",
     around(listing({"rows": rows(1)}), body={"text": "x" * 4097}), 400, 131009),
    ("section title of 25 characters",
     listing({"title": "x" * 25, "rows": rows(1)}), 400, 131009),
    ("row id of 201 characters", listing({"rows": [{"id": "x" * 201, "title": "A"}]}), 400, 131009),
    ("empty row title", listing({"rows": [{"id": "1", "title": ""}]}), 400, 131009),
    ("list without sections", listing(), 400, 131009),
    ("link button without words", link(label=""), 400, 131009),
    ("no buttons", buttons(), 400, 131009),
    ("four buttons", buttons(("1", "A"), ("2", "B"), ("3", "C"), ("4", "D")), 400, 131009),
    ("button title of 21 characters", buttons(("1", "x" * 21)), 400, 131009),
    ("empty button title", buttons(("1", "")), 400, 131009),
    ("same button id", buttons(("1", "A"), ("1", "B")), 400, 131009),
    ("same button title", buttons(("1", "A"), ("2", "A")), 400, 131009),
    ("button id with a blank", buttons((" 1", "A")), 400, 131009),
    ("button id of 257 characters", buttons(("x" * 257, "A")), 400, 131009),
    ("list without a button", without(listing({"rows": rows(1)}), "interactive", "action", "button"), 400, 131008),
    ("list button of 21 characters", listing({"rows": rows(1)}, button="x" * 21), 400, 131009),
    ("eleven rows in one section", listing({"rows": rows(11)}), 400, 131009),
    ("eleven rows in two sections", listing({"title": "A", "rows": rows(6)}, {"title": "B", "rows": rows(5, 6)}), 400, 131009),
    ("two sections, one without title", listing({"title": "A", "rows": rows(1)}, {"rows": rows(1, 1)}), 400, 131009),
    ("same row id", listing({"rows": rows(1) + rows(1)}), 400, 131009),
    ("row title of 25 characters", listing({"rows": [{"id": "1", "title": "x" * 25}]}), 400, 131009),
    ("row description of 73 characters",
     listing({"rows": [{"id": "1", "title": "A", "description": "x" * 73}]}), 400, 131009),
    ("picture header on a list",
     also(listing({"rows": rows(1)}), interactive={**listing({"rows": rows(1)})["interactive"],
                                                  "header": {"type": "image", "image": {"id": "1"}}}), 400, 131009),
    ("link button of 21 characters", link(label="x" * 21), 400, 131009),
    ("link button without a scheme", link(url="e.example"), 400, 131009),
    ("template without name", message("template", {"language": {"code": "en"}}), 400, 131008),
    ("template without language", message("template", {"name": "hello"}), 400, 131008),
    ("unknown template", template("nothing"), 404, 132001),
    ("template in another language", template("hello", language="en_US"), 404, 132001),
    ("template not approved", template("pending"), 404, 132001),
    ("template paused", template("paused"), 400, 132015),
    ("template disabled", template("disabled"), 400, 132016),
    ("too few body values", template("order", ORDER[0], values("body", "Ann"), URL_VALUE), 400, 132000),
    ("too many body values", template("order", ORDER[0], values("body", "a", "b", "c"), URL_VALUE), 400, 132000),
    ("values nobody asked for", template("hello", values("body", "Ann")), 400, 132000),
    ("no header value", template("order", ORDER[1], URL_VALUE), 400, 132000),
    ("header picture missing", template("picture"), 400, 132012),
    ("text instead of the header picture", template("picture", values("header", "x")), 400, 132012),
    ("unknown header picture", template("picture", {"type": "header", "parameters": [
        {"type": "image", "image": {"id": "9"}}]}), 400, 131009),
    ("no value for the link button", template("order", *ORDER[:2]), 400, 131008),
    ("blank in the link button's value", template("order", *ORDER[:2], button_value("A 17")), 400, 132012),
    ("empty value of the link button", template("order", *ORDER[:2], button_value("")), 400, 100),
    ("no code to copy", template("coupon"), 400, 131008),
    ("code of 16 characters", template("coupon", coupon("1234567890123456")), 400, 132012),
    ("value for a button that is not there", template("hello", URL_VALUE), 400, 132018),
    ("line break in a value", template("order", ORDER[0], values("body", "A\nB", "x"), URL_VALUE), 400, 100),
    ("five blanks in a value", template("order", ORDER[0], values("body", "A     B", "x"), URL_VALUE), 400, 100),
    ("empty value", template("order", ORDER[0], values("body", "", "x"), URL_VALUE), 400, 100),
    ("filled header too long", template("order", values("header", "x" * 60), *ORDER[1:]), 400, 132005),
    ("filled body too long", template("order", ORDER[0], values("body", "x" * 1024, "x"), URL_VALUE), 400, 132005),
    ("named value without its name", template("named", values("body", "Ann")), 400, 132012),
    ("one-time code to a user id",
     also(without(template("code", values("body", "1"), {**URL_VALUE, "index": 0}), "to"), recipient="RU.88172635"),
     400, 131062),
    ("unknown component", template("hello", {"type": "sidebar", "parameters": []}), 400, 100),
    ("read mark of an unknown message", {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"}, 400, 131009),
    ("read mark without message", {"messaging_product": "whatsapp", "status": "read"}, 400, 100),
    ("typing of another kind", {"messaging_product": "whatsapp", "status": "read", "message_id": "$FIRST",
                                "typing_indicator": {"type": "voice"}}, 400, 100),
    ("another mark", {"messaging_product": "whatsapp", "status": "eaten", "message_id": "wamid.X"}, 400, 100),
    ("body is no JSON", b"{", 400, 100),
    ("body is a list", [1], 400, 100),
]

ACCEPTED = [
    ("text", text()),
    ("text of 4096 characters", text("ё" * 4096)),
    ("text without a type", without(text(), "type")),
    ("text with preview", message("text", {"body": "https://e.example", "preview_url": True})),
    ("to without a plus", text(to=CUSTOMER)),
    ("to a user id", also(without(text(), "to"), recipient="RU.88172635")),
    ("reply", text(context={"message_id": "wamid.ANY"})),
    ("image by link", message("image", {"link": "https://e.example/a.png", "caption": "x" * 1024})),
    ("voice by link", message("audio", {"link": "https://e.example/a.ogg", "voice": True})),
    ("location", message("location", {"latitude": 55.75, "longitude": "37.61", "name": "Shop", "address": "Street 1"})),
    ("contacts", message("contacts", [{"name": {"formatted_name": "Bob B", "first_name": "Bob"},
                                       "phones": [{"phone": "+15550001", "type": "CELL"}]}])),
    ("three buttons", buttons(("1", "A"), ("2", "B"), ("3", "x" * 20), footer={"text": "f"},
                              header={"type": "text", "text": "h"})),
    ("list of ten rows", listing({"title": "A", "rows": rows(5)}, {"title": "B", "rows": rows(5, 5)})),
    ("link button", link()),
    ("location request", interactive("location_request_message", {"name": "send_location"})),
    ("contact request", interactive("contact_request", {"name": "request_contact_info"})),
    ("template", template("hello")),
    ("template with values", template("order", *ORDER)),
    ("template with payload", template("order", *ORDER, {"type": "button", "sub_type": "quick_reply", "index": 0,
                                                         "parameters": [{"type": "payload", "payload": "ok"}]})),
    ("template with a linked picture", template("picture", {"type": "header", "parameters": [
        {"type": "image", "image": {"link": "https://e.example/a.png"}}]})),
    ("coupon", template("coupon", coupon("SALE25"))),
    ("link button's value with what is escaped", template("order", *ORDER[:2], button_value("A%2017?x=1&y=2"))),
    ("body of 4096 characters on a list", around(listing({"rows": rows(1)}), body={"text": "ё" * 4096})),
    ("named template", template("named", {"type": "body", "parameters": [
        {"type": "text", "parameter_name": "first_name", "text": "Ann"}]})),
    ("one-time code", template("code", values("body", "1"), {**URL_VALUE, "index": "0"})),
]

# name, change of the phone, body, code of the failed status
FAILS_LATER = [
    ("free text after 24 hours", OTHER, {}, text(to="+" + OTHER), 131047),
    ("nobody has this number", None, {}, text(to="+" + GONE), 131026),
    ("not on WhatsApp", OTHER, {"on_whatsapp": False}, also(template("hello"), to="+" + OTHER), 131026),
    ("blocked by us", OTHER, {"blocked": True}, also(template("hello"), to="+" + OTHER), 130403),
    ("stopped marketing", OTHER, {"stopped_marketing": True}, also(template("sale"), to="+" + OTHER), 131050),
    ("had enough marketing", OTHER, {"limited_marketing": True}, also(template("sale"), to="+" + OTHER), 131049),
    ("in an experiment", OTHER, {"in_experiment": True}, also(template("sale"), to="+" + OTHER), 130472),
    ("fails as told", OTHER, {"fails_with": 131042}, also(template("hello"), to="+" + OTHER), 131042),
    ("reaction to an unknown message", CUSTOMER, {}, message("reaction", {"message_id": "wamid.X", "emoji": "👍"}), 131009),
]

sim = Simulator()
passed, failures = 0, []


def check(name, is_right, what):
    global passed
    if is_right:
        passed += 1
    else:
        failures.append(f"{name}: {what}")


def check_refusal(name, reply, status, code):
    error = reply.json.get("error", {}) if reply.body else {}
    has_form = {"message", "type", "code", "fbtrace_id"} <= set(error)
    check(name, reply.status == status and error.get("code") == code and has_form,
          f"wanted {status}/{code}, got {reply.status} {reply.body[:300]}")


def fate_of(wamid):
    found = [one for one in sim.phone(OTHER, "?all=1") + sim.phone(CUSTOMER, "?all=1") if one["id"] == wamid]
    if not found:  # of a number nobody has there is only the log
        return [one for one in sim.log() if one.get("wamid") == wamid and "fails_with" in one]
    return found if found[0]["status"] == "failed" else None


try:
    sim.sim("POST", "world", WORLD)
    first = sim.writes({"text": "hello"})

    for name, body, status, code in REFUSED:
        if isinstance(body, dict) and body.get("message_id") == "$FIRST":
            body = also(body, message_id=first)
        check_refusal(name, sim.send(body), status, code)
    for name, body in ACCEPTED:
        reply = sim.send(body)
        is_right = reply.status == 200 and reply.json["messages"][0]["id"].startswith("wamid.")
        check(name, is_right, f"{reply.status} {reply.body[:300]}")
    for name, phone, change, body, code in FAILS_LATER:
        before = sim.sim("GET", f"phones/{phone}") if phone else None
        if phone:
            sim.sim("PATCH", f"phones/{phone}", change)
        reply = sim.send(body)
        check(name + " (accepted)", reply.status == 200, f"{reply.status} {reply.body[:300]}")
        if reply.status == 200:
            fate = wait_for(lambda: fate_of(reply.json["messages"][0]["id"]), name)[0]
            check(name, code in (fate.get("error"), fate.get("fails_with")), fate)
        if phone:
            sim.sim("PATCH", f"phones/{phone}", before)
    sim.sim("PATCH", "settings", {"refuse_at_once": 1})
    check_refusal("closed window at once, if wanted", sim.send(text(to="+" + OTHER)), 400, 131047)
    sim.sim("PATCH", "settings", {"refuse_at_once": 0})

    # A reaction stands on the customer's messages only.
    ours = sim.send(text()).json["messages"][0]["id"]
    reply = sim.send(message("reaction", {"message_id": ours, "emoji": "👍"}))
    fate = wait_for(lambda: fate_of(reply.json["messages"][0]["id"]), "reaction to our own message fails")
    check("reaction to our own message", fate[0]["error"] == 131009, fate)
    reply = sim.send(message("reaction", {"message_id": first, "emoji": "👍"}))
    check("reaction to the customer's", reply.status == 200 and not fate_of(reply.json["messages"][0]["id"]), reply.body)

    # A test number sends to its list only, spelled as there.
    check_refusal("outside the list of a test number", sim.send(template("hello", language="en"), number="105"), 400, 131030)
    check_refusal("another spelling than in the list",
                  sim.send(also(template("hello"), to="+5491123456789"), number="105"), 400, 131030)
    check("in the list of a test number", sim.send(also(template("hello"), to="+541123456789"), number="105").status == 200,
          "refused")

    # Who asks, and for what.
    check_refusal("no token", sim.send(text(), token=None), 401, 190)
    check_refusal("wrong token", sim.send(text(), token="wrong"), 401, 190)
    check_refusal("expired token", sim.send(text(), token="old"), 401, 190)
    check_refusal("token without messaging", sim.send(text(), token="no-sending"), 403, 10)
    check_refusal("token without management", sim.graph("GET", f"/{WABA}/message_templates", token="no-managing"), 403, 10)
    check_refusal("unknown number", sim.send(text(), number="999"), 400, 33)
    check_refusal("somebody else's number", sim.send(text(), token="stranger"), 400, 33)
    check_refusal("unknown account", sim.graph("GET", "/999/message_templates"), 400, 33)
    check_refusal("unknown edge", sim.graph("POST", f"/{NUMBER}/poems", {}), 400, 33)
    check_refusal("restricted number", sim.send(text(), number="101"), 403, 131031)
    check_refusal("number not registered", sim.send(text(), number="102"), 400, 133010)
    check_refusal("number under a spam limit", sim.send(text(), number="103"), 400, 131048)

    # Media.
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 100
    check_refusal("upload of an unknown kind", sim.upload(png, "application/x-msdownload"), 400, 131053)
    check_refusal("picture over 5 MB", sim.upload(b"0" * (5 << 20 | 1), "image/png"), 400, 131053)
    check_refusal("empty file", sim.upload(b"", "image/png"), 400, 131053)
    check_refusal("upload without messaging_product", sim.upload(png, product="x"), 400, 100)
    check_refusal("upload as JSON", sim.graph("POST", f"/{NUMBER}/media", {"file": "x"}), 400, 100)
    check_refusal("unknown media", sim.graph("GET", "/424242"), 400, 33)
    mine = sim.upload(png).json["id"]
    check("own picture", sim.send(message("image", {"id": mine, "caption": "c"})).status == 200, "not accepted")
    check("own picture in a header", sim.send(buttons(("1", "A"), header={"type": "image", "image": {"id": mine}})).status
          == 200, "not accepted")
    check_refusal("picture of another number", sim.send(message("image", {"id": mine}), number="104"), 400, 131009)
    check_refusal("media asked for with another number",
                  sim.graph("GET", f"/{mine}?phone_number_id=104"), 400, 100)
    reply = sim.send(message("video", {"id": mine}))
    fate = wait_for(lambda: fate_of(reply.json["messages"][0]["id"]), "picture as video fails")
    check("picture sent as video", fate[0]["error"] == 131053, fate)
    check("media removed", sim.graph("DELETE", f"/{mine}").json == {"success": True}, "no success")
    check_refusal("media id after removal", sim.send(message("image", {"id": mine})), 400, 131009)

    # Rates.
    sim.sim("PATCH", f"numbers/{NUMBER}", {"messages_per_second": 5})
    replies = [sim.send(text()) for _ in range(12)]
    check("throughput", any(one.code == 130429 for one in replies), [one.status for one in replies])
    sim.sim("PATCH", f"numbers/{NUMBER}", {"messages_per_second": 1000, "pair_limit": True})
    sim.sim("POST", "clock", {"advance_ms": 3_600_000})
    replies = [sim.send(text()) for _ in range(46)]
    check("burst of 45 to one person", all(one.status == 200 for one in replies[:45]), [one.status for one in replies])
    check_refusal("46th message to one person", replies[45], 400, 131056)
    sim.sim("POST", "clock", {"advance_ms": 7_000})
    check_refusal("the burst is not paid for after 7 s", sim.send(text()), 400, 131056)
    sim.sim("POST", "clock", {"advance_ms": 45 * 6_000})
    check("the burst is paid for", sim.send(text()).status == 200, "refused")
finally:
    status = sim.stop()
check("ends cleanly", status == 0, status)
finish(passed, failures)
