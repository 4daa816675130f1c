"""Whom the force knows by what a caller says: found by exact words that are indexed, then compared one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

from django.db.models import Q, QuerySet

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.kinds import desk
from lodestar.core.people.likeness import Known, Likeness, likeness, ranked
from lodestar.core.people.lookup import Asked, forms_of, name_word, read, sound_word
from lodestar.core.people.reading import near_birth_dates
from lodestar.core.times import age_on, local_date
from lodestar.store.models import Alert, Involvement, Link, LinkQuestion, Matter, Person, PersonKey, ReportWord
from lodestar.store.queries import identity
from lodestar.store.queries.access import in_reach, place_of

MOST_REPORTS = 120  # of one way of looking; who is further down is found by saying more
MOST_PEOPLE = 60  # compared one by one
SHOWN = 8
ALERTS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One person who may be meant, as a call handler needs them."""

    person: Person
    like: Likeness
    open: tuple[tuple[Matter, str], ...] = ()  # what is open within reach, with its desk, most pressing first
    elsewhere: bool = False  # more is open than may be seen here
    alerts: tuple[Alert, ...] = ()
    age: int | None = None

    @property
    def missing(self) -> Matter | None:
        """The open report of them as missing, where they are missing now."""
        return next((row for row, _ in self.open if _is_missing(row)), None)


