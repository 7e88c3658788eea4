"""PostgreSQL understands each statement that stands whole in the code, also where no other test asks it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from peewee import IntegrityError, PeeweeException

import server
from server import db

STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")
# SQLite's own tables, and what has a hole that another constant fills.
NOT_ALONE = re.compile(r"sqlite_master|PRAGMA|pragma_|\{|\b(?:AND|OR|WHERE)\s*$")


def statements() -> Iterator[tuple[str, str]]:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if (
                name.isupper()
                and isinstance(value, str)
                and STATEMENT.match(value)
                and not NOT_ALONE.search(value)
            ):
                yield f"{module.name}.{name}", value


def test_it_understands_every_statement(born: str) -> None:
    wrong, count = [], 0
    for name, text in statements():
        marks = max([int(one) for one in re.findall(r"\?(\d+)", text)] or [text.count("?")])
        count += 1
        try:
            with db.transaction():
                db.write(f"EXPLAIN ANALYZE {text}", *(None,) * marks)
        except IntegrityError:
            pass  # understood, and nothing is no number
        except PeeweeException as why:
            wrong.append(f"{name}: {why}")
    assert count > 200
    if wrong:
        pytest.fail("\n".join(wrong))
