"""One connection of the scripted SMTP server (smtp.py): the conversation, and the faults in it."""
import base64
import hashlib
import hmac
import re
import socket
import ssl
import struct
import time

DEFAULT_EXTENSIONS = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8", "SIZE 10485760"]
HANG_SECONDS = 120


class Gone(Exception):
    """The connection has ended, or a fault has ended it."""


class Connection:
    def __init__(self, server, client, number):
        self.server, self.socket, self.number = server, client, number
        self.buffer, self.tls, self.user = b"", None, None
        self.sender, self.recipients = None, []
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # --- bytes

    def send(self, data):
        self.socket.sendall(data)

    def say(self, text):
        self.send(text.encode("utf-8", "surrogateescape") + b"\r\n")

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise Gone
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self.more()
            if len(self.buffer) > 100000 and b"\n" not in self.buffer:
                raise Gone
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "surrogateescape")

    # --- faults

    def reset(self):
        raw = self.socket
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def wait_for_end(self):
        """Says nothing more, but reads, so that the other side decides when it ends."""
        self.socket.settimeout(HANG_SECONDS)
        while True:
            self.more()
            self.buffer = b""

    def act(self, stage, normal, text=""):
        """Answers by script or, without a fault, as is normal. True if the answer was the normal one."""
        fault = self.server.fault(stage, self.number, text)
        if fault is None:
            if normal is not None:
                self.say(normal)
            return True
        return self.perform(fault, normal)

    def perform(self, fault, normal):
        do = fault["do"]
        if do == "reply":
            self.say(fault.get("text", "451 4.3.0 fault"))
            if fault.get("then") == "drop":
                raise Gone
            return False
        if do == "delay":
            time.sleep(fault["seconds"])
        elif do == "drip":
            for byte in (normal or "250 ok").encode() + b"\r\n":
                self.send(bytes([byte]))
                time.sleep(1)
            return True
        elif do == "inject":
            self.send((normal or "250 ok").encode() + b"\r\n" + fault["text"].encode() + b"\r\n")
            return True
        elif do == "garbage":
            self.send(b"\x00\xff this is no reply \x1b[2J\r\n")
            return False
        elif do == "rst":
            self.reset()
        elif do == "hang":
            self.wait_for_end()
        elif do == "stop-reading":
            time.sleep(HANG_SECONDS)
            raise Gone
        elif do == "cut-tls":  # the TCP stream ends in the middle of TLS, without its goodbye
            socket.socket(fileno=self.socket.detach()).close()
            raise Gone
        elif do == "drop":
            raise Gone
        else:
            raise ValueError(f"fault: {do}")
        if normal is not None:
            self.say(normal)
        return True

    # --- the conversation

    def start_tls(self):
        self.act("tls", None)
        name = self.server.script.get("cert", "good")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.server.certs}/{name}.pem", f"{self.server.certs}/{name}.key")
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.buffer, self.tls = b"", self.socket.version()

    def extensions(self):
        script = self.server.script
        lines = ["fake.example"] + script.get("extensions", DEFAULT_EXTENSIONS)
        offered = self.number <= script.get("starttls_until", self.number)
        if script.get("tls") == "starttls" and not self.tls and offered:
            lines.append("STARTTLS")
        if script.get("auth") and (self.tls or script.get("tls", "none") == "none"):
            lines.append("AUTH " + " ".join(script["auth"]))
        return "\r\n".join(f"250{'-' if i < len(lines) - 1 else ' '}{line}" for i, line in enumerate(lines))

    def ask(self, challenge):
        self.say("334 " + base64.b64encode(challenge.encode()).decode())
        return base64.b64decode(self.line() + "==")

    def sign_in(self, words):
        """Returns the user, or None if the secret is wrong."""
        way = words[1].upper()
        first = base64.b64decode(words[2] + "==") if len(words) > 2 else None
        if way == "LOGIN":
            user = (first or self.ask("Username:")).decode()
            secret = self.ask("Password:").decode()
        elif way == "CRAM-MD5":
            challenge = "<1.2@mail.example.org>"
            user, _, digest = self.ask(challenge).decode().partition(" ")
            known = self.server.script.get("users", {}).get(user, "")
            right = hmac.new(known.encode(), challenge.encode(), "md5").hexdigest()
            return user if known and hmac.compare_digest(digest, right) else None
        elif way == "PLAIN":
            _, user, secret = (first or self.ask("")).decode().split("\0")
        else:  # XOAUTH2: user=U^Aauth=Bearer T^A^A; OAUTHBEARER: n,a=U,^Ahost=..^Aauth=Bearer T^A^A
            fields = (first or self.ask("")).decode()
            user = re.search(r"(?:user|a)=([^\x01,]*)", fields).group(1)
            secret = re.search(r"auth=Bearer ([^\x01]*)", fields).group(1)
        wanted = self.server.script.get("users", {}).get(user)
        if wanted == secret or (wanted or "").startswith("@") and secret in open(wanted[1:], encoding="utf-8").read().split():
            return user
        if way == "XOAUTH2":
            self.ask('{"status":"401","schemes":"Bearer"}')
        return None

    def auth(self, line):
        fault = self.server.fault("auth", self.number, line)
        if fault:
            self.perform(fault, "235 2.7.0 signed in")
            return
        words = line.split()
        if words[1].upper() not in [m.upper() for m in self.server.script.get("auth", [])]:
            self.say("504 5.5.4 mechanism not offered")
            return
        self.user = self.sign_in(words)
        self.say("235 2.7.0 signed in" if self.user else "535 5.7.8 authentication failed")

    def mail(self, line):
        found = re.match(r"MAIL FROM:<([^>]*)>", line, re.I)
        if not found:
            self.say("501 5.5.4 syntax")
        elif self.server.script.get("auth") and not self.user:
            self.say("530 5.7.0 authentication required")
        elif self.server.script.get("tls", "none") != "none" and not self.tls:
            self.say("530 5.7.0 must issue a STARTTLS command first")
        elif self.sender is not None:
            self.say("503 5.5.1 nested MAIL")
        elif self.act("mail", "250 2.1.0 ok", line):
            self.sender, self.recipients = found.group(1), []

    def rcpt(self, line):
        found = re.match(r"RCPT TO:<([^>]*)>", line, re.I)
        if not found:
            self.say("501 5.5.4 syntax")
        elif self.sender is None:
            self.say("503 5.5.1 no sender")
        elif self.act("rcpt", "250 2.1.5 ok", line):
            self.recipients.append(found.group(1))

    def data(self):
        if not self.recipients:
            if self.server.script.get("lone_dot"):
                self.say("354 go on")
                self.read_message(False)
            self.say("554 5.5.1 no valid recipients")
            return
        if not self.act("data", "354 go on"):
            return
        message = self.read_message(True)
        entry = {"connection": self.number, "sender": self.sender, "recipients": self.recipients,
                 "sha256": hashlib.sha256(message).hexdigest(), "bytes": len(message),
                 "tls": self.tls, "user": self.user, "answered": True}
        found = re.search(rb"^message-id:[ \t]*(\S+)", message, re.I | re.M)
        entry["message_id"] = found.group(1).decode("ascii", "replace") if found else None
        self.sender, self.recipients = None, []
        self.end_of_message(entry)

    def end_of_message(self, entry):
        fault = self.server.fault("dot", self.number, " ".join(entry["recipients"]))
        if fault is None:
            self.server.take(entry)
            self.say("250 2.0.0 queued")
        else:
            if fault.get("took"):
                entry["answered"] = False
                self.server.take(entry)
            if self.perform(fault, "250 2.0.0 queued") and not fault.get("took"):
                self.server.take(entry)
        if self.server.fault("idle", self.number):
            self.say("421 4.4.2 idle for too long")
            raise Gone

    def read_message(self, with_faults):
        """Reads up to the lone dot; takes the doubled dots away."""
        fault = self.server.fault("body", self.number) if with_faults else None
        message = bytearray(b"\r\n" + self.buffer)  # the end of DATA's line may begin the end
        searched = 0
        while (end := message.find(b"\r\n.\r\n", searched)) < 0:
            if fault and (fault["do"] == "stop-reading" or len(message) >= fault.get("bytes", 1000)):
                self.perform(fault, None)
                fault = None
            searched = max(0, len(message) - 4)
            self.buffer = b""
            self.more()
            message += self.buffer
        if fault:
            self.perform(fault, None)
        self.buffer = bytes(message[end + 5:])
        return re.sub(rb"(?m)^\.", b"", bytes(message[2:end + 2]))

    def command(self, line):
        word = line.split(" ")[0].upper()
        if word in ("EHLO", "HELO"):
            self.act("ehlo", self.extensions() if word == "EHLO" else "250 fake.example")
        elif word == "STARTTLS":
            if self.act("starttls", "220 2.0.0 go"):
                self.start_tls()
        elif word == "AUTH":
            self.auth(line)
        elif word == "MAIL":
            self.mail(line)
        elif word == "RCPT":
            self.rcpt(line)
        elif word == "DATA":
            self.data()
        elif word == "RSET":
            self.sender, self.recipients = None, []
            self.act("rset", "250 2.0.0 reset")
        elif word == "QUIT":
            self.act("quit", "221 2.0.0 bye")
            raise Gone
        elif word == "NOOP":
            self.say("250 2.0.0 ok")
        else:
            self.say("500 5.5.2 what?")

    def run(self):
        try:
            if self.server.script.get("tls") == "tls":
                self.start_tls()
            self.act("greeting", "220 fake.example ESMTP")
            while True:
                self.command(self.line())
        except (Gone, OSError, ValueError):
            pass
        finally:
            try:
                self.socket.close()
            except OSError:
                pass
