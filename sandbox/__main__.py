"""`python -m sandbox`"""

from __future__ import annotations

import contextlib
import signal
import sys
from types import FrameType

from sandbox.app import create_sandbox
from sandbox.config import SettingsError, from_environment
from sandbox.serve import listen


def main() -> int:
    try:
        settings = from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    app = create_sandbox(settings)
    try:
        server = listen(app, settings.host, settings.port)
    except OSError:
        print(f"Port {settings.port} is busy: stop what listens there, or set SANDBOX_BIND.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    print(f"Sandbox: http://localhost:{settings.port}/", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    app.extensions["sandbox"].close()
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
