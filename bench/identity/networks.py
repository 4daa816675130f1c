"""``python scripts/postgres.py -- python -m bench.identity.networks [--people N]``: two steps around anybody, and who is on the phone.

Fills a PostgreSQL with invented people, engagements and objects, asks for two-step networks and for look-ups as a page does, and
beside them for the same two steps in networkx over the same links held in memory, where networkx is installed. Prints a table.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import reduce
from importlib import import_module
from statistics import median, quantiles

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from lodestar.core.access.scope import system_actor  # noqa: E402
from lodestar.core.networks.facts import PERSON, THING, Node  # noqa: E402
from lodestar.core.networks.picture import lines_of, picture  # noqa: E402
from lodestar.store.queries import lookup, networks  # noqa: E402

SEED = 7
# People are met unequally: a few are in very many engagements, as in life. Objects are shared by a handful on average.
FILL = (
    """INSERT INTO store_person (id, given_name, family_name, birth_date, sex, ethnicity, address, postcode, phone, looked_after, authority,
        district, name_key, created_at, version)
       SELECT n, 'given' || (n * 7919 % 3000), 'family' || (n * 104729 % 20000), DATE '2006-01-01' + (n * 31 % 6900)::int, '', '', '',
        'CB' || (n % 20) || ' ' || (n % 9) || 'A' || chr(65 + (n % 8)::int), '07700' || lpad((n % 1000000)::text, 6, '0'), NULL, 'shire',
        'north', 'family' || (n * 104729 % 20000) || '|given' || (n * 7919 % 3000), now(), 1 FROM generate_series(1, PEOPLE::bigint) n""",
    """INSERT INTO store_thing (id, kind, value, key, created_at)
       SELECT n, CASE WHEN n % 3 = 0 THEN 'place' ELSE 'phone' END, 'Thing ' || n, 'thing ' || n, now()
       FROM generate_series(1, THINGS::bigint) n""",
    """INSERT INTO store_engagement (id, kind, source, mapping_version, external_id, happened_at, precision, received_at, district,
        grading, reason, circumstances, raw, raw_digest, door)
       SELECT n, (ARRAY['crime', 'hospital', 'social_care', 'custody_record'])[(1 + n % 4)::int], 'source ' || n % 6, '1', 'E' || n,
        now() - (n % 700) * INTERVAL '1 day', 'minute', now(), 'north', '', '', '', '', '', 'bench'
       FROM generate_series(1, EVENTS::bigint) n""",
    """INSERT INTO store_report (id, kind, source, external_id, door, raw, raw_digest, reporter_name, reporter_relationship,
        reporter_contact, subject, district, reported_at, recorded_at, circumstances, cautions, precision)
       SELECT n, 'crime', 'bench', 'R' || n, 'bench', '', '', '', '', '', '{}', 'north', now(), now(), '', '[]', 'minute'
       FROM generate_series(1, EVENTS::bigint * 2) n""",
    """INSERT INTO store_link (report_id, person_id, number, joined, how, rule, rule_version, evidence, reason, at)
       SELECT n, CASE WHEN n <= PEOPLE THEN n ELSE 1 + floor(PEOPLE * power(random(), 3))::int END, 1, true, 'rule',
        'LINK-NATIONAL-ID', '', '{}', '', now() FROM generate_series(1, EVENTS::bigint * 2) n""",
    """INSERT INTO store_engagementperson (engagement_id, report_id, number, role, said, nature, grading)
       SELECT 1 + (n * 7919) % EVENTS, n, n, CASE WHEN n % 2 = 0 THEN 'subject' ELSE 'with' END, '', 'fact', ''
       FROM generate_series(1, EVENTS::bigint * 2) n""",
    """INSERT INTO store_sighting (engagement_id, thing_id, said, nature, grading, at)
       SELECT 1 + (n * 104729) % EVENTS, 1 + floor(THINGS * power(random(), 2))::int, '', 'fact', '',
        now() - (n % 700) * INTERVAL '1 day'
       FROM generate_series(1, EVENTS::bigint / 2) n""",
    """INSERT INTO store_reportword (word, report_id)
       SELECT w, l.report_id FROM store_link l JOIN store_person p ON p.id = l.person_id,
        LATERAL (VALUES ('n:' || p.given_name), ('n:' || p.family_name), ('b:' || p.birth_date), ('y:' || to_char(p.birth_date, 'YYYY')),
         ('p:' || p.postcode), ('t:' || p.phone)) AS v(w)""",
    "ANALYZE",
)


def fill(*, people: int) -> dict[str, int]:
    """So many people, an engagement for every two, an object for every twenty; copied straight into the tables."""
    sizes = {"people": people, "events": people * 3 // 5, "things": people // 20}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what is measured is reading; the rows hold together by how they are made
        for words in FILL:
            begun = time.perf_counter()
            cursor.execute(reduce(lambda text, name: text.replace(name.upper(), str(sizes[name])), sizes, words))
            print(f"  {time.perf_counter() - begun:5.1f} s  {words.split('(')[0].strip()[:60]}", file=sys.stderr, flush=True)
        cursor.execute("SET session_replication_role = DEFAULT")
    return sizes


def timed(work: Callable[[int], object], asked: Sequence[int]) -> list[float]:
    """Milliseconds of each, after some that warm up."""
    for one in asked[:20]:
        work(one)
    found = []
    for one in asked[20:]:
        begun = time.perf_counter()
        work(one)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def said(times: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    cuts = quantiles(times, n=100)
    return f"{median(times):.2f} | {cuts[94]:.2f} | {cuts[98]:.2f}"


def in_memory() -> object | None:
    """The same links as a networkx graph, person and thing to engagement; None where networkx is not installed."""
    if importlib.util.find_spec("networkx") is None:
        return None
    graph = import_module("networkx").Graph()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.person_id, s.engagement_id FROM store_engagementperson s JOIN store_link l ON l.report_id = s.report_id "
            "UNION ALL SELECT -thing_id, engagement_id + 100000000 FROM store_sighting"
        )
        for node, event in cursor.fetchall():
            graph.add_edge(node, event if event >= 100_000_000 else event + 100_000_000)
    return graph


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=320)
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    sizes = fill(people=given.people)
    at, actor, dice = timezone.now(), system_actor("bench"), random.Random(SEED)
    rules = networks.rules(at=at)
    whom = [dice.randint(1, given.people) for _ in range(given.asked)]
    often = [dice.randint(1, max(2, given.people // 1000)) for _ in range(given.asked)]

    def two_steps(person: int) -> object:
        return networks.network(centre=[Node(PERSON, person)], at=at, rules=rules, actor=actor)

    def drawn(person: int) -> object:
        found = networks.network(centre=[Node(PERSON, person)], at=at, rules=rules, actor=actor)
        return picture(centre=[Node(PERSON, person)], lines=lines_of(world=found.world, rules=rules))

    def of_thing(thing: int) -> object:
        return networks.network(centre=[Node(THING, thing)], at=at, rules=rules, actor=actor)

    rows = [
        ("Two steps, anybody", timed(two_steps, whom)),
        ("Two steps, anybody, with its picture", timed(drawn, whom)),
        ("Two steps, of the thousandth met most", timed(two_steps, often)),
        ("Two steps, an object", timed(of_thing, [dice.randint(1, sizes["things"]) for _ in range(given.asked)])),
    ]
    for title, text in (
        ("Look up: two names", "given{g} family{f}"),
        ("Look up: a name and an age", "given{g} 15"),
        ("Look up: a phone number", "07700{p:06}"),
        ("Look up: a name being typed", "family{f4}"),
    ):

        def ask(person: int, text: str = text) -> object:
            words = {"g": person * 7919 % 3000, "f": person * 104729 % 20000, "p": person % 1_000_000, "f4": person * 104729 % 20000 // 10}
            return lookup.answer(actor=actor, text=text.format(**words), at=at)

        rows.append((title, timed(ask, whom)))
    graph = in_memory()
    if graph is not None:
        ego = import_module("networkx").ego_graph
        rows.append(
            ("networkx: the same two steps, in memory", timed(lambda person: person in graph and ego(graph, person, radius=4), whom))
        )  # type: ignore[operator]
    print(f"\n{sizes['people']:,} people, {sizes['events']:,} engagements, {sizes['things']:,} objects; load {os.getloadavg()[0]:.1f}\n")
    print("| What | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|")
    for title, times in rows:
        print(f"| {title} | {said(times)} |")


if __name__ == "__main__":
    main()
