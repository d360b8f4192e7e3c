"""`python -m bench [NAME...]`: run the benchmarks of this folder, all or those named.

A benchmark is a module here with `run() -> str`, which measures and returns a table as text.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench


def main(wanted: list[str]) -> int:
    """Run and print; 2 where a benchmark of this name does not exist."""
    found = {module.name: f"bench.{module.name}" for module in pkgutil.iter_modules(bench.__path__)}
    names = [name for name in found if not name.startswith("_")]
    strange = sorted(set(wanted) - set(names))
    if strange:
        sys.stderr.write(f"no benchmark {strange[0]}; there are: {', '.join(names)}\n")
        return 2
    for name in wanted or names:
        module = importlib.import_module(found[name])
        if hasattr(module, "run"):
            sys.stdout.write(f"{name}\n{module.run()}\n\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
