"""One training step's kernels and their time, from Nsight Compute's table.

The table, on standard input, begins somewhere in a step and is a little longer
than one; the argument is how many launches the step has at least.
"""

import csv
import sys
from collections import Counter

at_least = int(sys.argv[1])
lines = [line for line in sys.stdin if line.startswith('"')]
table = csv.DictReader(lines)
next(table)  # the units
rows = [
    (row["Kernel Name"].split("(")[0], row["Grid Size"], row["gpu__time_duration.sum"])
    for row in table
]
names = [row[:2] for row in rows]
unit = next(csv.DictReader(lines))["gpu__time_duration.sum"]
scale = {"ns": 1e-6, "nsecond": 1e-6, "us": 1e-3, "usecond": 1e-3}[unit]
# The step ends where the launches repeat.
start = names[:40]
length = next(n for n in range(at_least, len(names)) if names[n : n + 40] == start)
times = Counter()
for name, _, time in rows[:length]:
    times[name] += scale * float(time.replace(",", ""))
uses = Counter(name for name, _ in names[:length])
total = f"{times.total():.2f} ms at the\nfixed clock of Nsight Compute"
print(f"They are {length} kernels with cuBLAS's, which take {total}:\n")
print("| kernel | uses | ms |\n| --- | --- | --- |")
for name, time in times.most_common(12):
    print(f"| `{name}` | {uses[name]} | {time:.2f} |")
print()
