"""Letters sent by Python's own smtplib and EmailMessage, a thread a connection:
with_smtplib.py PORT CONNECTIONS MATERIAL RECIPIENTS COUNT (the files as for with_nodemailer.mjs)."""
import html
import json
import re
import smtplib
import sys
import threading
from email.headerregistry import Address
from email.message import EmailMessage

port, connections, material, recipients, count = sys.argv[1:]
with open(material, encoding="utf-8") as file:
    letter = json.load(file)
with open(recipients, encoding="utf-8") as file:
    people = iter(json.load(file)[:int(count)])
lock = threading.Lock()


def merge(template, fields):
    return re.sub(r"QQ(\w+?)QQ", lambda found: fields[found[1]], template)


def message(person):
    fields = person["fields"]
    out = EmailMessage()
    user, domain = person["address"].split("@")
    out["From"] = letter["from"]
    out["To"] = Address(fields["head_name"], user, domain)
    out["Subject"] = merge(letter["subject"], fields)
    out.set_content(merge(letter["text"], fields), cte="quoted-printable")
    escaped = {name: html.escape(value) for name, value in fields.items()}
    out.add_alternative(merge(letter["html"], escaped), subtype="html", cte="quoted-printable")
    return out


def work():
    with smtplib.SMTP("127.0.0.1", int(port), local_hostname="bench.test") as server:
        while True:
            with lock:
                person = next(people, None)
            if person is None:
                return
            server.send_message(message(person), "bounces@northmere.example.org", person["address"])


threads = [threading.Thread(target=work) for _ in range(int(connections))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
