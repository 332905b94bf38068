#!/usr/bin/python3
"""A scripted token endpoint (RFC 6749 section 3.2) over HTTPS or HTTP. Python's standard library only; a thread a
connection; 127.0.0.1 only.

    token_server.py [--port N] [--certs FOLDER] [--script JSON] [--tokens FILE]

prints its port on one line and serves until its standard input ends. The script is a JSON object; all of it may be
left out:
  tls             true (default): NAME.pem and NAME.key in --certs; false: plain HTTP
  cert            "good" (default), "expired", "wronghost", "selfsigned"
  client_id       default "client"; client_secret: must be given as well, if it is set
  refresh_tokens  those that are taken; default ["refresh-0"]
  rotate          each use of one gives a new one; "once": and ends the old one
  expires_in      seconds; default 3600; null: not said
  token           always this access token, for a server that knows but one
  withhold        the nth access token (a list of n) is given and not honoured
  extra           members beside those of a reply
  faults          a list; the first that fits is used:
    do            reply BODY (with status, default 400, and type), drop, hang, drip, flood, redirect URL
    nth           only the nth request (from 1)
Tokens that are honoured stand in --tokens, one a line: the scripted SMTP and IMAP servers read it ("@FILE" in their
users).
"""
import argparse
import http.server
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse

HANG_SECONDS = 60


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self, status, body, kind="application/json", headers=()):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def perform(self, fault):
        do = fault["do"]
        if do == "reply":
            self.answer(fault.get("status", 400), fault["body"], fault.get("type", "application/json"))
        elif do == "hang":
            time.sleep(HANG_SECONDS)
        elif do == "redirect":
            self.answer(307, "", headers=[("Location", fault["url"])])
        elif do == "drip":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)
        elif do == "flood":
            self.send_response(200)
            self.end_headers()
            for _ in range(10000):
                self.wfile.write(b"{\"access_token\": \"" + b"x" * 10000)
        self.close_connection = True

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        owner = self.server.owner
        with owner.lock:
            owner.requests.append(form)
            number = len(owner.requests)
        for fault in owner.script.get("faults", []):
            if fault.get("nth", number) == number:
                self.perform(fault)
                return
        if owner.script.get("delay"):
            time.sleep(owner.script["delay"])
        self.answer(*owner.grant(form))


class TokenServer:
    """Gives tokens "access-1", "access-2"... and keeps the file of those that are honoured."""

    def __init__(self, script=None, certs=None, tokens=None, port=0):
        self.script, self.tokens = script or {}, tokens
        self.lock = threading.RLock()
        self.requests, self.given, self.honoured = [], 0, []
        self.refresh_tokens = list(self.script.get("refresh_tokens", ["refresh-0"]))
        self.rotated = 0
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *args: None
        self.http.owner = self
        if self.script.get("tls", True):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            name = "%s/%s" % (certs, self.script.get("cert", "good"))
            context.load_cert_chain(name + ".pem", name + ".key")
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.http.server_address[1]
        self.write()
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "%s://localhost:%d/token" % ("https" if self.script.get("tls", True) else "http", self.port)

    def write(self):
        if self.tokens:  # whole or not at all: the servers read it while it is written
            with open(self.tokens + ".new", "w", encoding="utf-8") as out:
                out.write("".join(token + "\n" for token in self.honoured))
            os.replace(self.tokens + ".new", self.tokens)

    def withdraw(self):
        """No token given until now is honoured any more."""
        with self.lock:
            self.honoured = []
            self.write()

    def refuse(self, word, text=""):
        return 400, json.dumps({"error": word, "error_description": text})

    def grant(self, form):
        with self.lock:
            script = self.script
            if form.get("client_id") != script.get("client_id", "client"):
                return self.refuse("unauthorized_client", "AADSTS700016: no such application")
            if form.get("client_secret") != script.get("client_secret"):
                return self.refuse("invalid_client", "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1")
            reply = {"token_type": "Bearer", **script.get("extra", {})}
            if form.get("grant_type") == "refresh_token":
                if form.get("refresh_token") not in self.refresh_tokens:
                    return self.refuse("invalid_grant", "Token has been expired or revoked.")
                if script.get("rotate"):
                    self.rotated += 1
                    reply["refresh_token"] = "rotated-%d" % self.rotated
                    if script["rotate"] == "once":
                        self.refresh_tokens.remove(form["refresh_token"])
                    self.refresh_tokens.append(reply["refresh_token"])
            elif form.get("grant_type") != "client_credentials":
                return self.refuse("unsupported_grant_type")
            self.given += 1
            reply["access_token"] = script.get("token", "access-%d" % self.given)
            if script.get("expires_in", 3600) is not None:
                reply["expires_in"] = script.get("expires_in", 3600)
            if self.given not in script.get("withhold", []):
                self.honoured.append(reply["access_token"])
                self.write()
            return 200, json.dumps(reply)

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def main():
    parser = argparse.ArgumentParser(description="A scripted token endpoint.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="{}")
    parser.add_argument("--certs")
    parser.add_argument("--tokens")
    options = parser.parse_args()
    print(TokenServer(json.loads(options.script), options.certs, options.tokens, options.port).port, flush=True)
    sys.stdin.read()  # whoever started us closes it, or dies


if __name__ == "__main__":
    main()
