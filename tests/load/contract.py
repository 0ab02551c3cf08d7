"""``python -m tests.load.contract``: schemathesis asks the running service all that its contract allows, and more.

It follows the contract's links, so it asks about tracks that are there: samples, and files that it has uploaded.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.browser.serving import served

FOLDER: Final = Path(__file__).parent
PROGRAM: Final = FOLDER.parents[1] / "build" / "load" / "bin" / "schemathesis"
RESULT: Final = FOLDER / "contract.json"
LEFT_OUT: Final = "/metrics"  # text for another program


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.contract", description=(__doc__ or "").partition("\n\n")[2]
    )
    parser.add_argument("--examples", type=int, default=100, help="most examples of each operation (100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULT)
    args = parser.parse_args()
    if not PROGRAM.exists():
        sys.stderr.write("schemathesis is missing; `make load` installs it.\n")
        return 2
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        done = subprocess.run(
            [str(PROGRAM), "run", f"{address}openapi.json", "--checks", "all", "--max-examples", str(args.examples),
             "--seed", str(args.seed), "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure",
             "--exclude-path", LEFT_OUT, "--request-timeout", "60", "--no-color",
             "--exclude-checks", "positive_data_acceptance,unsupported_method"],
            capture_output=True, text=True, check=False, cwd=folder,
        )  # fmt: skip
    text = done.stdout
    print(text)  # noqa: T201 -- a program's output
    result = {
        "command": f"python -m tests.load.contract --examples {args.examples} --seed {args.seed}",
        "exit_status": done.returncode,
        "summary": re.split(r"=+ SUMMARY =+", text)[-1].strip().splitlines(),
    }
    args.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
