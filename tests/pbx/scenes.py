"""Calls as they happen in a restaurant, each played by real phones; a scene returns what our journal must say of it.

What it must say is taken from the phones: who rang, who picked up, what was answered. No scene asks the PBX.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.pbx.product import Product, wait_for
from tests.pbx.sip import Leg, Phone
from tests.pbx.truth import MOBILE, Truth

PHONE, GROUP, QUEUE, MENU, HUNT, TURNS = (f"044200000{number}" for number in range(1, 7))
QUEUE_THEN_MAILBOX, PHONE_THEN_MAILBOX, PHONE_AND_MOBILE = (f"044200000{number}" for number in (7, 8, 9))
ANOTHER_PHONE = "0442000014"
PHONE_THEN_MOBILE, GROUP_WITH_A_GAP, LONG = "0442000010", "0442000011", "0442000013"
FREEPBX_PHONE, FREEPBX_GROUP, FREEPBX_QUEUE, FREEPBX_FOLLOW, FREEPBX_LOCALS = (
    f"044200002{number}" for number in range(1, 6)
)
OURS = PHONE  # the number that our outgoing calls show
BUSY, DECLINED, NOBODY_THERE = 486, 603, 480


Scene = Callable[["Stage"], list[Truth]]
SCENES: dict[str, Scene] = {}


def scene(play: Scene) -> Scene:
    SCENES[play.__name__] = play
    return play


class Stage:
    """Where a scene is played: a lab, and our product beside it."""

    def __init__(self, product: Product, version: int) -> None:
        self.product, self.joined = product, product.joined[version]
        self.lab, self.tape = self.joined.lab, self.joined.tape
        self.phones, self.provider = self.lab.phones, self.lab.provider
        self.guests = 0

    def stranger(self) -> str:
        self.guests += 1
        return f"+38050{self.lab.version}{self.guests:05}"

    def guest(self, did: str, number: str = "", shows: str = "", **how: object) -> Guest:
        return Guest(self, did, number or self.stranger(), shows, **how)

    def channel(self, start: str, nth: int = 0) -> str:
        """The PBX's name for what begins so; only for those who move calls about by such names."""
        told = self.lab.cli("core show channels concise").stdout.splitlines()
        return sorted(line.split("!")[0] for line in told if line.startswith(start))[nth]

    def hears(self, guest: Guest, state: str = "ringing") -> None:
        """Until our journal has this guest's call so."""

        def known() -> list[str]:
            return [
                call["state"]
                for call in self.product.calls(self.joined.trunk)
                if call["caller"] == guest.number
            ]

        wait_for(lambda: known() == [state], f"not {state}")

    @contextmanager
    def away(self) -> Iterator[None]:
        """Our product is not connected while the `with` lasts, and is again after it."""
        with self.tape.cut():
            yield
            began = time.time()
        self.joined.linked(began)

    def calm(self) -> None:
        """Nobody is on the phone any more, in the PBX neither."""
        wait_for(
            lambda: "0 active channels" in self.lab.cli("core show channels count").stdout, "still busy", 8
        )

    def clear(self) -> None:
        """After a scene that went wrong."""
        if self.lab.process.poll() is not None:
            self.lab.restart()
        self.lab.cli("channel request hangup all")


class Guest:
    """Somebody who calls the restaurant."""

    def __init__(self, stage: Stage, did: str, number: str, shows: str, **how: object) -> None:
        self.stage, self.did, self.number = stage, did, number
        self.shown = number
        self.leg = stage.provider.dial(did, number, shows, **how)  # type: ignore[arg-type]

    def rings(self, *lines: str) -> list[Leg]:
        return [self.stage.phones[line].called(self.shown) for line in lines]

    def ring(self, line: str) -> Leg:
        return self.rings(line)[0]

    def talks_to(self, line: str) -> Leg:
        leg = self.ring(line).answer()
        self.leg.up()
        return leg

    def hang_up(self) -> None:
        self.leg.hang_up()

    def legs(self, *more: tuple[str, Leg]) -> list[tuple[str, Leg]]:
        """The phones that this guest's call came to."""
        phones = self.stage.phones.items()
        return [
            *((line, leg) for line, phone in phones for leg in _came(phone) if self.shown in leg.number), *more
        ]  # fmt: skip

    def truth(self, *more: tuple[str, Leg], lost: Leg | None = None, caller: str | None = None) -> Truth:
        """`more` are legs that a colleague's question rang, `lost` picked up a moment too late."""
        legs = self.legs(*more)
        talked = sorted((leg.answered, line) for line, leg in legs if leg.answered and leg is not lost)
        rang = frozenset(line for line, leg in self.legs() if leg.rang)
        caller = self.number if caller is None else caller
        if talked:
            return Truth("in", caller, self.did, "answered", rang, talked[0][1], talked[-1][1])
        return Truth("in", caller, self.did, _refused(legs), rang)


