"""Every phone: health of trunks, calls told late, other ids of calls, placed calls, raw deliveries."""

from server.migrations.m0001_first import ACCOUNT, COUNT, ID, TEXT

TRUNK = "trunk_id INTEGER NOT NULL REFERENCES trunk(id) ON DELETE CASCADE"
CALL = "call_id TEXT NOT NULL REFERENCES call(id) ON DELETE CASCADE"

UP = (
    f"ALTER TABLE trunk ADD COLUMN paused {COUNT}",
    f"ALTER TABLE trunk ADD COLUMN state {TEXT}",
    "ALTER TABLE trunk ADD COLUMN state_at REAL",
    f"ALTER TABLE trunk ADD COLUMN reconnects {COUNT}",
    f"ALTER TABLE trunk ADD COLUMN trouble {TEXT}",
    f"ALTER TABLE trunk ADD COLUMN trouble_detail {TEXT}",
    "ALTER TABLE trunk ADD COLUMN trouble_at REAL",
    "ALTER TABLE trunk ADD COLUMN delay REAL",
    "ALTER TABLE trunk ADD COLUMN filled_at REAL",
    "ALTER TABLE trunk DROP COLUMN problem",
    "ALTER TABLE call ADD COLUMN rang TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE call ADD COLUMN gave_up TEXT NOT NULL DEFAULT '{}'",
    f"ALTER TABLE call ADD COLUMN via {TEXT}",
    f"ALTER TABLE call ADD COLUMN recording {TEXT}",
    f"ALTER TABLE call ADD COLUMN late {COUNT}",
    f"ALTER TABLE call ADD COLUMN soft {COUNT}",
    "ALTER TABLE call ADD COLUMN dial_id INTEGER",
    f"CREATE TABLE alias ({ID}, {ACCOUNT}, {TRUNK}, value {TEXT}, {CALL}, UNIQUE (trunk_id, value))",
    "CREATE INDEX alias_call ON alias (call_id)",
    f"""CREATE TABLE dial ({ID}, {ACCOUNT}, {TRUNK}, line {TEXT}, number {TEXT}, key {TEXT}, at REAL NOT NULL,
        call_id {TEXT}, problem {TEXT})""",
    "CREATE INDEX dial_open ON dial (trunk_id, at) WHERE call_id = ''",
    f"""CREATE TABLE raw ({ID}, {ACCOUNT}, {TRUNK}, at REAL NOT NULL, way {TEXT}, word {TEXT}, verdict {TEXT},
        text {TEXT})""",
    "CREATE INDEX raw_trunk ON raw (trunk_id, id)",
)
