"""Flask-SocketIO doing our job: a webhook is stored durably in SQLite, then told to the registers of its line.

It does less than we do (no signatures, no routing by who is logged in, no snapshot), so the comparison favours it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")
database = sqlite3.connect(os.environ["PEER_DATABASE"], isolation_level=None, check_same_thread=False)
for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=5000"):
    database.execute(f"PRAGMA {pragma}")
database.execute("CREATE TABLE IF NOT EXISTS call (id TEXT PRIMARY KEY, caller TEXT, line TEXT, at REAL)")


@socketio.on("connect")
def connected(auth: dict[str, Any]) -> None:
    join_room(auth["account"])
    join_room(auth["line"])
    emit("snapshot", {"from": ""})


@app.post("/hook")
def hook() -> dict[str, str]:
    form = request.form
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "INSERT OR IGNORE INTO call VALUES (?, ?, ?, ?)",
        (form["call"], form["from"], form["line"], time.time()),
    )
    database.execute("COMMIT")
    socketio.emit("call", {"from": form["from"], "state": "ringing", "id": form["call"]}, to=form["line"])
    return {"status": "ok"}


@app.get("/healthz")
def alive() -> dict[str, bool]:
    return {"ok": True}
