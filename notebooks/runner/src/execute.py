"""Executes a notebook with the kernel `rust`, and writes a report.

Arguments: the path of the notebook, of the executed notebook to write, and of
the report to write. The report is JSON: for each code cell the run time and its
limit in seconds, and what ended the run early, if anything did. Prints a line
on standard output for each finished cell.
"""

import json
import queue
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

# The time in seconds that a cell's last messages may take to arrive.
LATE = 0.5

source, executed, report = map(Path, sys.argv[1:4])
notebook = nbformat.read(source, as_version=4)
seconds = {}
started = {}
code = [i for i, c in enumerate(notebook.cells) if c.cell_type == "code"]


def limit(cell):
    """Returns a cell's time limit in seconds: its own, its notebook's, or 20."""
    usual = notebook.metadata.get("ddpm", {}).get("limit_s", 20)
    return cell.metadata.get("ddpm", {}).get("limit_s", usual)


def begin(cell, cell_index):
    started[cell_index] = time.monotonic()


async def end(cell, cell_index, execute_reply):
    seconds[cell_index] = time.monotonic() - started[cell_index]
    # The kernel forwards a cell's output from its own thread and may report the
    # cell as finished before that. No error may get lost.
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
    # A cell that is merely slow may finish, and is then reported as slow.
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
