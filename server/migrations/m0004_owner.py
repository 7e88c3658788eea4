"""The owner's side: figures of calls, who saw what, who may do what, alerts, people's data."""

from server.migrations.m0001_first import ACCOUNT, COUNT, ID, TEXT

CALL = "call_id TEXT NOT NULL"
# What is added up, see `server.figures`: numbers of calls or guests, whole seconds, kopecks.
SUMS = (
    "calls", "answered", "timed", "vain", "unclear", "quick", "wait_answered", "wait_vain", "talk",
    "guests", "met", "met_after", "settled", "lost", "waiting", "fresh", "known", "hidden",
    "converted", "orders", "bills", "revenue", "placed", "reached",
)  # fmt: skip
MEASURES = ", ".join(f"{name} {COUNT}" for name in SUMS)

SOUGHT = "started, call_id, direction, outcome, employee, spot, line, number"

# Marks of what is to be counted again, see `server.figures`: a call, a number (all its calls), or both. Nothing in
# them is unique: in a trigger OR IGNORE would be overruled by the statement that pulls it (a call is saved by an
# upsert). Each asks for the account, which may be the one that is just going with all that is its.
STALE = """INSERT INTO stale_call (account_id, call_id, number)
    SELECT id, {row}.{call}, {number} FROM account WHERE id = {row}.account_id"""
RECOUNT = """DELETE FROM recount WHERE account_id = {row}.account_id;
    INSERT INTO recount (account_id) SELECT id FROM account WHERE id = {row}.account_id"""
NEW_CALL, OLD_CALL = (STALE.format(row=row, call="id", number=f"{row}.number") for row in ("NEW", "OLD"))
NEW_ORDER, OLD_ORDER = (STALE.format(row=row, call="call_id", number="''") for row in ("NEW", "OLD"))
NEW_NUMBER, OLD_NUMBER = (
    f"""INSERT INTO stale_call (account_id, number)
    SELECT id, {row}.number FROM account WHERE id = {row}.account_id"""  # noqa: S608 - our own words
    for row in ("NEW", "OLD")
)
RECOUNT_NEW, RECOUNT_OLD = RECOUNT.format(row="NEW"), RECOUNT.format(row="OLD")
MOVED = "OLD.number <> NEW.number OR OLD.account_id <> NEW.account_id"
PRICED = "OLD.sum IS NOT NEW.sum OR OLD.call_id IS NOT NEW.call_id"
# Whose calls would be another's now: a line that nobody had when its calls were counted, or somebody's own telephone.
OWNED = """line_owner WHEN length({row}.line) >= 7 OR EXISTS (SELECT 1 FROM call_fact
    WHERE account_id = {row}.account_id AND line = {row}.line AND NOT owned AND line <> '')"""


def _trigger(name: str, when: str, table: str, work: str) -> str:
    return f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {work}; END"


