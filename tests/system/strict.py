"""Python's strict e-mail policy as a judge of a message: every defect of structure, header or content."""
import email
import email.policy
import re


def defects(raw):
    """All that is wrong with the bytes of a message, as texts; an empty list is a clean message."""
    found = []
    if re.search(rb"(?<!\r)\n", raw) or re.search(rb"\r(?!\n)", raw):
        found.append("a bare CR or LF")
    head = raw.split(b"\r\n\r\n", 1)[0]
    if any(byte > 126 for byte in raw):
        found.append("a byte that is not ASCII")
    for line in raw.split(b"\r\n"):
        if len(line) > 998:
            found.append("a line over 998")
    for line in head.split(b"\r\n"):
        if len(line) > 78:
            found.append("a long header line: %r" % line)
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    walk(message, found)
    email.message_from_bytes(raw, policy=email.policy.SMTP.clone(raise_on_defect=True))
    return found


def walk(part, found):
    for name, value in part.items():
        found += ["%s: %r" % (name, defect) for defect in getattr(value, "defects", ())]
    found += ["%r" % defect for defect in part.defects]
    if part.is_multipart():
        for inner in part.iter_parts():
            walk(inner, found)
    else:
        part.get_content()
        found += ["%r" % defect for defect in part.defects]
