"""How Dzvinok is served: one gevent worker, or with `HUB_URL` as many as `WEB_CONCURRENCY` says.

What stands on gunicorn's command line (`--bind` ...) wins over this file.
"""

import gc
import os
import shutil
import sys

from server.config import ConfigError, load

try:
    settings = load(os.environ)
except ConfigError as wrong:
    sys.exit(f"Dzvinok can't start. {wrong}")

bind = settings.bind
worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
worker_connections = 12_000
backlog = 4096
timeout = 60
# Sockets hold a worker for the whole grace period; registers come back by themselves, so it is short.
graceful_timeout = 5
keepalive = 30
# Addresses carry secrets (webhook tokens, Poster's codes), so no access log.
accesslog = None
forwarded_allow_ips = "127.0.0.1,::1"
# Beside the database: several instances of one user, and systemd's ProtectHome, each get their own.
settings.folder.mkdir(parents=True, exist_ok=True)
control_socket = str(settings.control_socket)


def on_starting(server):
    if server.cfg.workers < 1:
        sys.exit("Dzvinok can't start. WEB_CONCURRENCY must be 1 or more.")
    if server.cfg.workers > 1 and not settings.hub_url:
        sys.exit(
            f"Dzvinok can't start. {server.cfg.workers} workers need HUB_URL, the Redis over which they tell "
            "each other (docs/scale.md): set it, or take --workers / WEB_CONCURRENCY away."
        )
    if server.cfg.workers > 1:
        # Each counts into files of its own, and whichever is asked for /metrics adds them up.
        counts = settings.control_socket.with_suffix(".metrics")
        shutil.rmtree(counts, ignore_errors=True)
        counts.mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)


def post_worker_init(worker):
    # What is loaded stays, and a ring leaves next to no circles behind: with Python's own thresholds the collector
    # would walk through a thousand registers for 100 ms every few seconds, in the middle of a ring.
    from server import parting  # not before gevent has made sockets cooperative

    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    worker.wsgi.extensions["dzvinok.clock"].start()
    parting.watch(worker.wsgi.extensions["dzvinok"].hub, lambda: worker.alive)


def worker_exit(server, worker):
    clock = getattr(worker, "wsgi", None)
    if clock is not None:
        clock.extensions["dzvinok.clock"].stop()
