"""instructions - what a letter costs in instructions, by callgrind: the same on a busy machine as on a quiet one

Two runs of different length, and what lies between them: starting up is in both. valgrind offers no instructions for SHA-256, so
that signing is dearer here than it is."""
import os
import re
import shutil
import subprocess

import material

FEW, MANY = 100, 600
PARTS = [("merging the letter", "letter_splice"), ("signing it", "signing_sign"), ("the ledger", "deliveries_turn"),
         ("judging what became of it", "sending_outcome")]


def counted(workspace, *command):
    """Instructions by function, with all that it calls; "" for the whole."""
    out = workspace.path("callgrind")
    subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, workspace.program, *command, "--quiet"],
                   cwd=workspace.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    said = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    counts = {}
    for line in said.splitlines():
        found = re.match(r"\s*([\d,]+) \([\d. ]+%\)\s+(?:PROGRAM TOTALS|\S+:([\w']+))", line)
        if found:
            name = found[2] or ""
            counts[name] = max(counts.get(name, 0), int(found[1].replace(",", "")))
    os.remove(out)
    return counts


def between(few, many, name=""):
    return (many.get(name, 0) - few.get(name, 0)) / (MANY - FEW) / 1000


def report(folder, program):
    if not shutil.which("valgrind") or not shutil.which("callgrind_annotate"):
        print("\nInstructions a letter: skipped: no valgrind")
        return
    spaces = [material.Workspace(os.path.join(folder, f"instructions-{count}"), program, count) for count in (FEW, MANY)]
    plans = [counted(workspace, "plan", "update.md", "heads") for workspace in spaces]
    sends = [counted(workspace, "send", workspace.mailing(), "--yes") for workspace in spaces]
    print("\nThousand instructions, by callgrind")
    print(f"  {'planning a recipient':34} {between(*plans):8.1f}")
    print(f"  {'a letter to nowhere':34} {between(*sends):8.1f}")
    for what, function in PARTS:
        print(f"    {what:32} {between(*sends, function):8.1f}")
    print(f"  {'starting a send, and ending it':34} {sends[0][''] / 1000 - FEW * between(*sends):8.0f}")