def _is_missing(row: Matter) -> bool:
    return row.is_open and row.kind == "missing" and not row.located_at and not row.returned_at


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known, as the reader may be told."""

    asked: Asked
    lines: tuple[Line, ...] = ()
    told: tuple[int, ...] = ()  # people of whom the reader may only be told that they are known
    more: int = 0  # people who are less like what was asked, and not shown
    capped: bool = False  # there were more than are compared: say more


def answer(*, actor: Actor, text: str, at: datetime) -> Answer:
    """Everybody who may be meant, the likest first; names only of those within reach. A bounded number of queries."""
    asked = read(text=text, on=local_date(at))
    if not asked.is_enough:
        return Answer(asked)
    variants = identity.rules(at=at).variants
    ids, capped = _candidates(asked, variants)
    people = {row.pk: row for row in Person.objects.filter(pk__in=ids)}
    found = ranked(likeness(asked=asked, known=one, variants=variants) for one in _known(people))
    readable = [one for one in found if actor.may(P.PEOPLE_READ, place_of(people[one.person]))]
    seen = {one.person for one in readable}
    told = tuple(one.person for one in found if one.person not in seen and one.is_told)
    lines = tuple(replace(line, age=_age(line.person, at)) for line in _lines(readable[:SHOWN], people, actor))
    return Answer(asked, lines, told, more=max(0, len(readable) - SHOWN), capped=capped)


def _age(person: Person, at: datetime) -> int | None:
    born = person.birth_date
    return age_on(born, at) if born is not None and born <= local_date(at) else None


def _candidates(asked: Asked, variants: Sequence[frozenset[str]]) -> tuple[list[int], bool]:
    """The numbers of the people to compare, found the surest way first, and whether there were more."""
    reports: dict[int, None] = {}
    capped = False
    for rows in _ways(asked, variants):
        got = list(rows.values_list("report_id", flat=True)[: MOST_REPORTS + 1])
        capped |= len(got) > MOST_REPORTS
        reports.update(dict.fromkeys(got[:MOST_REPORTS]))
    people = dict.fromkeys(_held_by(asked))
    people.update(dict.fromkeys(_people_of(list(reports)).values()))
    numbers = list(people)
    return numbers[:MOST_PEOPLE], capped or len(numbers) > MOST_PEOPLE


def _held_by(asked: Asked) -> Iterator[int]:
    """Whoever holds an identifier, or whom a matter is about."""
    for scheme, value in asked.keys:
        yield from PersonKey.objects.filter(scheme=scheme, value=value, ended_at=None).values_list("person_id", flat=True)[:SHOWN]
    yield from Matter.objects.filter(pk__in=asked.matters).values_list("person_id", flat=True)


def _ways(asked: Asked, variants: Sequence[frozenset[str]]) -> Iterator[QuerySet[ReportWord]]:
    exact = [f"t:{one}" for one in asked.phones] + [f"b:{one.isoformat()}" for one in asked.born] + [f"p:{one}" for one in asked.postcodes]
    names = [_name(name, asked, variants) for name in asked.names]
    sounds = [Q(word=sound_word(name)) for name in asked.names if len(sound_word(name)) > len("s:x")]  # one letter sounds like all
    with_names = [f"y:{year}" for year in asked.years] + [f"o:{one}" for one in asked.districts]
    if exact and names:
        slips = [f"b:{near.isoformat()}" for born in asked.born for near in near_birth_dates(born)]
        yield from (_both(name, Q(word__in=exact + slips)) for name in names)
    for one, other in combinations(names, 2):
        yield _both(one, other)
    if with_names:
        yield from (_both(name, Q(word__in=with_names)) for name in names)
    for one, other in combinations(sounds, 2):
        yield _both(one, other)
    if exact:
        yield from (ReportWord.objects.filter(word=word) for word in exact)
    if len(names) == 1 and not exact:
        yield ReportWord.objects.filter(names[0])


def _name(name: str, asked: Asked, variants: Sequence[frozenset[str]]) -> Q:
    """A name in every form; the one that is still being typed, whatever begins so: a range, which any index serves."""
    forms = Q(word__in=[name_word(form) for form in forms_of(name, variants)])
    if name == asked.begun and name.isascii():
        forms |= Q(word__gte=name_word(name), word__lt=f"{name_word(name)}zzzz")
    return forms


def _both(one: Q, other: Q) -> QuerySet[ReportWord]:
    return ReportWord.objects.filter(one, report__in=ReportWord.objects.filter(other).values("report"))


def _people_of(reports: Iterable[int]) -> dict[int, int]:
    """Whose each report is now: its last link, where that joins."""
    found: dict[int, int] = {}
    for report, person, joined in (
        Link.objects.filter(report__in=list(reports)).order_by("number").values_list("report", "person", "joined")
    ):
        found.pop(report, None)
        if joined:
            found[report] = person
    return found


def _known(people: Mapping[int, Person]) -> Iterator[Known]:
    """What each person is found by, over every report that is theirs now."""
    linked = Link.objects.filter(person__in=people).values_list("report_id", flat=True)
    reports = {report: person for report, person in _people_of(linked).items() if person in people}
    words: dict[int, set[str]] = defaultdict(set)
    for report, word in ReportWord.objects.filter(report__in=reports).values_list("report_id", "word"):
        words[reports[report]].add(word)
    keys: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for pk, scheme, value in PersonKey.objects.filter(person__in=people, ended_at=None).values_list("person_id", "scheme", "value"):
        keys[pk].add((scheme, value))
    matters: dict[int, list[Matter]] = defaultdict(list)
    for matter in Matter.objects.filter(person__in=people).only("person_id", "kind", "is_open", "located_at", "returned_at"):
        matters[matter.person_id].append(matter)
    asked = set(LinkQuestion.objects.filter(provisional__in=people, state="waiting").values_list("provisional_id", flat=True))
    for pk, row in people.items():
        said = words[pk]
        yield Known(
            person=pk,
            names=_of("n:", said),
            born=row.birth_date or _only_born(said),
            postcodes=_of("p:", said) | ({row.postcode} if row.postcode else frozenset()),
            phones=_of("t:", said) | ({row.phone} if row.phone else frozenset()),
            keys=frozenset(keys[pk]),
            matters=frozenset(matter.pk for matter in matters[pk]),
            is_missing=any(map(_is_missing, matters[pk])),
            is_open=any(matter.is_open for matter in matters[pk]),
            is_asked=pk in asked,
        )


def _of(letter: str, words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.removeprefix(letter) for word in words if word.startswith(letter))


def _only_born(words: Iterable[str]) -> date | None:
    dates = _of("b:", words)
    return date.fromisoformat(next(iter(dates))) if len(dates) == 1 else None


def _lines(found: Sequence[Likeness], people: Mapping[int, Person], actor: Actor) -> tuple[Line, ...]:
    ids = [one.person for one in found]
    roles = Involvement.objects.filter(person__in=ids, until_at=None, matter__is_open=True).values_list("matter_id", "person_id")
    matters: dict[int, set[int]] = defaultdict(set)
    for matter, person in (*roles, *Matter.objects.filter(person__in=ids, is_open=True).values_list("pk", "person_id")):
        matters[person].add(matter)
    wanted = frozenset[int]().union(*matters.values()) if matters else frozenset[int]()
    reach = in_reach(actor=actor, permission=P.MATTERS_READ)
    seen = {row.pk: row for row in Matter.objects.filter(reach, pk__in=wanted).select_related("holder")}
    alerts = _alerts(ids)
    return tuple(
        Line(
            person=people[one.person],
            like=one,
            open=tuple((row, desk(kind=row.kind).title) for row in _pressing(seen[pk] for pk in matters[one.person] & seen.keys())),
            elsewhere=bool(matters[one.person] - seen.keys()),
            alerts=tuple(alerts[one.person][:ALERTS]),
        )
        for one in found
    )


def _pressing(rows: Iterable[Matter]) -> list[Matter]:
    return sorted(rows, key=lambda row: (row.kind != "missing", row.tier, row.pk))


def _alerts(people: Sequence[int]) -> Mapping[int, list[Alert]]:
    """What was said of life or a threat, newest first: whoever speaks to a caller needs it, whichever desk was told."""
    linked = Link.objects.filter(person__in=people).values_list("report_id", flat=True)
    reports = _people_of(linked)
    found: dict[int, list[Alert]] = defaultdict(list)
    for row in Alert.objects.filter(report__in=reports).order_by("-said_at", "-pk"):
        found[reports[row.report_id]].append(row)
    return found
