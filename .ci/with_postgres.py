"""Run a command with DATABASE_URL and DATABASE_OWNER_URL of a throw-away server of other PostgreSQL programs.

Usage: python .ci/with_postgres.py DIRECTORY_OF_THE_PROGRAMS COMMAND [ARGUMENT ...]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from community import postgres


def main() -> int:
    """Return the command's exit status."""
    programs, *command = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        place = postgres.place(Path(directory, "server"))
        try:
            with postgres.Server(place, durable=False, binaries=Path(programs)):
                urls = {"DATABASE_URL": place.web_url, "DATABASE_OWNER_URL": place.owner_url}
                environment = {**os.environ, **urls, "LOCAL_RUN": "1", "DATA_DIR": f"{directory}/data"}
                return subprocess.run(command, check=False, env=environment).returncode
        finally:
            postgres.remove(place.data_dir)


if __name__ == "__main__":
    sys.exit(main())
