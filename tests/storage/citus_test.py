#!/usr/bin/env python3
"""Whether docs/operations/citus.md fits the tables and the statements: citus_test.py, under tools/with_postgres.py.

Citus itself is not run. The page says where each table lives; this compares it with a database that okno has made, and
with every SQL text under src/storage."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(__file__).resolve().parent.parent.parent
page = (root / "docs" / "operations" / "citus.md").read_text(encoding="utf8")
reference = re.findall(r"^\s*SELECT create_reference_table\('(\w+)'\);", page, re.M)
distributed = re.findall(r"^\s*SELECT create_distributed_table\('(\w+)', 'workspace_id'[^)]*\);", page, re.M)

# Statements that touch every shard, or are refused, with the reason. The page has a row for each: its first column is the
# beginning of the statement as it stands here.
everywhere = {
    "DELETE FROM sessions WHERE token_hash": "a token is found before its workspace is known",
    "DELETE FROM changes WHERE noted_at": "prune",
    "DELETE FROM message_changes WHERE happened_at": "prune",
    "DELETE FROM sessions WHERE expires_at": "prune",
    "DELETE FROM kept_replies WHERE kept_at": "prune",
    "DELETE FROM push_subscriptions WHERE NOT EXISTS": "prune",
    "DELETE FROM operations WHERE done_at": "prune",
    "UPDATE media SET due_at=$1 WHERE state=0": "of files only",
    "UPDATE channels SET state_since = created_at": "once, when the tables change",
    "DELETE FROM media WHERE message_id IS NULL": "uploads that were never sent",
    "DELETE FROM search_documents; DELETE FROM search_workspaces": "an index that is made anew",
    "DELETE FROM search_workspaces": "likewise",
    "DELETE FROM search_documents WHERE place": "of files only",
}
refused = {
    "UPDATE outbox o SET is_sending=1, epoch=w.epoch": "the lease's end, by the database's clock; a function in FROM",
    "UPDATE partitions SET lease_until": "leases",
    "UPDATE partitions SET owner=$1, epoch=epoch+1": "leases",
    "DELETE FROM nodes WHERE seen_until<": "leases",
    "DELETE FROM intake i USING unnest": "a function in FROM",
    "UPDATE conversations c SET version": "a function in FROM",
    "UPDATE messages m SET": "a function in FROM",
    "UPDATE deliveries d SET": "a function in FROM",
    "UPDATE contacts k SET": "a function in FROM",
    "DELETE FROM outbox o USING unnest": "a function in FROM",
    "DELETE FROM search_documents d USING unnest": "a function in FROM",
}

# Tables of intake.db, spool.db and search.db.
of_files = {"webhooks", "generation", "documents", "terms"}


def statements():
    """SQL texts of the sources as (file, text); what C++ puts in between stands as {its name}."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<tag>\w*)\((?P<raw>.*?)\)(?P=tag)"|"(?P<plain>(?:\\.|[^"\\\n])*)"'
                       r"|(?P<word>\w[\w.:>()-]*)|(?P<space>\s+)|(?P<sign>.)", re.S)
    for path in sorted((root / "src" / "storage").rglob("*.cpp")):
        source = path.read_text(encoding="utf8")
        named = dict(re.findall(r'(?:static const std::string|const std::string|static const char\* const)\s+(\w+)\s*=\s*'
                                r'((?:"(?:\\.|[^"\\\n])*"\s*)+);', source))
        text, gap = "", ""
        for found in [*token.finditer(source), None]:
            literal = None if found is None else found["plain"] if found["raw"] is None else found["raw"]
            if literal is not None:
                if text and gap.strip() and not re.fullmatch(r"\s*\+[^,;{}?]*\+\s*", gap):
                    yield path, text
                    text = ""
                elif gap.strip():
                    name = gap.strip(" +\n")
                    text += "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', named[name])) if name in named else "{" + name + "}"
                text, gap = text + literal, ""
            elif found is None:
                yield path, text
            elif text and not found[0].startswith(("//", "/*")):
                gap += found[0]


def changing():
    """Every UPDATE and DELETE as (file, table, text from there on)."""
    for path, text in statements():
        # DO UPDATE SET names no table: the row is found by the key, which begins with the workspace.
        for found in re.finditer(r"\b(?:DELETE FROM|(?<!DO )(?<!FOR )UPDATE) ([a-z_]+)\b", text):
            yield path, found[1], text[found.start():]


def is_listed(statement, listed):
    return any(statement.startswith(one) for one in listed)


def where_of(statement):
    return statement.partition(" WHERE ")[2]


