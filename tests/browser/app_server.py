"""The app's server: one `streamlit run` in a process of its own, while somebody looks at it.

The browser tests, the screenshots and the benchmarks start it the way `make run` does, from the
repository's root, so that they see the committed settings and not those of whoever runs them.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

ROOT = Path(__file__).parents[2]
START_SECONDS = 60  # a first start compiles every imported file, on cores that other tests use too
ATTEMPTS = 3
# The indented lines and the one that names the exception.
TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n)*.*$", re.MULTILINE)

local = build_opener(ProxyHandler({}))  # a proxy set in the environment is for other machines


class AppServer:
    """A context manager: `with AppServer() as server: ... server.url`.

    `script` is the Streamlit script to serve, the app by default; a benchmark serves a bare page
    beside it.
    """

    def __init__(self, script: str | Path = "app.py") -> None:
        self.script = script
        self.log = Path(tempfile.mkdtemp(prefix="convscope-server-")) / "server.log"

    def __enter__(self) -> Self:
        for _ in range(ATTEMPTS):
            self._start()
            if self._is_healthy():
                return self
            self._stop()
        raise RuntimeError(f"the server did not start; it said:\n{self.read_log()}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read_log(self, lines: int = 60) -> str:
        """The last lines of what the server printed."""
        return "\n".join(self._printed().splitlines()[-lines:])

    def tracebacks(self) -> list[str]:
        """Every traceback so far. The visitor is shown a polite line instead, easily overlooked."""
        return TRACEBACK.findall(self._printed())

    @property
    def pid(self) -> int:
        return self.process.pid

    def _printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def restart(self) -> None:
        """End the server and start another one at the same address."""
        self._stop()
        self._start(int(self.url.rpartition(":")[2]))
        assert self._is_healthy()

    def _start(self, port: int | None = None) -> None:
        port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        address = ["--server.address=127.0.0.1", f"--server.port={port}"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(self.script), *address],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _is_healthy(self) -> bool:
        """Whether the server answers before it ends (its port was taken) or the time is up."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with local.open(f"{self.url}/_stcore/health", timeout=2) as answer:
                    return answer.status == 200 and self.process.poll() is None
            except (URLError, OSError):
                time.sleep(0.1)
        return False

    def _stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """A port that nobody listens on now; a server that loses it to another is started again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
