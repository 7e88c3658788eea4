"""`python -m server.exporting`: reads a job, writes its file, and is gone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from server.exporting.columns import values
from server.exporting.jobs import XLSX, unpack
from server.exporting.writing import write_csv, write_xlsx
from server.speech import speaker

KINDNESS = 10  # the ring goes first, on whichever core


def main() -> None:
    os.nice(KINDNESS)
    job = unpack(sys.stdin.buffer.read())
    write = write_xlsx if job.format == XLSX else write_csv
    # Nobody waits for it any more: whoever asked has cancelled.
    with suppress(BrokenPipeError):
        write(values(job), sys.stdout.buffer, speaker(job.lang))


if __name__ == "__main__":
    main()
