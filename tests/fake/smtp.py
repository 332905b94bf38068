#!/usr/bin/python3
"""A scripted SMTP server for faults: it can answer anything, delay, drop, reset, fall silent, stop reading, cut
TLS or inject data, at each stage. Python's standard library only; a thread a connection; 127.0.0.1 only.

    smtp.py [--port N] [--script JSON|@FILE] [--certs FOLDER] [--log FILE] [--control]

prints its port (with --control, its control port) on one line and serves until its standard input ends.

The script is a JSON object; all of it may be left out:
  extensions  EHLO lines; default PIPELINING, 8BITMIME, ENHANCEDSTATUSCODES, SMTPUTF8, SIZE 10485760
  tls         "none" (default), "starttls" (must be used before AUTH and MAIL), "tls" (from the first byte)
  cert        "good" (default), "expired", "wronghost", "selfsigned": NAME.pem and NAME.key in --certs
  auth        mechanisms offered, e.g. ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]; required if given
  users       {"name": "password or token"}, or "@FILE" of tokens, one a line, read at each sign-in
  lone_dot    true: DATA is answered by 354 even if every recipient was refused (RFC 2920 section 3.1)
  starttls_until  STARTTLS is offered on the first N connections only
  receive_buffer  SO_RCVBUF, so that a sender feels it when nothing is read
  faults      a list; the first that fits is used:
    stage     greeting ehlo starttls tls auth mail rcpt data body dot rset quit idle
    do        reply TEXT (default "451 4.3.0 fault"), drop, rst, hang, stop-reading, cut-tls, garbage,
              drip (answers byte by byte, 1 s each), inject TEXT (after the normal answer, in one write), delay
              SECONDS (then the normal answer)
    text      for reply and inject; several lines with \r\n between
    seconds   for delay
    then      "drop": closes after the reply
    nth       only the nth time that this stage is reached (from 1, over all connections)
    after     only from the nth + 1 time on
    first     only the first N times
    connection only on the Nth connection
    per_session  only when N messages have been taken on the connection
    match     only if the command or the recipient holds this text
    took      at dot: true if the message is taken although the answer is not given
    bytes     at body: after so many bytes of the message (default 1000)

The log has one JSON line a message it took responsibility for: connection, sender, recipients,
sha256, bytes, message_id, tls, user, answered. With --control, each line sent to the control port
is a script, answered by the port of a new server for it; "log PORT" is answered by a JSON list of that
server's messages, "stats PORT" by counts of connections and commands, "close PORT" ends it.
"""
import argparse
import collections
import json
import socket
import sys
import threading

from listener import Listener
from smtp_connection import Connection


class Server:
    """One listening port with its script, its log and its counts."""

    connection = Connection  # what serves each client; tests have their own

    def __init__(self, script, certs=None, port=0, logfile=None):
        self.script, self.certs, self.logfile = script, certs, logfile
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.taken = []
        self.listener = Listener(self.serve, port)
        self.port = self.listener.port
        if "receive_buffer" in script:
            self.listener.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, script["receive_buffer"])

    def serve(self, client):
        with self.lock:
            self.counts["connections"] += 1
            number = self.counts["connections"]
        connection = self.connection(self, client, number)
        threading.Thread(target=connection.run, daemon=True).start()

    def close(self):
        self.listener.close()

    def fault(self, stage, connection, text=""):
        """The fault for this stage now, or None; counts the visit."""
        with self.lock:
            self.counts[stage] += 1
            visit = self.counts[stage]
        for fault in self.script.get("faults", []):
            if fault["stage"] != stage:
                continue
            if fault.get("nth", visit) != visit or visit <= fault.get("after", 0):
                continue
            if visit > fault.get("first", visit):
                continue
            if "per_session" in fault and self.taken_on(connection) < fault["per_session"]:
                continue
            if fault.get("connection", connection) != connection or fault.get("match", "") not in text:
                continue
            return fault
        return None

    def taken_on(self, connection):
        with self.lock:
            return sum(entry["connection"] == connection for entry in self.taken)

    def take(self, entry):
        with self.lock:
            self.taken.append(entry)
            if self.logfile:
                self.logfile.write(json.dumps(entry) + "\n")
                self.logfile.flush()


def control(certs):
    """Serves scripts over a control port; each connection is a series of lines."""
    servers = {}
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)

    def answer(line):
        word, _, rest = line.partition(" ")
        if word in ("log", "stats", "close"):
            server = servers[int(rest)]
            with server.lock:
                if word == "log":
                    return json.dumps(server.taken)
                if word == "stats":
                    return json.dumps(dict(server.counts))
            server.close()
            return "closed"
        server = Server(json.loads(line), certs)
        servers[server.port] = server
        return str(server.port)

    def serve(client):
        with client, client.makefile("rw") as lines:
            for line in lines:
                lines.write(answer(line.strip()) + "\n")
                lines.flush()

    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description="A scripted SMTP server for faults.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="{}")
    parser.add_argument("--certs")
    parser.add_argument("--log")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    if options.control:
        threading.Thread(target=control, args=(options.certs,), daemon=True).start()
    else:
        text = options.script
        if text.startswith("@"):
            with open(text[1:], encoding="utf-8") as file:
                text = file.read()
        log = open(options.log, "a", encoding="utf-8") if options.log else None
        print(Server(json.loads(text), options.certs, options.port, log).port, flush=True)
    sys.stdin.read()  # whoever started us closes it, or dies


if __name__ == "__main__":
    main()
