"""Starts okno-sim for the tests beside this file, speaks HTTP with it and receives its webhooks."""
import hashlib
import hmac
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import traceback
import urllib.parse
import uuid

SECRET = "s3cret-of-the-app"
TOKEN = "token-1"
NUMBER = "100"
WABA = "200"
CUSTOMER = "79161234567"


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """Meta's error code, or None."""
        return self.json.get("error", {}).get("code") if self.status >= 400 else None


class Callback:
    """A client's webhook address: keeps what arrives, checks signatures, answers as told."""

    def __init__(self, secret=SECRET):
        self.posts = []
        self.bad_signatures = 0
        self.statuses = []  # answers for the next POSTs; 200 when it runs out
        self.decide = None  # the status for a body, where the order does not tell
        self.reply_headers = {}
        self.verify_token = "verify-me"
        self.changed = threading.Condition()
        callback = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=b""):
                self.send_response(status)
                for name, value in callback.reply_headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                good = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == callback.verify_token
                self.answer(200 if good else 403, query.get("hub.challenge", "").encode() if good else b"")

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                wanted = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
                with callback.changed:
                    if not hmac.compare_digest(wanted, self.headers.get("X-Hub-Signature-256", "")):
                        callback.bad_signatures += 1
                    status = callback.statuses.pop(0) if callback.statuses else 200
                    if callback.decide:
                        status = callback.decide(json.loads(raw))
                    callback.posts.append({"raw": raw, "json": json.loads(raw), "status": status, "at": time.monotonic(),
                                           "path": self.path, "headers": self.headers})
                    callback.changed.notify_all()
                self.answer(status)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def values(self, field="messages"):
        """Every `value` of the field among the accepted POSTs, oldest first."""
        with self.changed:
            posts = [post["json"] for post in self.posts if post["status"] == 200]
        return [change["value"] for post in posts for entry in post["entry"] for change in entry["changes"]
                if change["field"] == field]

    def messages(self):
        return [one for value in self.values() for one in value.get("messages", [])]

    def statuses_of(self, wamid):
        return [one for value in self.values() for one in value.get("statuses", []) if one["id"] == wamid]

    def clear(self):
        with self.changed:
            self.posts.clear()
            self.statuses.clear()
            self.decide = None
            self.reply_headers = {}


class Simulator:
    def __init__(self, *options):
        self.process = subprocess.Popen([os.environ["OKNO_SIM"], "--listen", "127.0.0.1:0", *options],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if " listening on " not in line:
            raise RuntimeError("okno-sim did not start: " + line)
        self.url = line.strip().rsplit(" ", 1)[1]
        self.host = self.url.split("//")[1]
        self.connection = threading.local()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)

    def call(self, method, path, body=None, headers=None, timeout=20):
        raw = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            headers.setdefault("Content-Type", "application/json")
        connection = getattr(self.connection, "open", None)
        if connection is None or connection.timeout != timeout:
            connection = self.connection.open = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            connection.request(method, path, raw, headers)
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            self.connection.open = None
            raise

    def sim(self, method, path, body=None):
        """The control API; anything but 200 is a mistake of the test."""
        reply = self.call(method, "/sim/" + path, body)
        if reply.status != 200:
            raise AssertionError(f"{method} /sim/{path}: {reply.status} {reply.body[:300]}")
        return reply.json

    def graph(self, method, path, body=None, token=TOKEN, headers=None, version="/v25.0", timeout=20):
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        return self.call(method, version + path, body, headers, timeout)

    def send(self, body, number=NUMBER, **more):
        return self.graph("POST", f"/{number}/messages", body, **more)

    def upload(self, data, mime="image/png", name="photo.png", number=NUMBER, product="whatsapp", token=TOKEN):
        boundary = uuid.uuid4().hex
        parts = [(f'name="messaging_product"', None, product.encode()), ('name="type"', None, mime.encode()),
                 (f'name="file"; filename="{name}"', mime, data)]
        raw = b"".join(b"--" + boundary.encode() + b"\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n"
                       + (b"Content-Type: " + kind.encode() + b"\r\n" if kind else b"") + b"\r\n" + content + b"\r\n"
                       for head, kind, content in parts) + b"--" + boundary.encode() + b"--\r\n"
        return self.graph("POST", f"/{number}/media", raw, token=token,
                          headers={"Content-Type": "multipart/form-data; boundary=" + boundary})

    def writes(self, wish, phone=CUSTOMER, number=NUMBER):
        """The customer's phone does something; the wamid."""
        return self.sim("POST", f"phones/{phone}/messages", {"to": number, **wish})["id"]

    def phone(self, phone=CUSTOMER, query=""):
        return self.sim("GET", f"phones/{phone}/messages{query}")["messages"]

    def log(self, kind="api"):
        return self.sim("GET", f"log?limit=200000&kind={kind}")["entries"]


def text(body="hello", to="+" + CUSTOMER, **more):
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **more}


def wait_for(question, what, seconds=10):
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.01)
    raise AssertionError("not in time: " + what)


def finish(passed, failures):
    for failure in failures:
        print("FAILED", failure)
    print(f"{passed} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


def run(tests):
    """Calls every test; prints what failed and the closing line."""
    passed, failures = 0, []
    for test in tests:
        try:
            test()
            passed += 1
        except Exception:  # a test that breaks in any way has failed
            failures.append(f"{test.__name__}: {traceback.format_exc(limit=-3)}")
    finish(passed, failures)
