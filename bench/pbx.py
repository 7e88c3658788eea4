"""A guest's INVITE -> card painted: a live Asterisk between a SIP caller and a real Chromium.

From before the INVITE leaves until the number stands in the open popup and an animation frame with it has passed.
On the way: Asterisk rings phone 101, its manager interface tells our server, that tells the register.
"""

from __future__ import annotations

import time
from contextlib import closing

from bench.figures import Json, spread
from bench.painted import WARM_UP, WATCH, _ahead, open_stage, open_till
from tests.browser.stage import shown, stranger
from tests.browser.till import Till
from tests.chromium import MISSING, path
from tests.pbx.lab import Lab
from tests.pbx.packages import SUITES, Missing
from tests.pbx.product import join_restaurant
from tests.pbx.scenes import PHONE


def calls(rings: int) -> list[Json]:
    """A row of milliseconds for each Asterisk; none where there is no Chromium or no Asterisk to be had."""
    if path() is None:
        print(MISSING)
        return []
    try:
        return [
            {"Asterisk": version, **spread(_cards(version, rings)[WARM_UP:])} for version in sorted(SUITES)
        ]
    except Missing as reason:
        print(reason)
        return []


def _cards(version: int, rings: int) -> list[float]:
    with closing(Lab(version)) as lab, open_stage() as stage, open_till(stage) as till:
        join_restaurant(stage, lab)
        ahead = _ahead(till.frame)
        return [_card(till, lab, ahead) for _ in range(WARM_UP + rings)]


def _card(till: Till, lab: Lab, ahead: float) -> float:
    """Seconds from before the INVITE is sent; then everything is as before the call."""
    number = stranger()
    till.frame.evaluate(WATCH, shown(number))
    sent = time.time()
    guest = lab.provider.dial(PHONE, "+38" + number)
    painted = float(till.frame.evaluate("() => window.painted")) / 1000 - ahead
    till.does("closePopup")
    guest.ringing().give_up()
    lab.forget()
    till.wait_for("!sandbox.popupOpen()")
    time.sleep(0.2)
    return painted - sent
