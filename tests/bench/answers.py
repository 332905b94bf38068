"""answers - how fast answers to a letter's question are read over IMAP, matched and recorded

A letter goes to every school (sink.c takes it). Then a mailbox of Dovecot on loopback holds an answer of each, as the letter's
button, Gmail, Outlook and an iPhone write it, and `circular answers` reads them all: fetched, proven, understood, counted in the
ledger one transaction each, and moved. Whoever is counted twice, wrongly or not at all fails the bench."""
import base64
import hashlib
import hmac
import json
import os
import pwd
import subprocess
import sys
import tempfile

AIM_SECONDS, AIM_ANSWERS = 60, 10000
ADDRESS = "answers@example.org"
CONFIG = """
from: "The Director <director@example.org>"
bounce: {{address: {address}}}
answers: {{address: {address}}}
transport: relay
relay: {{host: 127.0.0.1, port: {sink}, tls: none, connections: 4, preset: relay}}
imap: {{host: localhost, port: {imaps}, tls: tls, ca_file: "{ca}", user: {address}, password_file: word}}
lists: {{schools: {{file: schools.csv}}}}
audiences: {{heads: {{list: schools, key: URN, email: Email}}}}
"""
LETTER = "---\nsubject: Support\n---\n\nDear colleague,\n\n::: answer support\nCould your school offer support?\n- Yes\n- No, thank you\n:::\n"
TOP = "From: Head <head{n}@school{n}.example.org>\r\nTo: {address}\r\nMessage-ID: <{n}@school{n}.example.org>\r\nSubject: "
PLAIN = "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
SHAPES = [
    TOP + "[{token}] support: {choice}" + PLAIN + "Answer: {choice}\r\n\r\n\r\n[{token}] support\r\n",
    TOP + "Re: Support" + PLAIN + "{choice}\r\n\r\nOn Thu, 3 Oct 2024 at 09:00, The Director <director@example.org>\r\nwrote:\r\n\r\n"
    "> Could your school offer support?\r\n> [{token}] support: Yes\r\n> [{token}] support: No, thank you\r\n",
    TOP + "RE: Support\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><div>{choice}</div><div id="
    "\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Director<br><b>Sent:</b> Thursday<br><b>To:</b> Head<br><b>Subject:"
    "</b> Support</div><div><a href=\"mailto:a@example.org?subject=%5B{token}%5D%20support%3A%20Yes\">Yes</a></div></body></html>\r\n",
    TOP + "Re: Support" + PLAIN + "{choice}\r\n\r\nSent from my iPhone\r\n\r\n> On 3 Oct 2024, at 09:00, The Director wrote:\r\n> \r\n"
    "> [{token}] support: Yes\r\n",
]


def token(key, mailing, delivery):
    """As lib/mail/token.h has it, of an answer."""
    size = (delivery.bit_length() + 7) // 8
    data = bytes([3 << 4 | size - 1, mailing]) + delivery.to_bytes(size, "big")
    mac = hmac.new(key, b"circular token 1\0" + data, hashlib.sha256).digest()[:10]
    return base64.b32encode(data + mac).decode().rstrip("=").lower()


def fill(host, workspace, count):
    """Puts an answer of each school into the mailbox, as delivered."""
    with open(os.path.join(workspace, "ledger.db.key")) as file:
        key = bytes.fromhex(file.read().strip())
    mail, new = pwd.getpwnam("mail"), host.path("mail/example.org/answers/Maildir/new")
    os.makedirs(new)
    for n in range(1, count + 1):
        text = SHAPES[n % len(SHAPES)].format(n=n, address=ADDRESS, token=token(key, 1, n), choice="Yes" if n % 3 else "No, thank you")
        path = os.path.join(new, f"{1727946000 + n}.{n}.bench")
        with open(path, "w", newline="") as file:
            file.write(text)
        os.chown(path, mail.pw_uid, mail.pw_gid)
    for name in ("cur", "tmp"):
        os.makedirs(host.path("mail/example.org/answers/Maildir", name))
    for folder, _, _ in os.walk(host.path("mail/example.org")):
        os.chown(folder, mail.pw_uid, mail.pw_gid)


def sent(folder, program, sink, measure, count, host):
    """A workspace whose letter all schools have; and its id."""
    os.makedirs(folder)
    for name, text in (("config", CONFIG.format(address=ADDRESS, sink=sink.port, imaps=host.imaps, ca=host.ca)), ("letter.md", LETTER),
                       ("word", host_password() + "\n"),
                       ("schools.csv", "URN,Email\n" + "".join(f"{n},head{n}@school{n}.example.org\n" for n in range(1, count + 1)))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
    os.chmod(os.path.join(folder, "word"), 0o600)
    measure(folder, program, "send", "letter.md", "heads", "--yes", "--quiet")


def host_password():
    import mailhost
    return mailhost.PASSWORD


def report(folder, root, program, measure, make_sink, quick):
    sys.path.insert(0, os.path.join(root, "tests/system"))
    import mailhost
    count = 2000 if quick else AIM_ANSWERS
    why = mailhost.why_not()
    if why:
        print(f"\nAnswers over IMAP: skipped: {why}")
        return
    host, sink, workspace = mailhost.MailHost(tempfile.mkdtemp(prefix="circular-bench-mail-")), make_sink(folder), os.path.join(folder, "answers")
    host.start()
    try:
        sent(workspace, program, sink, measure, count, host)
        fill(host, workspace, count)
        seconds, cpu, rss = measure(workspace, program, "answers", "--quiet")
        (told,) = json.loads(subprocess.run([program, "answers", "--recorded", "--json"], cwd=workspace, check=True, stdout=subprocess.PIPE).stdout)
    finally:
        sink.end()
        host.stop()
    counts, no = told["questions"][0]["counts"], count // 3
    if told["waiting"] or counts != {"Yes": count - no, "No, thank you": no}:
        sys.exit(f"bench: {count} answers came in, and these are on record: {told}")
    print(f"\nAnswers over IMAP: {count:,} read, matched and recorded in {seconds:.1f} s ({count / seconds:,.0f} a second; {cpu:.1f} s of "
          f"processor, {rss:.0f} MB at most)")
    if seconds * AIM_ANSWERS / count > AIM_SECONDS:
        print(f"  aim missed: {AIM_ANSWERS:,} in {AIM_SECONDS} s")
