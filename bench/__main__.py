"""Run every benchmark in this folder, each in a process of its own: one JSON object a line."""

import pkgutil
import subprocess
import sys

import bench


def main() -> int:
    """The number of benchmarks that failed."""
    names = [module.name for module in pkgutil.iter_modules(bench.__path__)]
    commands = [[sys.executable, "-m", f"bench.{name}"] for name in names if name[0] != "_"]
    return sum(subprocess.run(command, check=False).returncode != 0 for command in commands)


if __name__ == "__main__":
    sys.exit(main())
