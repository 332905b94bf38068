#!/usr/bin/env python3
"""dns.py ZONE - a name server for tests on 127.0.0.1, UDP and TCP, that answers from a file.

Prints its port on the first line and ends when its standard input does. The zone is read anew for every
question. One record a line, words as in a shell:

    example.org       TXT   "v=spf1 include:_spf.example.com -all"
    long.example.org  TXT   "one string" "and its second"
    example.org       MX    10 mx.example.org
    nomail.example    MX    0 .
    www.example.org   CNAME example.org
    mx.example.org    A     192.0.2.1
    mx.example.org    AAAA  2001:db8::1
    bad.example.org   SERVFAIL | REFUSED | SILENT | GARBAGE | TRUNCATED

A name that stands nowhere is NXDOMAIN; one with other records only has no data. After TRUNCATED the answer
comes by TCP alone.
"""
import shlex
import socket
import struct
import sys
import threading

TYPES = {"A": 1, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28}
FAULTS = {"SERVFAIL": 2, "REFUSED": 5, "SILENT": None, "GARBAGE": None, "TRUNCATED": 0}


def read_zone(path):
    zone = {}
    for line in open(path):
        words = shlex.split(line, comments=True)
        if words:
            zone.setdefault(words[0].lower(), []).append((words[1], words[2:]))
    return zone


def wire_name(name):
    labels = [label for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def wire_data(kind, words):
    if kind == "A":
        return socket.inet_pton(socket.AF_INET, words[0])
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, words[0])
    if kind == "MX":
        return struct.pack("!H", int(words[0])) + wire_name(words[1])
    if kind == "CNAME":
        return wire_name(words[0])
    return b"".join(bytes([len(word.encode())]) + word.encode() for word in words)


def read_question(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels).lower(), struct.unpack("!H", query[at + 1:at + 3])[0], query[12:at + 5]


def answer(query, zone, by_tcp):
    """The message to send back, or None for silence."""
    name, wanted, question = read_question(query)
    records, answers, rcode = zone.get(name, []), [], 0
    for fault, _ in records:
        if fault == "SILENT":
            return None
        if fault == "GARBAGE":
            return query[:2] + b"\x81\x80" + b"\xff" * 40
        if fault == "TRUNCATED" and not by_tcp:
            return query[:2] + struct.pack("!5H", 0x8380, 1, 0, 0, 0) + question
        rcode = FAULTS.get(fault, 0) or rcode
    if name not in zone:
        rcode = 3
    for _ in range(12):
        alias = None
        for kind, words in zone.get(name, []):
            if kind == "CNAME":
                alias = words[0].lower()
            if TYPES.get(kind) in (wanted, 5):
                data = wire_data(kind, words)
                answers.append(wire_name(name) + struct.pack("!HHIH", TYPES[kind], 1, 60, len(data)) + data)
        if alias is None:
            break
        name = alias
        if name not in zone:
            rcode = 3
            break
    return query[:2] + struct.pack("!5H", 0x8180 | rcode, 1, len(answers), 0, 0) + question + b"".join(answers)


def serve_udp(sock, path):
    while True:
        query, peer = sock.recvfrom(4096)
        reply = answer(query, read_zone(path), False)
        if reply is not None:
            sock.sendto(reply, peer)


def serve_tcp(listener, path):
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            head = stream.read(2)
            if len(head) == 2:
                reply = answer(stream.read(struct.unpack("!H", head)[0]), read_zone(path), True)
                if reply is not None:
                    connection.sendall(struct.pack("!H", len(reply)) + reply)


def main():
    for _ in range(50):  # one port that is free for both
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket()
        try:
            tcp.bind(udp.getsockname())
            break
        except OSError:
            udp.close()
            tcp.close()
    tcp.listen(8)
    for serve, sock in ((serve_udp, udp), (serve_tcp, tcp)):
        threading.Thread(target=serve, args=(sock, sys.argv[1]), daemon=True).start()
    print(udp.getsockname()[1], flush=True)
    sys.stdin.read()


main()
