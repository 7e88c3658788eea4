#!/bin/sh
# All tests, in three rows beside each other that take about as long: what waits more than it works (live Asterisks,
# browsers); whole folders, the end of the alphabet, PostgreSQL; the rest. A row tells in the end; one that fails fails the run.
cd "$(dirname "$0")/.." || exit 2
mkdir -p build

# The ring's whole way and the owner's figures on a PostgreSQL of the tests' own; all the others
# run on it too: pytest --database=postgres (docs/postgres.md).
on_postgres="tests/postgres"
for name in together routing polling sockets webhooks callbacks directory figures; do
    on_postgres="$on_postgres tests/test_$name.py"
done
apart="--ignore=tests/pbx --ignore=tests/browser --ignore=tests/postgres"

row() { # its log, then what each pytest of it is asked
    log=build/$1.log code=0
    shift
    for asked; do
        # shellcheck disable=SC2086
        .venv/bin/pytest $asked || code=1
    done > "$log" 2>&1
    return $code
}

row waiting tests/pbx tests/browser &
waiting=$!
row folders "tests --ignore-glob=tests/test_[a-r]*.py $apart" "--database=postgres $on_postgres" &
folders=$!
.venv/bin/pytest tests/test_[a-r]*.py
failed=$?
wait $waiting || failed=1
wait $folders || failed=1
cat build/waiting.log build/folders.log
exit $failed
