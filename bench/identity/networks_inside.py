"""What the benchmark of networks does with Django set up, in a process of its own: fill, ask, and ask networkx the same.

Run as ``python -m bench.identity.networks_inside WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import networkx as nx
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.identity.networks import WARM, drawn, often
from bench.inside import _session  # sets Django up
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.networks.facts import PERSON, THING, Node
from lodestar.core.networks.picture import lines_of, picture
from lodestar.store.guard import writing
from lodestar.store.models import Authority, District, RoleGrant, User
from lodestar.store.queries import lookup, networks
from lodestar.store.queries.access import actor_for

PRESENCE: str = import_module("lodestar.store.migrations.0030_presence").KEPT  # as an upgrade fills it: its triggers are passed by here
APART = 1_000_000_000  # engagements beside people and things in one graph
# People are met unequally: a few are in very many engagements, as in life. Objects are shared by a handful on average.
FILL = (
    """INSERT INTO store_person (id, given_name, family_name, birth_date, sex, ethnicity, address, postcode, phone, looked_after, authority,
        district, name_key, created_at, version, ready, ready_of)
       SELECT n, 'given' || (n * 7919 % 3000), 'family' || (n * 104729 % 20000), DATE '2006-01-01' + (n * 31 % 6900)::int, '', '', '',
        'CB' || (n % 20) || ' ' || (n % 9) || 'A' || chr(65 + (n % 8)::int), '07700' || lpad((n % 1000000)::text, 6, '0'), NULL, 'shire',
        'north', 'family' || (n * 104729 % 20000) || '|given' || (n * 7919 % 3000), now(), 1, '', ''
       FROM generate_series(1, PEOPLE::bigint) n""",
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
    PRESENCE,
    """INSERT INTO store_reportword (word, report_id)
       SELECT w, l.report_id FROM store_link l JOIN store_person p ON p.id = l.person_id,
        LATERAL (VALUES ('n:' || p.given_name), ('n:' || p.family_name), ('b:' || p.birth_date), ('y:' || to_char(p.birth_date, 'YYYY')),
         ('p:' || p.postcode), ('t:' || p.phone)) AS v(w) ORDER BY w, l.report_id""",
    # As a database that has been at work for a day: looked over, counted, and nothing of the filling still to be written out.
    "VACUUM (ANALYZE)",
    "CHECKPOINT",
)
LINKS = """
    SELECT l.person_id, s.engagement_id FROM store_engagementperson s JOIN store_link l ON l.report_id = s.report_id
    UNION ALL SELECT -thing_id, engagement_id FROM store_sighting"""


def fill(*, people: int) -> dict[str, Any]:
    """So many people, three engagements for every five, an object for every twenty; and one sergeant of the hub who reads."""
    begun = time.perf_counter()
    call_command("migrate", verbosity=0)
    sizes = {"people": people, "events": people * 3 // 5, "things": people // 20}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what is measured is reading; the rows hold together by how they are made
        for words in FILL:
            cursor.execute(reduce(lambda text, name: text.replace(name.upper(), str(sizes[name])), sizes, words))
        cursor.execute("SET session_replication_role = DEFAULT")
    with writing():
        District.objects.create(code="north", name="North", authority=Authority.objects.create(code="shire", name="Shire Council"))
        user = User.objects.create(username="hazel", name="Sgt Hazel", rank="Sgt", email="hazel@force.example")
        RoleGrant.objects.create(user=user, role="hub_sergeant", places=[], from_at=timezone.now() - timedelta(days=1))
        cookie = _session(user)
    return {**sizes, "cookie": cookie, "seconds": round(time.perf_counter() - begun)}


def ours(*, people: int, asked: int) -> dict[str, dict[str, Any]]:
    """Two steps as the reader may see them; with the audit row and the picture; of those met most; of an object; and look-ups."""
    at, actor = timezone.now(), _reader()
    rules = networks.rules(at=at)

    def two_steps(node: Node) -> networks.Network:
        return networks.network(centre=[node], at=at, rules=rules, actor=actor, further=False)

    def further_back(node: Node) -> networks.Network:
        return networks.network(centre=[node], at=at, rules=rules, actor=actor)

    def all_but_the_page(node: Node) -> object:
        found = two_steps(node)
        ids = sorted(one.id for one in found.names if one.kind == PERSON)
        note_list(actor=actor, permission=Permission.NETWORKS_READ, verb="network.seen", kind="person", ids=ids, now=at)
        return networks.facts(found, rules=rules, at=at), picture(centre=[node], lines=lines_of(world=found.world, rules=rules))

    anybody = [Node(PERSON, number) for number in drawn(people, asked)]
    met_most = [Node(PERSON, number) for number in often(people, asked)]
    return {
        "two steps, anybody": timed(two_steps, anybody),
        "the same with its picture, its list and its audit row": timed(all_but_the_page, anybody),
        "two steps, of the thousandth met most": timed(two_steps, met_most),
        "two steps, of the thousandth met most, read further back": timed(further_back, met_most),
        "two steps, an object": timed(two_steps, [Node(THING, 1 + one.id % (people // 20)) for one in anybody]),
    }


def looked_up(*, people: int, asked: int) -> dict[str, dict[str, Any]]:
    """Who is on the phone, by what is said of them."""
    at, actor = timezone.now(), _reader()

    def ask(text: str) -> Callable[[int], object]:
        def one(person: int) -> object:
            words = {"g": person * 7919 % 3000, "f": person * 104729 % 20000, "p": person % 1_000_000, "f4": person * 104729 % 20000 // 10}
            return lookup.answer(actor=actor, text=text.format(**words), at=at)

        return one

    said = {
        "two names": "given{g} family{f}",
        "a name and an age": "given{g} 15",
        "a phone number": "07700{p:06}",
        "a name being typed": "family{f4}",
    }
    return {title: timed(ask(text), drawn(people, asked)) for title, text in said.items()}


def beside(*, people: int, asked: int) -> dict[str, Any]:
    """The same two steps in networkx with the whole graph read into memory first: alone, and with what it must then read to be of use."""
    begun, before = time.perf_counter(), _memory()
    graph = nx.Graph()
    with connection.cursor() as cursor:
        cursor.execute(LINKS)
        graph.add_edges_from((node, event + APART) for node, event in cursor.fetchall())
    read, after = time.perf_counter() - begun, _memory()
    at, actor = timezone.now(), _reader()
    rules, whom = networks.rules(at=at), drawn(people, asked)

    def alone(person: int) -> Any:
        return nx.ego_graph(graph, person, radius=4) if person in graph else nx.Graph()

    def of_use(person: int) -> object:
        events = [f"E-{node - APART}" for node in alone(person) if node >= APART]
        return networks.of_events(events=events[: 2 * networks.FIRST.events], at=at, rules=rules, actor=actor)

    return {
        "alone": timed(alone, whom),
        "of_use": timed(of_use, whom),
        "read_seconds": read,
        "megabytes": (after - before) / 1024,
        "nodes": graph.number_of_nodes(),
    }


def timed(work: Callable[[Any], object], asked: Sequence[Any]) -> dict[str, Any]:
    """Milliseconds of each, after some that warm up; and what processors spent on one, ours and PostgreSQL's, in the middle."""
    for one in asked[:WARM]:
        work(one)
    found, spent = [], []
    for one in asked[WARM:]:
        begun, before = time.perf_counter(), _spent()
        work(one)
        found.append((time.perf_counter() - begun) * 1000)
        spent.append((_spent() - before) * 1000)
    return {"ms": found, "spent": statistics.median(spent)}


def _spent() -> float:
    """Processor seconds of this process and of the one that PostgreSQL answers it with."""
    server = connection.connection.info.backend_pid if connection.connection is not None else 0
    told = Path(f"/proc/{server}/schedstat")
    return time.process_time() + (int(told.read_text().split()[0]) / 1e9 if server and told.exists() else 0.0)


def _reader() -> Actor:
    return actor_for(user=User.objects.get(username="hazel"), at=timezone.now(), door="bench")


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes


PARTS: dict[str, Callable[..., Any]] = {"fill": fill, "ours": ours, "looked_up": looked_up, "beside": beside}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](**json.loads(sys.argv[2]))))
