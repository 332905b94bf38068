"""reading - how fast what came back is understood, beside Python's own parser, which only reads it

Both take the examples of tests/bounces again and again, one processor each. circular names the recipients, their status codes and
the reasons; Python's email package parses and decodes the texts, which any classifier written in it does first."""
import email
import email.policy
import glob
import os
import resource
import subprocess

AIM = 10000  # messages a second and processor


def examples(root, count):
    letters = []
    for path in sorted(glob.glob(os.path.join(root, "tests/bounces/*.eml"))):
        with open(path, "rb") as file:
            letters.append(file.read())
    return (letters * (count // len(letters) + 1))[:count]


def circular_seconds(folder, program, letters):
    stream = os.path.join(folder, "returned")
    with open(stream, "wb") as file:
        for letter in letters:
            file.write(b"%d\n" % len(letter) + letter)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with open(stream, "rb") as file:
        answers = subprocess.run([program, "bounces", "--classify", "--stream"], stdin=file, stdout=subprocess.PIPE,
                                 check=True).stdout
    os.remove(stream)
    assert answers.count(b"\n") == len(letters)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def python_seconds(letters):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    for letter in letters:
        for part in email.message_from_bytes(letter, policy=email.policy.default).walk():
            if part.get_content_maintype() == "text":
                part.get_payload(decode=True)
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - before


def report(folder, root, program, quick):
    mine = examples(root, 5000 if quick else 20000)
    rate = len(mine) / circular_seconds(folder, program, mine)
    theirs = mine[: len(mine) // 10]
    peer = len(theirs) / python_seconds(theirs)
    print(f"\nunderstanding what came back: {rate:,.0f} messages a second and processor; Python's email package, which only "
          f"parses them: {peer:,.0f}; ratio {rate / peer:.0f}")
    if rate < AIM:
        print(f"  aim missed: {AIM:,} messages a second")
