"""Fresh random identities and slips, judged by SymPy and by the checker.

    python3 -m pip install sympy==1.13.3
    python3 fuzz.py PROOFREAD [SECONDS [SEED]]

PROOFREAD is the program. Prints each claim on which the two disagree, and ends
with 1 if there is one: where SymPy has numbers that differ, the checker must
not pass; where SymPy simplifies the difference to zero, it must not refute,
unless a side has no value at the counterexample.
"""

import json
import random
import subprocess
import sys
import tempfile
import time

import sympy as s

import claims

NOTATION = """
[symbols]
a = { kind = 'scalar' }
b = { kind = 'scalar' }
c = { kind = 'scalar' }
p = { kind = 'scalar', in = '(0, oo)' }
r = { kind = 'scalar', in = '(0, oo)' }
"""
PASSES = ("exact", "certified", "gaussian")
BATCH = 40


def decided(program, notation, found):
    """The object of each claim, in their order."""
    text = "\n\n".join(f"${one['left']} = {one['right']}$" for one in found)
    command = [program, "check", "-", "--json", "--notation", notation]
    run = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False
    )
    if run.returncode not in (0, 1):
        sys.exit(f"{run.stderr}\n{text}")
    objects = [json.loads(line) for line in run.stdout.splitlines()]
    relations = {o["line"]: o for o in objects if o["relation"] is not None}
    return [relations.get(2 * i + 1) for i in range(len(found))]


def disagrees(one, verdict):
    """Whether the two say the opposite of each other."""
    if verdict is None:
        return "no verdict"
    status = verdict["status"]
    if status in PASSES and not one["true"]:
        return "passes, and numbers differ"
    if status == "false" and one["true"]:
        found = verdict["counterexample"]
        if "not defined" not in (found["left"], found["right"]):
            return "refuted, and the difference simplifies to zero"
    if status in ("unknown", "problem"):
        return "not understood"
    if "fault of the checker" in (verdict["problem"] or ""):
        return "algebra against points"
    return None


def fresh():
    """A claim with SymPy's verdict; nothing if SymPy has none, or fails."""
    try:
        return claims.claim()
    except (ZeroDivisionError, TypeError, ValueError, s.PolynomialError):
        return None


def main(program, seconds=60, seed=None):
    seed = int(time.time()) if seed is None else int(seed)
    random.seed(seed)
    print(f"SymPy {s.__version__}, seed {seed}")
    end = time.time() + float(seconds)
    counts, bad = {}, 0
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as notation:
        notation.write(NOTATION)
        notation.flush()
        while time.time() < end:
            found = []
            while len(found) < BATCH:
                one = fresh()
                if one is not None:
                    found.append(one)
            verdicts = decided(program, notation.name, found)
            for one, verdict in zip(found, verdicts):
                status = verdict["status"] if verdict else "none"
                key = (status, one["true"])
                counts[key] = counts.get(key, 0) + 1
                why = disagrees(one, verdict)
                if why:
                    bad += 1
                    print(f"== {why}\n${one['left']} = {one['right']}$")
                    print(verdict and (verdict["counterexample"] or verdict["problem"]))
    for (status, true), count in sorted(counts.items()):
        print(f"{count:6} {status}, SymPy: {true}")
    print(f"{bad} disagreements")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
