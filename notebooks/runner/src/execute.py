"""Executes a notebook with the kernel `rust`, and says what happened.

Arguments: the notebook, where the executed one goes, and where the report does,
which is JSON: for each code cell the seconds that it took and those that it may
take; and what ended the run early, if anything did. On standard output a line
for each cell that is done.
"""

import json
import queue
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

# The seconds within which the last words of a cell arrive.
LATE = 0.5

source, executed, report = map(Path, sys.argv[1:4])
notebook = nbformat.read(source, as_version=4)
seconds = {}
started = {}
code = [i for i, c in enumerate(notebook.cells) if c.cell_type == "code"]


def limit(cell):
    """The seconds that a cell may take: as it says, or its notebook, or 20."""
    usual = notebook.metadata.get("ddpm", {}).get("limit_s", 20)
    return cell.metadata.get("ddpm", {}).get("limit_s", usual)


def begin(cell, cell_index):
    started[cell_index] = time.monotonic()


async def end(cell, cell_index, execute_reply):
    seconds[cell_index] = time.monotonic() - started[cell_index]
    # The kernel passes on what a cell has printed from a thread of its own, and
    # may say before that the cell is done; an error must not get lost so.
    while True:
        try:
            message = await client.kc.get_iopub_msg(timeout=LATE)
        except queue.Empty:
            break
        if message["msg_type"] != "status":
            client.process_message(message, cell, cell_index)
    print(f"{code.index(cell_index) + 1} {len(code)}", flush=True)


client = NotebookClient(
    notebook,
    kernel_name="rust",
    allow_errors=True,
    record_timing=False,
    # A cell that is only slow comes to its end, and is told so.
    timeout_func=lambda cell: 2 * limit(cell) + 30,
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

nbformat.write(notebook, executed)
cells = [
    {"seconds": seconds.get(i), "limit_s": limit(notebook.cells[i])}
    for i in code
]
report.write_text(json.dumps({"cells": cells, "ended": ended}))