class Database:
    def __enter__(self):
        server = os.environ["OKNO_TEST_POSTGRES"]
        self.name = f"citus_{os.getpid()}"
        self.server, self.url = f"{server}/postgres", f"{server}/{self.name}"
        self.ask(f"CREATE DATABASE {self.name}", self.server)
        with tempfile.TemporaryDirectory() as folder:  # made and migrated by okno itself
            subprocess.run([os.environ["OKNO"], "admin", "doctor", "--data-dir", folder], capture_output=True,
                           env=dict(os.environ, OKNO_DATABASE=self.url))
        return self

    def __exit__(self, *_):
        self.ask(f"DROP DATABASE {self.name} WITH (FORCE)", self.server)

    def ask(self, statement, url=None):
        done = subprocess.run(["psql", "-qAtX", "-F", "|", url or self.url, "-c", statement], check=True,
                              capture_output=True, text=True)
        return [line.split("|") for line in done.stdout.splitlines()]

    def tables(self):
        return [row[0] for row in self.ask("SELECT tablename FROM pg_tables WHERE schemaname='public' ORDER BY 1")]


def test_every_table_stands_once_on_the_page(database):
    listed = reference + distributed
    assert sorted(listed) == database.tables(), sorted(set(listed) ^ set(database.tables())) or "one stands twice"


def test_every_key_of_a_distributed_table_has_its_workspace(database):
    keys = database.ask("SELECT c.relname, i.indexrelid::regclass, string_agg(a.attname, ',') FROM pg_index i"
                        " JOIN pg_class c ON c.oid=i.indrelid JOIN pg_namespace n ON n.oid=c.relnamespace"
                        " JOIN pg_attribute a ON a.attrelid=c.oid AND a.attnum=ANY(i.indkey)"
                        " WHERE n.nspname='public' AND i.indisunique GROUP BY 1, 2")
    without = [index for table, index, columns in keys if table in distributed and "workspace_id" not in columns.split(",")]
    assert not without, without
    have_key = {table for table, _, _ in keys}
    assert have_key >= {*distributed, *reference}, {*distributed, *reference} - have_key


def test_every_distributed_table_is_distributed_by_a_column_of_one_type(database):
    columns = database.ask("SELECT table_name, data_type, is_nullable FROM information_schema.columns"
                           " WHERE table_schema='public' AND column_name='workspace_id'")
    by = {table: (kind, nullable) for table, kind, nullable in columns}
    wrong = [table for table in distributed if by.get(table) != ("uuid", "NO")]
    assert not wrong, wrong


def test_foreign_keys_stay_on_their_shard(database):
    keys = database.ask("SELECT conrelid::regclass, confrelid::regclass, conname,"
                        " (SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid=conrelid AND attnum=ANY(conkey))"
                        " FROM pg_constraint WHERE contype='f'")
    crossing = [name for table, to, name, columns in keys if to not in reference
                and (table in reference or "workspace_id" not in columns.split(","))]
    assert not crossing, crossing


def test_identity_columns_are_the_ones_of_the_page(database):
    found = database.ask("SELECT table_name || '.' || column_name FROM information_schema.columns"
                         " WHERE table_schema='public' AND is_identity='YES'")
    missing = [name for (name,) in found if f"`{name}`" not in page]
    assert not missing, missing


def test_statements_of_a_distributed_table_name_the_workspace(_):
    seen = list(changing())
    assert len(seen) > 40, f"only {len(seen)} statements found"
    wrong = [f"{path.name}: {text}" for path, table, text in seen
             if table in distributed and "workspace_id" not in where_of(text) and not is_listed(text, everywhere)]
    assert not wrong, "\n".join(wrong)


def test_rows_of_a_distributed_table_are_made_with_their_workspace(_):
    made = [(path, found[1], found[2]) for path, text in statements()
            for found in re.finditer(r"INSERT INTO (\w+) ?\(([^)]*)\)", text)]
    wrong = [f"{path.name}: {table}" for path, table, columns in made
             if table in distributed and "workspace_id" not in columns]
    assert len(made) > 20 and not wrong, wrong or f"only {len(made)} found"


def test_rows_are_locked_only_where_citus_can(_):
    locking = [(path, text) for path, text in statements() if "FOR UPDATE" in text]
    wrong = [f"{path.name}: {text}" for path, text in locking
             if re.search(r"FROM (\w+)", text)[1] in distributed and "workspace_id" not in where_of(text)]
    assert locking and not wrong, "\n".join(wrong)


def test_every_changed_table_is_on_the_page_or_of_files(_):
    unknown = {f"{path.name}: {table}" for path, table, _ in changing()
               if table not in [*reference, *distributed, *of_files]}
    assert not unknown, unknown


def test_what_citus_refuses_is_known(_):
    wrong = [f"{path.name}: {text}" for path, table, text in changing()
             if re.search(r"clock_timestamp|random\(|\{\w+\}|unnest", text) and not is_listed(text, refused)]
    assert not wrong, "\n".join(wrong)


def test_exceptions_are_real_and_on_the_page(_):
    seen = [text for _, _, text in changing()]
    for one in [*everywhere, *refused]:
        assert any(text.startswith(one) for text in seen), f"no statement begins with: {one}"
        assert f"`{one}" in page, f"not on the page: {one}"


def main():
    tests = {name[5:].replace("_", " "): test for name, test in globals().items() if name.startswith("test_")}
    failed = 0
    with Database() as database:
        for name, test in tests.items():
            try:
                test(database)
                print(f"ok      {name}")
            except AssertionError as reason:
                failed += 1
                print(f"FAILED  {name}\n{reason}")
    print(f"{len(tests) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