def _came(phone: Phone) -> list[Leg]:
    return [leg for leg in phone.legs if not leg.calling]


def _refused(legs: list[tuple[str, Leg]]) -> str:
    """What became of a call that nobody answered: a refusal only when all said the same."""
    codes = {0 if leg.cancelled else leg.final for _, leg in legs}
    return {BUSY: "busy", DECLINED: "declined"}.get(codes.pop(), "missed") if len(codes) == 1 else "missed"


def outgoing(line: str, number: str, outcome: str, last: str = "", rang: str = "") -> Truth:
    """`last` is who was handed the call, `rang` who rang before the guest was called."""
    by = line if outcome == "answered" else ""
    rung = frozenset({last, rang} - {""})
    return Truth("out", number, OURS, outcome, rung, by, last or line)


# ---- Ring groups and hunts.


@scene
def group_one_declines_another_answers(stage: Stage) -> list[Truth]:
    guest = stage.guest(GROUP)
    here, declines, other = guest.rings("101", "102", "103")
    declines.refuse(DECLINED)
    here.answer()
    other.over()
    guest.leg.up()
    guest.hang_up()
    here.over()
    return [guest.truth()]


@scene
def group_is_all_busy(stage: Stage) -> list[Truth]:
    for line in ("101", "102", "103"):
        stage.phones[line].refuses = BUSY
    guest = stage.guest(GROUP)
    guest.leg.over()
    assert guest.leg.final == BUSY
    return [guest.truth()]


@scene
def group_all_decline(stage: Stage) -> list[Truth]:
    guest = stage.guest(GROUP)
    for leg in guest.rings("101", "102", "103"):
        leg.refuse(DECLINED)
    guest.leg.over()
    return [guest.truth()]


@scene
def group_one_is_busy_and_the_guest_gives_up(stage: Stage) -> list[Truth]:
    stage.phones["102"].refuses = BUSY
    guest = stage.guest(GROUP)
    guest.rings("101", "103")
    guest.leg.ringing().give_up()
    return [guest.truth()]


@scene
def group_two_pick_up_at_once(stage: Stage) -> list[Truth]:
    guest = stage.guest(GROUP)
    legs = guest.rings("101", "102", "103")
    for leg in legs[:2]:
        leg.pick_up()
    guest.leg.up()
    wait_for(lambda: sum(leg.state == "over" for leg in legs) == 2, "all of them talk")
    winner, lost = sorted(legs[:2], key=lambda leg: leg.state == "over")
    guest.hang_up()
    winner.over()
    return [guest.truth(lost=lost)]


@scene
def group_with_a_phone_that_is_not_there(stage: Stage) -> list[Truth]:
    guest = stage.guest(GROUP_WITH_A_GAP)
    leg = guest.talks_to("101")
    leg.hang_up()
    guest.leg.over()
    return [guest.truth()]


@scene
def hidden_number_in_a_group(stage: Stage) -> list[Truth]:
    guest = stage.guest(GROUP, "anonymous", "Anonymous", host="anonymous.invalid")
    leg = guest.talks_to("102")
    guest.hang_up()
    leg.over()
    return [guest.truth(caller="")]


@scene
def number_hidden_from_us_but_told_to_the_pbx(stage: Stage) -> list[Truth]:
    """It says so only where its dialplan touches the caller's name or number, as FreePBX's does."""
    real = f"<sip:{stage.stranger()}@provider.example>"
    asked = [("P-Asserted-Identity", real), ("Privacy", "id")]
    guest = stage.guest(FREEPBX_PHONE, "anonymous", "Anonymous", host="anonymous.invalid", more=asked)
    guest.ring("101")
    guest.leg.ringing().give_up()
    return [guest.truth(caller="")]


