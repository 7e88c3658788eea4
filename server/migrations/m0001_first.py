"""The first schema."""

ID = "id INTEGER NOT NULL PRIMARY KEY"
ACCOUNT = "account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE"
TEXT = "TEXT NOT NULL DEFAULT ''"
COUNT = "INTEGER NOT NULL DEFAULT 0"

UP = (
    f"""CREATE TABLE account ({ID}, name {TEXT} UNIQUE, number {TEXT} UNIQUE, title {TEXT}, owner {TEXT},
        country {TEXT}, currency {TEXT}, lang {TEXT}, timezone {TEXT}, state {TEXT}, problem {TEXT},
        token {TEXT}, next_token {TEXT}, connected_at REAL, mirrored_at REAL)""",
    f"""CREATE TABLE spot ({ID}, {ACCOUNT}, poster_id {COUNT}, name {TEXT}, gone {COUNT},
        UNIQUE (account_id, poster_id))""",
    f"""CREATE TABLE register ({ID}, {ACCOUNT}, poster_id {COUNT}, name {TEXT}, spot {COUNT}, gone {COUNT},
        UNIQUE (account_id, poster_id))""",
    f"""CREATE TABLE employee ({ID}, {ACCOUNT}, poster_id {COUNT}, name {TEXT}, role {TEXT}, gone {COUNT},
        extras_line {TEXT}, UNIQUE (account_id, poster_id))""",
    f"""CREATE TABLE line_owner ({ID}, {ACCOUNT}, line {TEXT}, kind {TEXT}, owner {COUNT},
        UNIQUE (account_id, line, kind, owner))""",
    f"CREATE TABLE did ({ID}, {ACCOUNT}, number {TEXT}, spot {COUNT}, UNIQUE (account_id, number))",
    f"""CREATE TABLE stray ({ID}, {ACCOUNT}, kind {TEXT}, value {TEXT}, count {COUNT}, last_at REAL NOT NULL,
        UNIQUE (account_id, kind, value))""",
    f"""CREATE TABLE trunk ({ID}, {ACCOUNT}, provider {TEXT}, token {TEXT} UNIQUE, settings {TEXT}, secrets {TEXT},
        created_at REAL NOT NULL, first_at REAL, last_at REAL, last_from {TEXT}, last_did {TEXT}, problem {TEXT})""",
    "CREATE INDEX trunk_account ON trunk (account_id)",
    f"""CREATE TABLE call (id TEXT NOT NULL PRIMARY KEY, {ACCOUNT},
        trunk_id INTEGER REFERENCES trunk(id) ON DELETE SET NULL, key {TEXT}, direction {TEXT}, caller TEXT,
        number {TEXT}, did {TEXT}, name {TEXT}, state {TEXT}, outcome {TEXT}, line {TEXT}, answered_by {TEXT},
        legs {TEXT}, started REAL NOT NULL, answered REAL, ended REAL, touched REAL NOT NULL, test {COUNT},
        version {COUNT})""",
    "CREATE UNIQUE INDEX call_key ON call (trunk_id, key) WHERE trunk_id IS NOT NULL",
    "CREATE INDEX call_started ON call (account_id, started)",
    "CREATE INDEX call_live ON call (state, touched) WHERE state <> 'ended'",
    f"""CREATE TABLE guest_card ({ID}, {ACCOUNT}, number {TEXT}, card {TEXT}, at REAL NOT NULL, stale {COUNT},
        UNIQUE (account_id, number))""",
    f"CREATE TABLE nonce ({ID}, {ACCOUNT}, value {TEXT}, expires REAL NOT NULL, UNIQUE (account_id, value))",
    "CREATE INDEX nonce_expires ON nonce (expires)",
    "CREATE TABLE pending (id TEXT NOT NULL PRIMARY KEY, expires REAL NOT NULL)",
    f"""CREATE TABLE parked ({ID}, browser {TEXT}, name {TEXT}, number {TEXT}, title {TEXT}, owner {TEXT},
        country {TEXT}, token {TEXT}, created_at REAL NOT NULL, used_at REAL)""",
    f"""CREATE TABLE code (hash TEXT NOT NULL PRIMARY KEY, kind {TEXT},
        account_id INTEGER REFERENCES account(id) ON DELETE CASCADE,
        parked_id INTEGER REFERENCES parked(id) ON DELETE CASCADE, at REAL NOT NULL)""",
    "CREATE TABLE hook (digest TEXT NOT NULL PRIMARY KEY, at REAL NOT NULL)",
    f"CREATE TABLE tally (name TEXT NOT NULL PRIMARY KEY, count {COUNT}, last_at REAL NOT NULL)",
    f"CREATE TABLE command ({ID}, kind {TEXT}, body {TEXT}, at REAL NOT NULL, answer TEXT)",
    "CREATE INDEX command_waiting ON command (id) WHERE answer IS NULL",
)
