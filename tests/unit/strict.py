#!/usr/bin/python3
"""strict - reads messages as Python's strict e-mail policy does and says what is wrong with them

strict.py FILE.eml... : each message is walked whole: every header of every part parsed, every body
decoded, every defect listed. Beside FILE.eml may stand FILE.want, lines of "name=value" with the
value percent-encoded, for what has to come out: subject, to_name, to, text, html, file (several).
Prints what is wrong; exit status 1 if anything is.
"""
import email
import email.policy
import os
import re
import sys
from urllib.parse import unquote

WIDTH = 76
HEADERS_ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")


def bytes_faults(data):
    if re.search(rb"(?<!\r)\n", data) or re.search(rb"\r(?!\n)", data):
        yield "a bare CR or LF"
    if not data.endswith(b"\r\n"):
        yield "the last line doesn't end"
    if re.search(rb"[^\r\n\t\x20-\x7e]", data):
        yield "a byte that isn't printable ASCII"
    in_header = True
    for line in data.split(b"\r\n"):
        in_header = in_header and line != b""
        # A header's word that is longer than a line can't be folded.
        if len(line) > WIDTH and not (line.lstrip().count(b" ") <= 1 and re.match(rb"[\w-]+: | ", line)):
            yield "a line of %d characters: %r" % (len(line), line[:40])
        if line.startswith(b".") or line.startswith(b"From "):
            yield "a line that begins badly: %r" % line[:40]
        if in_header and re.match(rb"[\w-]+:\s*$", line) and line != b"Subject: ":
            yield "an empty first line: %r" % line
        if in_header and line and line.strip() == b"":
            yield "a blank continuation line"


def defects(part):
    for name, value in part.items():
        for defect in getattr(value, "defects", ()):
            yield "%s: %r" % (name, defect)
    if part.is_multipart():
        for below in part.iter_parts():
            yield from defects(below)
    else:
        try:
            part.get_content()
        except Exception as error:  # whatever it is, a reader would stumble too
            yield "content: %r" % error
    for defect in part.defects:
        yield "%s: %r" % (part.get_content_type(), defect)


def found(message):
    """What a person sees, by the names of FILE.want."""
    to = message["To"].addresses[0] if message["To"].addresses else None
    texts = {part.get_content_subtype(): part.get_content().replace("\r\n", "\n") for part in message.walk()
             if part.get_content_maintype() == "text" and not part.get_filename()}
    return {
        "subject": [message["Subject"]],
        "to_name": [to.display_name if to else None],
        "to": [to.addr_spec if to else None],
        "text": [texts.get("plain")],
        "html": [texts.get("html")],
        "file": [part.get_filename() for part in message.walk() if part.get_filename()],
    }


def wanted(path):
    fields = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            name, value = line.rstrip("\n").split("=", 1)
            fields.setdefault(name, []).append(unquote(value))
    return fields


def faults(path):
    with open(path, "rb") as file:
        data = file.read()
    yield from bytes_faults(data)
    policy = email.policy.SMTP.clone(raise_on_defect=False)
    message = email.message_from_bytes(data, policy=policy)
    yield from defects(message)
    for name in HEADERS_ONCE:
        if len(message.get_all(name, [])) != 1:
            yield "not just one %s" % name
    for name in ("Bcc", "Cc", "X-Injected"):
        if name in message:
            yield "a header that nobody wrote: %s" % name
    want = os.path.splitext(path)[0] + ".want"
    if os.path.exists(want):
        got = found(message)
        for name, values in wanted(want).items():
            if name == "to_name" and sys.version_info < (3, 13):
                # These show the space between two encoded words in a phrase.
                got[name], values = ([x.replace(" ", "") for x in y] for y in (got[name], values))
            if got[name] != values:
                yield "%s is %r, not %r" % (name, got[name], values)
    try:
        email.message_from_bytes(data, policy=email.policy.SMTP.clone(raise_on_defect=True))
    except Exception as error:
        yield "strict: %r" % error


def main(paths):
    status = 0
    for path in paths:
        for fault in faults(path):
            print("%s: %s" % (path, fault))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
