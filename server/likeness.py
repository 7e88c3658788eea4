"""What PostgreSQL is given so that it understands what SQLite has of its own: made once, before the first migration.

Where both have a function and mean different things, ours means what SQLite does.
"""

from __future__ import annotations

NAME = "m0000_likeness_1"  # another number when a word is added: then all of them are said again

_PURE = "IMMUTABLE PARALLEL SAFE"


def _whole(kind: str, how: str) -> str:
    return f"CREATE OR REPLACE FUNCTION whole({kind}) RETURNS bigint LANGUAGE sql {_PURE} STRICT AS $$ SELECT {how} $$"


def _two(name: str, better: str) -> str:
    """The better of two; of nothing and something it is nothing."""
    return f"""CREATE OR REPLACE FUNCTION {name}(anycompatible, anycompatible) RETURNS anycompatible LANGUAGE sql
        {_PURE} AS $$ SELECT CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE {better}($1, $2) END $$"""


WORDS = (
    # CAST(x AS INTEGER): what is behind the point is cut off, a text is read as far as it is a number.
    _whole("bigint", "$1"),
    _whole("integer", "$1::bigint"),
    _whole("boolean", "CASE WHEN $1 THEN 1 ELSE 0 END"),
    _whole("double precision", "trunc($1)::bigint"),
    _whole("numeric", "trunc($1)::bigint"),
    _whole("text", "coalesce(substring($1 from '^\\s*([+-]?\\d{1,18})'), '0')::bigint"),
    """CREATE OR REPLACE FUNCTION json_each(list text, OUT key text, OUT value text) RETURNS SETOF record
        LANGUAGE plpgsql IMMUTABLE STRICT ROWS 20 AS $$
        BEGIN
            IF json_typeof(list::json) = 'array' THEN
                RETURN QUERY SELECT (ordinality - 1)::text, one FROM json_array_elements_text(list::json)
                    WITH ORDINALITY AS of (one, ordinality);
            ELSE
                RETURN QUERY SELECT of.key, of.value FROM json_each_text(list::json) AS of;
            END IF;
        END $$""",
    # Paths are `$."name"`, `$.name` or `$[2]`: both spell them the same.
    f"""CREATE OR REPLACE FUNCTION json_extract(body text, path text) RETURNS text LANGUAGE sql {_PURE} STRICT
        AS $$ SELECT CASE WHEN body = '' THEN NULL
            ELSE jsonb_path_query_first(body::jsonb, path::jsonpath) #>> '{{}}' END $$""",
    f"CREATE OR REPLACE FUNCTION instr(text, text) RETURNS bigint LANGUAGE sql {_PURE} STRICT AS"
    " $$ SELECT strpos($1, $2)::bigint $$",
    _two("min", "least"),
    _two("max", "greatest"),
    "CREATE OR REPLACE FUNCTION added(double precision, double precision) RETURNS double precision LANGUAGE sql"
    f" {_PURE} AS $$ SELECT $1 + coalesce($2, 0) $$",
    "CREATE OR REPLACE AGGREGATE total(double precision) (SFUNC = added, STYPE = double precision, INITCOND = '0')",
    f"CREATE OR REPLACE FUNCTION counted(bigint, boolean) RETURNS bigint LANGUAGE sql {_PURE} AS"
    " $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + CASE WHEN $2 THEN 1 ELSE 0 END END $$",
    "CREATE OR REPLACE AGGREGATE sum(boolean) (SFUNC = counted, STYPE = bigint)",
    f"CREATE OR REPLACE FUNCTION either(boolean, boolean) RETURNS boolean LANGUAGE sql {_PURE} STRICT AS"
    " $$ SELECT $1 OR $2 $$",
    "CREATE OR REPLACE AGGREGATE max(boolean) (SFUNC = either, STYPE = boolean)",
)