@scene
def answers_after_the_hunt_moved_on(stage: Stage) -> list[Truth]:
    stage.phones["101"].late = True
    guest = stage.guest(HUNT)
    late = guest.ring("101")
    leg = guest.talks_to("102")
    late.over()
    guest.hang_up()
    leg.over()
    return [guest.truth(lost=late)]


@scene
def hunt_finds_nobody(stage: Stage) -> list[Truth]:
    guest = stage.guest(HUNT)
    guest.ring("101").over()
    guest.ring("102").refuse(NOBODY_THERE)
    guest.leg.over()
    return [guest.truth()]


@scene
def line_with_two_phones(stage: Stage) -> list[Truth]:
    second = stage.lab.phone("101")
    guest = stage.guest(FREEPBX_PHONE)
    first = guest.ring("101")
    leg = second.called(guest.number).answer()
    first.over()
    guest.leg.up()
    guest.hang_up()
    leg.over()
    truth = guest.truth(("101", leg))
    assert truth.answered_by == "101"
    second.register(0).close()
    return [truth]


@scene
def number_dialled_in_full(stage: Stage) -> list[Truth]:
    """Some providers say +380442000001 where others say 0442000001."""
    guest = stage.guest("+38" + PHONE)
    leg = guest.talks_to("101")
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def guest_calls_on_two_lines_at_once(stage: Stage) -> list[Truth]:
    first = stage.guest(PHONE)
    one = first.ring("101")
    second = stage.guest(ANOTHER_PHONE, first.number)
    two = stage.phones["102"].called(first.number)
    two.answer()
    first.leg.give_up()
    one.over()
    second.hang_up()
    two.over()
    missed = Truth("in", first.number, PHONE, "missed", frozenset({"101"}))
    return [missed, Truth("in", first.number, ANOTHER_PHONE, "answered", frozenset({"102"}), "102", "102")]


# ---- Queues.


@scene
def queue_next_in_turn_answers(stage: Stage) -> list[Truth]:
    guest = stage.guest(TURNS)
    first, second = _turns(guest)
    first.over()
    second.answer()
    guest.hang_up()
    second.over()
    return [guest.truth()]


@scene
def queue_guest_gives_up_after_the_first_turn(stage: Stage) -> list[Truth]:
    guest = stage.guest(TURNS)
    _, second = _turns(guest)
    guest.hang_up()
    second.over()
    return [guest.truth()]


def _turns(guest: Guest) -> tuple[Leg, Leg]:
    """Both members' legs, in the order in which they rang."""
    guest.leg.up()
    legs = guest.rings("101", "102")
    first, second = sorted(legs, key=lambda leg: leg.rang)
    return first, second


@scene
def queue_gives_up_and_the_mailbox_answers(stage: Stage) -> list[Truth]:
    guest = stage.guest(QUEUE_THEN_MAILBOX)
    for leg in guest.rings("101", "102"):
        leg.over()
    time.sleep(0.5)  # the guest speaks
    guest.hang_up()
    return [guest.truth()]


@scene
def two_guests_in_one_queue(stage: Stage) -> list[Truth]:
    first = stage.guest(QUEUE)
    one, two = first.rings("101", "102")
    second = stage.guest(QUEUE)
    second.leg.up()
    two.answer()
    one.over()
    other = second.talks_to("101")
    first.hang_up()
    two.over()
    second.hang_up()
    other.over()
    return [first.truth(), second.truth()]


@scene
def queue_everybody_declines_until_the_guest_gives_up(stage: Stage) -> list[Truth]:
    guest = stage.guest(QUEUE)
    for leg in guest.rings("101", "102"):
        leg.refuse(DECLINED)
    guest.hang_up()
    return [guest.truth()]


# ---- Menus, mailboxes, mobiles.


@scene
def gives_up_in_the_menu(stage: Stage) -> list[Truth]:
    guest = stage.guest(MENU)
    guest.leg.up()
    guest.hang_up()
    return [guest.truth()]


