"""Trust and speed."""

from server.migrations.m0001_first import ACCOUNT, COUNT, ID, TEXT

UP = (
    # Keys that outlive a change of SECRET_KEY, sealed with the one that is in force.
    f"CREATE TABLE kept_key (name {TEXT} PRIMARY KEY, sealed {TEXT})",
    # Which calls a delivery changed.
    f"ALTER TABLE raw ADD COLUMN calls {TEXT}",
    # What Poster was told in vain, see `server.owed`: a rest that outlives a restart.
    f"""CREATE TABLE owed ({ID}, {ACCOUNT}, kind {TEXT}, thing {COUNT}, since REAL NOT NULL, tries {COUNT},
        next_at REAL NOT NULL, UNIQUE (account_id, kind, thing))""",
    # Workers that serve this database together, and what each of them alone does: see `server.leases`.
    f"CREATE TABLE worker (id {TEXT} PRIMARY KEY, beat {COUNT})",
    f"CREATE TABLE lease (name {TEXT} PRIMARY KEY, worker {TEXT}, fence {COUNT})",
    "CREATE INDEX hook_at ON hook (at)",
    # `WHERE waiting` alone is a number to PostgreSQL, and no condition.
    "DROP INDEX call_fact_waiting",
    "CREATE INDEX call_fact_waiting ON call_fact (account_id, started) WHERE waiting <> 0",
)
