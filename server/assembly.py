"""How the parts know each other: built from the ground up, with the few words that go the other way."""

from __future__ import annotations

from server.accounts import Accounts
from server.alerts.watching import Alerts
from server.asking import Asking
from server.backfill import Backfill
from server.booking import Booking
from server.calling import Calling
from server.companies import Companies
from server.config import Settings
from server.connecting import Connecting
from server.connection import Tools
from server.connections import Connections
from server.diary import Diary
from server.directory import Chores
from server.downloads import Downloads
from server.flags.copies import FlagCopies
from server.guests import Guests
from server.health import Health
from server.hub import Hub
from server.incoming import Incoming
from server.intake import Intake
from server.leaving import Leaving
from server.limits import Limits
from server.lines import Lines
from server.menu import Menu
from server.mirror import Mirror
from server.noticing import Noticing
from server.online import Online
from server.orders import Loads
from server.parts import Parts
from server.poster.client import Poster
from server.poster.oauth import OAuth
from server.probing import Probes
from server.providers import PROVIDERS
from server.recordings import Recordings
from server.retention import Retention
from server.sightings import Sightings
from server.telling import Telling
from server.tickets import Tickets
from server.trunks import Trunks
from server.vault import Vault


def assemble(settings: Settings) -> Parts:
    vault, hub = Vault(settings.secret_key, settings.secret_key_old), Hub()

    def changed(account: int) -> None:
        telling.account_changed(account)
        chores.hurry(account)

    accounts = Accounts(vault, changed)
    poster = Poster(settings.poster_url, accounts.token, accounts.refused, accounts.worked)
    guests = Guests(settings, poster)
    sightings = Sightings(hub, settings.default_country)
    telling = Telling(settings, hub, guests.look, sightings)
    chores = Chores(settings, poster, hub, telling.guest_changed)
    mirror = Mirror(poster, changed)
    connecting = Connecting(settings, vault, OAuth(settings), poster, mirror, changed)
    trunks, intake = Trunks(vault, settings.public_url, PROVIDERS), Intake(settings, telling)
    diary, health, asking = Diary(), Health(), Asking(settings.companies_url)
    backfill = Backfill(trunks, intake, health, diary, asking)
    connections = Connections(Tools(trunks, intake, health, diary, asking, backfill, settings.companies_url))
    incoming, menu, limits = Incoming(poster), Menu(poster), Limits(settings.limits)
    return Parts(
        settings=settings, vault=vault, hub=hub, tickets=Tickets(), limits=limits,
        downloads=Downloads(settings.public_url),
        guests=guests,
        directory=chores,
        mirror=mirror,
        connecting=connecting,
        noticing=Noticing(settings, guests, menu, mirror, connecting, limits),
        telling=telling,
        sightings=sightings,
        intake=intake,
        lines=Lines(poster.write_staff, changed, settings.default_country),
        trunks=trunks, diary=diary, health=health, backfill=backfill, connections=connections,
        calling=Calling(trunks, asking, connections, settings.default_country),
        companies=Companies(trunks, asking),
        recordings=Recordings(trunks, asking),
        menu=menu,
        loads=Loads(telling.load_changed),
        online=Online(poster, incoming),
        booking=Booking(poster, incoming),
        flag_copies=FlagCopies(poster.write_client),
        retention=Retention(telling.account_changed),
        leaving=Leaving(),
        probes=Probes(settings, poster),
        alerts=Alerts(settings, vault),
    )  # fmt: skip
