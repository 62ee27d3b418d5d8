"""Random identities and near-identities, each judged by SymPy.

    python3 -m pip install sympy==1.13.3
    python3 make.py > identities.json

The test `tests/sympy.rs` holds the checker's verdicts against these. SymPy
writes the LaTeX, so the reader is also held against another system's hand.
"""

import json
import random

import claims

random.seed(20260101)
found = []
while len(found) < 400:
    one = claims.claim()
    if one is not None:
        found.append(one)

lines = ",\n".join(json.dumps(one) for one in found)
print(f"[\n{lines}\n]")
