"""An invented past goes the way of real calls, and never into a real account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskCliRunner

from server import create_app, figures, reports
from server.config import Settings
from server.db import close_database, reading
from server.models import CallOrder, CallRow
from tests.conftest import Restaurant, add_trunk

WORDS = ["simulate", "--account", "pechera", "--weeks", "1"]


def test_a_week_is_in_the_journal_and_in_the_reports(app: Flask, restaurant: Restaurant) -> None:
    account = restaurant()
    add_trunk(account)
    answer = app.test_cli_runner().invoke(args=WORDS)
    assert answer.exit_code == 0, answer.output
    while figures.refresh(account.id):
        pass
    with reading():
        calls = list(CallRow.select())
        earned = sum(order.sum for order in CallOrder.select())
    today = date.today()
    total = reports.totals(reports.Scope(account.id, today - timedelta(days=9), today + timedelta(days=1)))
    assert total.calls == sum(call.direction == "in" for call in calls) > 100
    assert total.placed == sum(call.direction == "out" for call in calls) > 0
    assert total.revenue == earned > 0


def test_a_real_account_is_left_alone(settings: Settings, restaurant: Restaurant) -> None:
    app = create_app(replace(settings, poster_url=Settings.poster_url))
    runner: FlaskCliRunner = app.test_cli_runner()
    account = restaurant()
    add_trunk(account)
    answer = runner.invoke(args=WORDS)
    assert answer.exit_code == 1
    assert "real account" in answer.output
    assert CallRow.select().count() == 0
    close_database()
