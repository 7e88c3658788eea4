"""A guest's flags on Poster's wire."""

from __future__ import annotations

import json

from server import flags
from server.db import transaction, write
from server.flags.copies import KEY, FlagCopies
from server.models import Account, Flag
from server.parts import Parts
from tests import guestbook
from tests.poster.company import Company, Raw, error

WRITE = "application.setEntityExtras"


def test_flags_are_written_into_the_clients_extras_as_text(
    parts: Parts, account: Account, company: Company
) -> None:
    guestbook.add(account)
    flags.put_up(account.id, 318, "allergy", "горіхи", (5, "Olena"))
    assert parts.flag_copies.copy(account.id, 318)
    body = company.last(WRITE).json()
    assert (body["entity_type"], body["entity_id"], list(body["extras"])) == ("client", 318, [KEY])
    assert json.loads(body["extras"][KEY])[0]["text"] == "горіхи"
    flags.take_down(account.id, 318, Flag.get().id, (5, "Olena"))
    assert parts.flag_copies.copy(account.id, 318)
    assert company.last(WRITE).json()["extras"] == {KEY: ""}


def test_a_poster_that_is_down_or_refuses_is_asked_again(
    parts: Parts, account: Account, company: Company
) -> None:
    guestbook.add(account)
    usual = company.answers[WRITE]
    flags.put_up(account.id, 318, "vip", "", (5, "Olena"))
    for answer in (error(20), Raw("<html>", status=502), error(32)):
        company.answers[WRITE] = answer
        assert not parts.flag_copies.copy(account.id, 318)
    company.answers[WRITE] = usual
    after_a_restart = FlagCopies(parts.flag_copies._write_client)
    assert after_a_restart.copy_waiting() == 0, "it still rests before the next attempt"
    with transaction():
        write("UPDATE owed SET next_at = 0")
    assert after_a_restart.copy_waiting() == 1
    assert parts.flag_copies.copy(account.id, 318)
    assert company.count(WRITE) == 4, "what it has is not written again"