@scene
def chooses_the_queue_in_the_menu(stage: Stage) -> list[Truth]:
    guest = stage.guest(MENU)
    guest.leg.up().presses("2")
    one, two = guest.rings("101", "102")
    one.answer()
    two.over()
    one.hang_up()
    guest.leg.over()
    return [guest.truth()]


@scene
def mailbox_takes_it_after_the_phone(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE_THEN_MAILBOX)
    guest.ring("101").over()
    guest.leg.up()
    time.sleep(0.5)  # the guest speaks
    guest.hang_up()
    return [guest.truth()]


@scene
def phone_answers_before_the_mobile(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE_AND_MOBILE)
    mobile = stage.provider.called().ringing()
    leg = guest.talks_to("101")
    mobile.over()
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def mobile_answers_after_the_phone_rang(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE_THEN_MOBILE)
    guest.ring("101").over()
    mobile = stage.provider.called().answer()
    guest.leg.up()
    guest.hang_up()
    mobile.over()
    return [_by_a_mobile(guest)]


@scene
def phone_forwards_to_another(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    guest.ring("101").redirect("102")
    leg = guest.talks_to("102")
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def phone_forwards_to_a_mobile(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    guest.ring("101").redirect("0671112233")
    mobile = stage.provider.called().answer()
    guest.leg.up()
    mobile.hang_up()
    guest.leg.over()
    return [_by_a_mobile(guest)]


def _by_a_mobile(guest: Guest) -> Truth:
    rang = frozenset(line for line, leg in guest.legs() if leg.rang)
    return Truth("in", guest.number, guest.did, "answered", rang, MOBILE)


# ---- What is done with a call that was answered.


@scene
def held_and_resumed(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.hold()
    leg.resume()
    leg.hang_up()
    guest.leg.over()
    return [guest.truth()]


@scene
def second_guest_is_taken_while_the_first_is_held(stage: Stage) -> list[Truth]:
    first = stage.guest(PHONE)
    one = first.talks_to("101")
    second = stage.guest(PHONE)
    second.ring("101")
    one.hold()
    two = second.talks_to("101")
    second.hang_up()
    two.over()
    one.resume()
    first.hang_up()
    one.over()
    return [first.truth(), second.truth()]


@scene
def moved_to_a_busy_phone(stage: Stage) -> list[Truth]:
    stage.phones["102"].refuses = BUSY
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.refer("102")
    guest.leg.over()
    return [_unsure_where(guest)]


@scene
def moved_to_a_phone_that_nobody_picks_up(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.refer("102")
    guest.ring("102")
    guest.hang_up()
    stage.calm()
    return [_unsure_where(guest)]


@scene
def moved_to_a_queue(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.refer_and_go("600")
    one, two = stage.phones["101"].called(nth=1), stage.phones["102"].called()
    two.answer()
    one.over()
    guest.hang_up()
    two.over()
    return [guest.truth()]


@scene
def moved_twice(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    guest.talks_to("101").refer("102")
    guest.talks_to("102").refer("103")
    last = guest.talks_to("103")
    guest.hang_up()
    last.over()
    return [guest.truth()]


@scene
def moved_outside(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.refer("0671112233")
    mobile = stage.provider.called().answer()
    mobile.hang_up()
    guest.leg.over()
    return [_unsure_where(guest)]


@scene
def asks_a_colleague_and_comes_back(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.hold()
    question = stage.phones["101"].dial("102")
    stage.phones["102"].called("101")
    question.ringing().give_up()
    leg.resume()
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def asks_a_colleague_who_takes_it(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    leg.hold()
    question = stage.phones["101"].dial("102")
    taker = stage.phones["102"].called("101").answer()
    question.up()
    assert leg.refer_to(question) == 202
    leg.wait(lambda: question.state == "over" or leg.state == "over")
    guest.hang_up()
    taker.over()
    return [guest.truth(("102", taker))]


@scene
def moved_by_a_panel(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    guest.talks_to("101")
    with stage.lab.panel() as panel:
        panel.action(
            "BlindTransfer", Channel=stage.channel("PJSIP/101-"), Exten="102", Context="from-internal"
        )
    other = guest.talks_to("102")
    guest.hang_up()
    other.over()
    return [guest.truth()]


@scene
def asked_and_moved_by_a_panel(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    with stage.lab.panel() as panel:
        panel.action("Atxfer", Channel=stage.channel("PJSIP/101-"), Exten="102", Context="from-internal")
        taker = stage.phones["102"].called().answer()
        leg.hang_up()
    guest.hang_up()
    taker.over()
    return [guest.truth(("102", taker))]


@scene
def sent_elsewhere_by_a_panel(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    with stage.lab.panel() as panel:
        where = {"Exten": "103", "Context": "from-internal", "Priority": 1}
        panel.action("Redirect", Channel=stage.channel("PJSIP/provider-"), **where)
    leg.over()
    other = guest.talks_to("103")
    guest.hang_up()
    other.over()
    return [guest.truth()]


@scene
def sent_elsewhere_by_a_panel_while_it_rings(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.ring("101")
    with stage.lab.panel() as panel:
        where = {"Exten": "103", "Context": "from-internal", "Priority": 1}
        panel.action("Redirect", Channel=stage.channel("PJSIP/provider-"), **where)
    leg.over()
    other = guest.talks_to("103")
    guest.hang_up()
    other.over()
    return [guest.truth()]


@scene
def picked_up_by_a_colleague(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    rings = guest.ring("101")
    taker = stage.phones["102"].dial("*8").up().hears()
    rings.over()
    guest.leg.up()
    guest.hang_up()
    taker.over()
    return [_picked_up(guest, taker)]


@scene
def picked_up_out_of_a_group(stage: Stage) -> list[Truth]:
    guest = stage.guest(GROUP)
    rings = guest.rings("101", "102", "103")
    taker = stage.phones["104"].dial("*8").up().hears()
    for leg in rings:
        leg.over()
    guest.leg.up()
    taker.hang_up()
    guest.leg.over()
    return [_picked_up(guest, taker)]


def _picked_up(guest: Guest, taker: Leg) -> Truth:
    rang = frozenset(line for line, leg in guest.legs() if leg.rang)
    return Truth("in", guest.number, guest.did, "answered", rang, taker.phone.name, taker.phone.name)


@scene
def parked_by_a_panel_and_fetched(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    with stage.lab.panel() as panel:
        panel.action("Park", Channel=stage.channel("PJSIP/provider-"))
    leg.over()
    fetched = stage.phones["102"].dial("701").up().hears()
    guest.hang_up()
    fetched.over()
    rang = guest.truth().rang
    return [Truth("in", guest.number, guest.did, "answered", rang, "101", "102")]


def _unsure_where(guest: Guest) -> Truth:
    """Handed to somebody who never had it: the journal may say that one or the other."""
    return Truth(**{**vars(guest.truth()), "line": ""})


# ---- Outgoing calls.


@scene
def calls_a_guest(stage: Stage) -> list[Truth]:
    number, leg = _calls(stage, "102")
    there = stage.provider.called().ringing()
    leg.ringing()
    there.answer()
    leg.up().hang_up()
    there.over()
    return [outgoing("102", number, "answered")]


@scene
def calls_a_guest_who_is_busy(stage: Stage) -> list[Truth]:
    stage.provider.refuses = BUSY
    number, leg = _calls(stage, "101")
    leg.over()
    return [outgoing("101", number, "busy")]


@scene
def calls_a_guest_who_declines(stage: Stage) -> list[Truth]:
    number, leg = _calls(stage, "101")
    stage.provider.called().refuse(DECLINED)
    leg.over()
    return [outgoing("101", number, "declined")]


@scene
def calls_a_guest_who_does_not_answer(stage: Stage) -> list[Truth]:
    number, leg = _calls(stage, "101")
    there = stage.provider.called().ringing()
    leg.ringing().give_up()
    there.over()
    return [outgoing("101", number, "missed")]


@scene
def calls_a_guest_and_hands_him_on(stage: Stage) -> list[Truth]:
    number, leg = _calls(stage, "101")
    there = stage.provider.called().answer()
    leg.up().refer("102")
    other = stage.phones["102"].called().answer()
    there.hang_up()
    other.over()
    return [outgoing("101", number, "answered", "102")]


def _calls(stage: Stage, line: str) -> tuple[str, Leg]:
    number = "0" + stage.stranger()[4:]
    return number, stage.phones[line].dial(number)


# ---- As FreePBX does it.


@scene
def freepbx_group_answers(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_GROUP, shows="Іван")
    one, two = guest.rings("101", "102")
    two.answer()
    one.over()
    guest.hang_up()
    two.over()
    return [guest.truth()]


@scene
def freepbx_group_nobody_answers(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_GROUP)
    one, two = guest.rings("101", "102")
    one.refuse(DECLINED)
    two.over()
    guest.leg.over()
    return [guest.truth()]


@scene
def freepbx_group_of_local_channels(stage: Stage) -> list[Truth]:
    stage.phones["101"].refuses = BUSY
    guest = stage.guest(FREEPBX_LOCALS)
    leg = guest.talks_to("102")
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def freepbx_group_of_local_channels_given_up(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_LOCALS)
    legs = guest.rings("101", "102")
    guest.leg.ringing().give_up()
    for leg in legs:
        leg.over()
    return [guest.truth()]


@scene
def freepbx_queue_given_up(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_QUEUE)
    legs = guest.rings("101", "102")
    guest.hang_up()
    for leg in legs:
        leg.over()
    return [guest.truth()]


@scene
def freepbx_queue_one_is_busy_another_answers(stage: Stage) -> list[Truth]:
    stage.phones["101"].refuses = BUSY
    guest = stage.guest(FREEPBX_QUEUE)
    leg = guest.talks_to("102")
    leg.hang_up()
    guest.leg.over()
    return [guest.truth()]


@scene
def freepbx_follow_me_phone_answers(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_FOLLOW)
    mobile = stage.provider.called().ringing()
    leg = guest.talks_to("101")
    mobile.over()
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def freepbx_follow_me_given_up(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_FOLLOW)
    mobile = stage.provider.called().ringing()
    leg = guest.ring("101")
    guest.leg.ringing().give_up()
    leg.over()
    mobile.over()
    return [guest.truth()]


@scene
def freepbx_queue_answers_and_moves_it(stage: Stage) -> list[Truth]:
    guest = stage.guest(FREEPBX_QUEUE)
    one, two = guest.rings("101", "102")
    one.answer()
    two.over()
    one.refer("103")
    other = stage.phones["103"].called().answer()
    guest.hang_up()
    other.over()
    return [guest.truth(("103", other)) if guest.shown not in other.number else guest.truth()]


# ---- Calls that we place ourselves.


@scene
def placed_by_us(stage: Stage) -> list[Truth]:
    number = _asks_for(stage, "101")
    here = stage.phones["101"].called().answer(alone=True)
    there = stage.provider.called().answer()
    here.hang_up()
    there.over()
    return [outgoing("101", number, "answered", rang="101")]


@scene
def placed_by_us_and_the_phone_declines(stage: Stage) -> list[Truth]:
    """So the guest was never called."""
    number = _asks_for(stage, "101")
    stage.phones["101"].called().refuse(DECLINED)
    return [Truth("out", number, "", "failed|declined", frozenset({"101"}))]


@scene
def placed_by_us_and_the_guest_is_busy(stage: Stage) -> list[Truth]:
    stage.provider.refuses = BUSY
    number = _asks_for(stage, "102")
    here = stage.phones["102"].called()
    here.pick_up()
    here.over()
    return [outgoing("102", number, "busy", rang="102")]


def _asks_for(stage: Stage, line: str) -> str:
    number = "0" + stage.stranger()[4:]
    told = stage.product.server.cli("dial", "--account", stage.joined.account, "--line", line, "--to", number)
    assert told.returncode == 0, told.stdout + told.stderr
    return number


@scene
def placed_by_another_program(stage: Stage) -> list[Truth]:
    """Nobody tells us; what stands as the caller is whom it calls."""
    number = "0" + stage.stranger()[4:]
    where = {"Exten": number, "Context": "from-internal", "Priority": 1, "CallerID": number, "Async": "true"}
    with stage.lab.panel() as panel:
        panel.action("Originate", Channel="PJSIP/101", Timeout=5000, **where)
    here = stage.phones["101"].called().answer(alone=True)
    there = stage.provider.called().answer(alone=True)
    there.hang_up()
    here.over()
    return [outgoing("101", number, "answered", rang="101")]


# ---- Trouble. What was not seen is not invented, what was seen is kept.


@scene
def our_connection_is_cut_while_it_rings(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    guest = stage.guest(LONG)
    leg, *others = guest.rings("101", "102", "103")
    stage.hears(guest)
    with stage.away():
        pass
    leg.answer()
    for other in others:
        other.over()
    guest.hang_up()
    leg.over()
    return [guest.truth()]


@scene
def our_connection_is_cut_and_the_guest_gives_up(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    guest = stage.guest(PHONE)
    leg = guest.ring("101")
    stage.hears(guest)
    with stage.away():
        guest.leg.give_up()
        leg.over()
        stage.calm()
    return [guest.truth().but("outcome")]


@scene
def our_connection_is_cut_and_it_is_answered(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    guest = stage.guest(LONG)
    legs = guest.rings("101", "102", "103")
    stage.hears(guest)
    with stage.away():
        legs[1].answer()
        legs[0].over()
        legs[2].over()
    guest.hang_up()
    legs[1].over()
    return [guest.truth()]


@scene
def our_connection_comes_when_it_already_rings(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    with stage.away():
        guest = stage.guest(LONG)
        legs = guest.rings("101", "102", "103")
    legs[2].answer()
    guest.hang_up()
    legs[2].over()
    return [guest.truth().but("rang")]


@scene
def pbx_dies_while_they_talk(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    guest = stage.guest(PHONE)
    guest.talks_to("101")
    stage.hears(guest, "answered")
    _power_cut(stage)
    return [guest.truth()]


@scene
def pbx_dies_while_it_rings(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    guest = stage.guest(PHONE)
    guest.ring("101")
    stage.hears(guest)
    _power_cut(stage)
    return [guest.truth().but("outcome")]


def _power_cut(stage: Stage) -> None:
    began = time.time()
    stage.lab.kill()
    stage.lab.restart()
    stage.joined.linked(began)


@scene
def pbx_is_restarted_while_they_talk(stage: Stage) -> list[Truth]:
    stage.product.begin_anew(stage.lab.version)
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    began = time.time()
    stage.lab.cli("core stop now")
    leg.over()
    guest.leg.over()
    stage.lab.process.wait(timeout=10)
    stage.lab.restart()
    stage.joined.linked(began)
    return [guest.truth()]


@scene
def our_box_begins_anew_while_they_talk(stage: Stage) -> list[Truth]:
    """What we knew of the call is only in the journal."""
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    stage.product.begin_anew(stage.lab.version)
    guest.hang_up()
    leg.over()
    return [guest.truth().but("rang")]


@scene
def our_box_begins_anew_while_a_moved_call_rings(stage: Stage) -> list[Truth]:
    guest = stage.guest(LONG)
    one, *others = guest.rings("101", "102", "103")
    one.answer()
    for other in others:
        other.over()
    one.refer("104")
    stage.phones["104"].called(guest.number)
    stage.hears(guest, "answered")
    stage.product.begin_anew(stage.lab.version)
    last = stage.phones["104"].called(guest.number)
    if last.state == "ringing":
        last.answer()
    guest.hang_up()
    last.over()
    return [guest.truth().but("rang")]


@scene
def our_box_begins_anew_while_we_talk_to_a_guest(stage: Stage) -> list[Truth]:
    number, leg = _calls(stage, "101")
    there = stage.provider.called().answer()
    leg.up()
    stage.product.begin_anew(stage.lab.version)
    there.hang_up()
    leg.over()
    return [outgoing("101", number, "answered")]


@scene
def our_box_was_away_when_they_hung_up(stage: Stage) -> list[Truth]:
    guest = stage.guest(PHONE)
    leg = guest.talks_to("101")
    stage.hears(guest, "answered")
    with stage.product.paused(stage.lab.version):
        guest.hang_up()
        leg.over()
        stage.calm()
    return [guest.truth().but("rang")]
