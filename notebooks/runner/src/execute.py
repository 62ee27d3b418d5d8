"""Executes a notebook with the kernel `rust`, and says what happened.

Arguments: the notebook, where the executed one goes, and where the report does,
which is JSON: the seconds that each code cell took, and what ended the run
early, if anything did. On standard output a line for each cell that is done.
"""

import json
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

source, executed, report = map(Path, sys.argv[1:4])
notebook = nbformat.read(source, as_version=4)
seconds = {}
started = {}
code = [i for i, c in enumerate(notebook.cells) if c.cell_type == "code"]


def limit(cell):
    """What a cell may take, and as much again before it is given up."""
    settings = notebook.metadata.get("ddpm", {})
    own = cell.metadata.get("ddpm", {}).get("limit_s")
    return 2 * (own or settings.get("limit_s", 20)) + 30


def begin(cell, cell_index):
    started[cell_index] = time.monotonic()


def end(cell, cell_index, execute_reply):
    seconds[cell_index] = time.monotonic() - started[cell_index]
    print(f"{code.index(cell_index) + 1} {len(code)}", flush=True)


client = NotebookClient(
    notebook,
    kernel_name="rust",
    allow_errors=True,
    record_timing=False,
    timeout_func=limit,
    startup_timeout=120,
    on_cell_execute=begin,
    on_cell_executed=end,
    resources={"metadata": {"path": str(source.parent)}},
)
ended = None
try:
    client.execute()
except CellTimeoutError:
    ended = "a cell did not come to an end"
except DeadKernelError:
    ended = "the kernel died"

for cell in notebook.cells:
    if cell.cell_type == "code":
        for output in cell.outputs:
            output.pop("transient", None)
            if output.output_type != "execute_result":
                continue
            # The kernel numbers results anew in each session.
            output["execution_count"] = cell.execution_count
nbformat.write(notebook, executed)
times = [seconds.get(i) for i in code]
report.write_text(json.dumps({"seconds": times, "ended": ended}))
