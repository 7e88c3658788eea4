"""Everything that `create_app` builds, as the doors and the command line receive it."""

from __future__ import annotations

from dataclasses import dataclass

from server.alerts.watching import Alerts
from server.backfill import Backfill
from server.booking import Booking
from server.calling import Calling
from server.companies import Companies
from server.config import Settings
from server.connecting import Connecting
from server.connections import Connections
from server.crew import Crew
from server.diary import Diary
from server.directory import Chores
from server.downloads import Downloads
from server.flags.copies import FlagCopies
from server.guests import Guests
from server.health import Health
from server.hub import Hub
from server.intake import Intake
from server.leaving import Leaving
from server.limits import Limits
from server.lines import Lines
from server.menu import Menu
from server.mirror import Mirror
from server.noticing import Noticing
from server.online import Online
from server.orders import Loads
from server.probing import Probes
from server.recordings import Recordings
from server.retention import Retention
from server.sightings import Sightings
from server.soundness import Soundness
from server.telling import Telling
from server.tickets import Tickets
from server.trunks import Trunks
from server.vault import Vault


@dataclass(frozen=True)
class Parts:
    settings: Settings
    vault: Vault
    hub: Hub
    crew: Crew
    tickets: Tickets
    limits: Limits
    downloads: Downloads
    guests: Guests
    directory: Chores
    mirror: Mirror
    connecting: Connecting
    noticing: Noticing
    telling: Telling
    sightings: Sightings
    intake: Intake
    lines: Lines
    trunks: Trunks
    diary: Diary
    health: Health
    backfill: Backfill
    connections: Connections
    calling: Calling
    companies: Companies
    recordings: Recordings
    menu: Menu
    loads: Loads
    online: Online
    booking: Booking
    flag_copies: FlagCopies
    retention: Retention
    leaving: Leaving
    probes: Probes
    alerts: Alerts
    soundness: Soundness
