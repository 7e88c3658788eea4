"""How the parts know each other: built from the ground up, with the few words that go the other way."""

from __future__ import annotations

from math import inf

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
from server.crew import Crew
from server.diary import Diary
from server.directory import Chores
from server.downloads import Downloads
from server.everywhere import Everywhere
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
from server.soundness import Soundness
from server.telling import Telling
from server.tickets import Tickets
from server.trunks import Trunks
from server.vault import Vault

REMEMBERS = 10.0  # seconds that one of several workers believes what it wrote of a trunk


def assemble(settings: Settings) -> Parts:
    vault, hub = Vault(settings.secret_key, settings.secret_key_old), Hub()
    crew = Crew(settings, hub)
    bus = crew.bus

    def changed(account: int) -> None:
        telling.account_changed(account)
        chores.hurry(account)
        bus.tell_all("hurry", {"account": account})

    accounts = Accounts(vault, changed)
    poster = Poster(settings.poster_url, accounts.token, accounts.refused, accounts.worked)
    guests = Guests(settings, poster)
    sightings = Sightings(hub, settings.default_country)
    telling = _telling(settings, hub, guests, sightings, crew)
    chores = Chores(settings, poster, hub, telling.guest_changed)
    bus.on("hurry", lambda _, body: chores.hurry(body["account"]))
    mirror = Mirror(poster, changed)
    connecting = Connecting(settings, vault, OAuth(settings), poster, mirror, changed, bus.slips)
    trunks, intake = Trunks(vault, settings.public_url, PROVIDERS), Intake(settings, telling)
    diary, health, asking = Diary(), Health(REMEMBERS if bus.shared else inf), Asking(settings.companies_url)
    backfill = Backfill(trunks, intake, health, diary, asking, bus)
    tools = Tools(trunks, intake, health, diary, asking, backfill, settings.companies_url)
    connections = Connections(tools, bus, crew.leases)
    incoming, menu, limits = Incoming(poster), Menu(poster), Limits(settings.limits)
    return Parts(
        settings=settings, vault=vault, hub=hub, crew=crew, tickets=Tickets(bus.slips), limits=limits,
        downloads=Downloads(settings.public_url, bus.slips),
        guests=guests, directory=chores, mirror=mirror, connecting=connecting,
        noticing=Noticing(settings, guests, menu, mirror, connecting, limits),
        telling=telling, sightings=sightings, intake=intake,
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
        probes=Probes(settings, poster, bus),
        alerts=Alerts(settings, vault), soundness=Soundness(),
    )  # fmt: skip


def _telling(settings: Settings, hub: Hub, guests: Guests, sightings: Sightings, crew: Crew) -> Telling:
    if not crew.bus.shared:
        return Telling(settings, hub, guests.look, sightings)
    telling = Everywhere(settings, hub, guests.look, sightings, crew.bus)
    if crew.elsewhere:
        crew.elsewhere.died = telling.refresh_busy
    return telling