UP = (
    # Whoever may do what in Manage, and who did it.
    f"""CREATE TABLE member ({ID}, {ACCOUNT}, name {TEXT}, role {TEXT}, code {TEXT}, at REAL NOT NULL, last_at REAL,
        gone_at REAL)""",
    "CREATE INDEX member_account ON member (account_id)",
    # Logins that were ended while their tokens would still live; codes that were tried, by whose they should have been.
    f"CREATE TABLE login_over (login TEXT NOT NULL PRIMARY KEY, {ACCOUNT}, at REAL NOT NULL)",
    f"CREATE TABLE code_try ({ID}, {ACCOUNT}, member {COUNT}, at REAL NOT NULL)",
    "CREATE INDEX code_try_member ON code_try (account_id, member, at)",
    f"""CREATE TABLE audit ({ID}, {ACCOUNT}, at REAL NOT NULL, who {TEXT}, role {TEXT}, what {TEXT}, thing {TEXT},
        before {TEXT}, after {TEXT})""",
    "CREATE INDEX audit_at ON audit (account_id, at)",
    # Working hours (minutes of the day, `closes` beyond 1440 is the next morning) and who covers.
    f"""CREATE TABLE spot_hours ({ID}, {ACCOUNT}, spot {COUNT}, weekday {COUNT}, opens {COUNT}, closes {COUNT},
        UNIQUE (account_id, spot, weekday))""",
    f"CREATE TABLE cover ({ID}, {ACCOUNT}, spot {COUNT}, register {COUNT}, UNIQUE (account_id, spot, register))",
    # Calls that the cover registers have, because nobody else would have seen them.
    f"CREATE TABLE covered ({CALL} PRIMARY KEY REFERENCES call(id) ON DELETE CASCADE, {ACCOUNT}) WITHOUT ROWID",
    # Figures: one row for each call, and their sums by day. A row outlives its call until its day is added up again.
    f"""CREATE TABLE call_fact ({CALL} PRIMARY KEY, {ACCOUNT},
        started {COUNT}, day {COUNT}, hour {COUNT}, spot {COUNT}, line {TEXT}, employee {COUNT}, did {TEXT},
        direction {TEXT}, outcome {TEXT}, open {COUNT}, counted {COUNT}, owned {COUNT}, number {TEXT},
        {MEASURES}) WITHOUT ROWID""",
    # The journal is searched in these alone, see `server.callbook.seeking`: each holds all that is asked for.
    f"CREATE INDEX call_fact_started ON call_fact (account_id, {SOUGHT})",
    f"CREATE INDEX call_fact_employee ON call_fact (account_id, employee, {SOUGHT}) WHERE employee <> 0",
    f"CREATE INDEX call_fact_line ON call_fact (account_id, line, {SOUGHT}) WHERE line <> ''",
    f"CREATE INDEX call_fact_outcome ON call_fact (account_id, outcome, {SOUGHT}) WHERE outcome <> 'answered'",
    "CREATE INDEX call_fact_number ON call_fact (account_id, number, started, call_id) WHERE number <> ''",
    "CREATE INDEX call_fact_tail ON call_fact (account_id, substr(number, -4), started, call_id) WHERE number <> ''",
    "CREATE INDEX call_name ON call (account_id, name, number) WHERE name <> ''",
    # Somebody who was erased from the calls is gone here at once.
    _trigger(
        "number_changed",
        "UPDATE OF number",
        "call WHEN NEW.number <> OLD.number",
        "UPDATE call_fact SET number = NEW.number WHERE call_id = NEW.id",
    ),
    "CREATE INDEX call_fact_day ON call_fact (account_id, day)",
    "CREATE INDEX call_fact_waiting ON call_fact (account_id, started) WHERE waiting",
    f"""CREATE TABLE figure ({ACCOUNT}, by {TEXT}, day {COUNT}, hour {COUNT}, spot {COUNT}, open {COUNT}, key {TEXT},
        {MEASURES}, PRIMARY KEY (account_id, by, day, hour, spot, open, key)) WITHOUT ROWID""",
    "CREATE INDEX call_fact_unowned ON call_fact (account_id, line) WHERE NOT owned AND line <> ''",
    f"""CREATE TABLE stale_call (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL,
        call_id {TEXT}, number {TEXT})""",
    "CREATE INDEX stale_call_account ON stale_call (account_id, id)",
    # Everything is to be counted again, from the newest call to the oldest; how far that has come.
    f"""CREATE TABLE recount (account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
        started REAL NOT NULL DEFAULT 9e15, call_id {TEXT})""",
    _trigger("call_made", "INSERT", "call", NEW_CALL),
    _trigger("call_changed", "UPDATE", "call", NEW_CALL),
    _trigger("call_moved", "UPDATE", f"call WHEN {MOVED}", OLD_CALL),
    _trigger("call_gone", "DELETE", "call", OLD_CALL),
    _trigger("ordered_made", "INSERT", "call_order", NEW_ORDER),
    _trigger("ordered_changed", "UPDATE", f"call_order WHEN {PRICED}", f"{OLD_ORDER}; {NEW_ORDER}"),
    _trigger("ordered_gone", "DELETE", "call_order", OLD_ORDER),
    _trigger("settled_made", "INSERT", "callback WHEN NEW.closed_how = 'done'", NEW_NUMBER),
    _trigger(
        "settled_changed", "UPDATE", "callback WHEN 'done' IN (OLD.closed_how, NEW.closed_how)", NEW_NUMBER
    ),
    _trigger("settled_gone", "DELETE", "callback WHEN OLD.closed_how = 'done'", OLD_NUMBER),
    _trigger("never_pops", "INSERT", "never_pop", NEW_NUMBER),
    _trigger("may_pop", "UPDATE", "never_pop WHEN OLD.kind <> NEW.kind", NEW_NUMBER),
    _trigger("pops_again", "DELETE", "never_pop", OLD_NUMBER),
    _trigger("line_given", "INSERT", OWNED.format(row="NEW"), RECOUNT_NEW),
    _trigger("line_passed", "UPDATE", OWNED.format(row="NEW"), RECOUNT_NEW),
    _trigger("line_taken", "DELETE", "line_owner WHEN length(OLD.line) >= 7", RECOUNT_OLD),
    _trigger("did_made", "INSERT", "did", RECOUNT_NEW),
    _trigger("did_changed", "UPDATE", "did", RECOUNT_NEW),
    _trigger("did_gone", "DELETE", "did", RECOUNT_OLD),
    _trigger("hours_made", "INSERT", "spot_hours", RECOUNT_NEW),
    _trigger("hours_changed", "UPDATE", "spot_hours", RECOUNT_NEW),
    _trigger("hours_gone", "DELETE", "spot_hours", RECOUNT_OLD),
    _trigger("day_made", "INSERT", "preference WHEN NEW.name = 'day_starts'", RECOUNT_NEW),
    _trigger("day_changed", "UPDATE", "preference WHEN NEW.name = 'day_starts'", RECOUNT_NEW),
    _trigger("day_gone", "DELETE", "preference WHEN OLD.name = 'day_starts'", RECOUNT_OLD),
    _trigger(
        "zone_changed",
        "UPDATE OF timezone",
        "account WHEN OLD.timezone <> NEW.timezone",
        "DELETE FROM recount WHERE account_id = NEW.id; INSERT INTO recount (account_id) VALUES (NEW.id)",
    ),
    "INSERT INTO recount (account_id) SELECT id FROM account",
    # Who was there: minutes of each hour (Unix hours), by register and employee.
    f"""CREATE TABLE presence ({ACCOUNT}, hour {COUNT}, spot {COUNT}, register {COUNT}, employee {COUNT},
        minutes {COUNT}, PRIMARY KEY (account_id, hour, spot, register, employee)) WITHOUT ROWID""",
    "ALTER TABLE register ADD COLUMN seen_at REAL",
    f"ALTER TABLE register ADD COLUMN seen_employee {COUNT}",
    f"ALTER TABLE register ADD COLUMN version {TEXT}",
    # Which registers had a call's card, and why the others had not; `took` is milliseconds there and back.
    f"""CREATE TABLE sighting ({ID}, {ACCOUNT}, {CALL} REFERENCES call(id) ON DELETE CASCADE, register {COUNT},
        employee {COUNT}, verdict {TEXT}, at REAL NOT NULL, took INTEGER, UNIQUE (call_id, register))""",
    "CREATE INDEX sighting_register ON sighting (account_id, register, id)",
    f"ALTER TABLE hook ADD COLUMN account {TEXT}",
    "CREATE INDEX hook_account ON hook (account, at)",
    # Alerts: what is wrong since when, whom it is told, what waits to be sent.
    f"""CREATE TABLE alert ({ID}, account_id INTEGER REFERENCES account(id) ON DELETE CASCADE, kind {TEXT},
        thing {TEXT}, facts TEXT NOT NULL DEFAULT '{{}}', since REAL NOT NULL, told_at REAL, over_at REAL,
        over_told REAL)""",
    "CREATE UNIQUE INDEX alert_open ON alert (coalesce(account_id, 0), kind, thing) WHERE over_at IS NULL",
    "CREATE INDEX alert_account ON alert (account_id, since)",
    "CREATE INDEX alert_untold ON alert (account_id) WHERE over_at IS NOT NULL AND over_told IS NULL",
    f"""CREATE TABLE alert_target ({ID}, account_id INTEGER REFERENCES account(id) ON DELETE CASCADE, kind {TEXT},
        title {TEXT}, address {TEXT}, alerts {COUNT}, digest {COUNT}, at REAL NOT NULL, worked_at REAL, problem {TEXT},
        problem_at REAL)""",
    f"""CREATE TABLE alert_post ({ID}, account_id INTEGER REFERENCES account(id) ON DELETE CASCADE,
        target_id INTEGER NOT NULL REFERENCES alert_target(id) ON DELETE CASCADE, kind {TEXT}, title {TEXT},
        text {TEXT}, at REAL NOT NULL, tries {COUNT}, next_at REAL NOT NULL, done_at REAL,
        how {TEXT})""",
    "CREATE INDEX alert_post_waiting ON alert_post (next_at) WHERE done_at IS NULL",
    "CREATE INDEX alert_post_target ON alert_post (target_id, at)",
    "CREATE INDEX alert_target_account ON alert_target (account_id)",
    # People's data.
    f"CREATE TABLE swept ({ID}, {ACCOUNT}, kind {TEXT}, at REAL NOT NULL, count {COUNT}, UNIQUE (account_id, kind))",
    f"CREATE TABLE receipt ({ID}, {ACCOUNT}, at REAL NOT NULL, digest {TEXT}, who {TEXT}, body {TEXT})",
    "CREATE INDEX receipt_account ON receipt (account_id, at)",
    f"CREATE TABLE forgotten ({ID}, {ACCOUNT}, digest {TEXT}, at REAL NOT NULL, UNIQUE (account_id, digest))",
    "ALTER TABLE account ADD COLUMN erase_at REAL",
    "CREATE INDEX raw_at ON raw (at)",
    "CREATE INDEX reveal_at ON reveal (account_id, at)",
    "CREATE INDEX call_order_client ON call_order (account_id, client_id) WHERE client_id <> 0",
)
