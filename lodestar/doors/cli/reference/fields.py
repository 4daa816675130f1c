"""The page of fields: what each stored field could give away, and how long its row is kept."""

from __future__ import annotations

from lodestar.core.access.fields import MEANING, TABLES, FieldClass
from lodestar.doors.cli.reference.markdown import code, page, table
from lodestar.store.queries.describe import Described, tables

CLASSES = {
    FieldClass.PUBLIC: "a code, a count or a time of the machinery: says nothing about a person (not: may be published)",
    FieldClass.PERSONAL: "about somebody: who they are, what they did, or whose record it is",
    FieldClass.SENSITIVE: "about a child's life, health, risk or harm, or what somebody said of it",
    FieldClass.SECRET: "lets somebody in, or would help them to",
}


def fields() -> str:
    """Every table with its fields by class."""
    intro = (
        "What is stored. Who may see a field is decided by permission and reach, whatever its class. A field that is not "
        "classed stops the tests. The classes are Lodestar's; the force's data protection officer should go through them."
    )
    classes = table(("Class", "Means"), [(kind.value, CLASSES[kind]) for kind in FieldClass])
    kept = table(("Kept", "What removes it"), [(kind.value, text) for kind, text in MEANING.items()])
    parts = (_stored(stored) for stored in tables())
    return page("Fields", intro, f"## Classes\n\n{classes}", f"## How long\n\n{kept}", *parts)


def _stored(stored: Described) -> str:
    classed = TABLES[stored.label]
    of = classed.of()
    ours = stored.label.startswith("store.")
    says = stored.sentence.replace("``", "`") if ours else f"Kept by {stored.label.split('.', maxsplit=1)[0]}, a library."
    once = " Written once: the database refuses to change or delete a row." if stored.append_only else ""
    rows = [(kind.value, ", ".join(code(name) for name in stored.fields if of.get(name) is kind)) for kind in FieldClass]
    return f"## {stored.label}\n\n{says}{once} Kept {classed.kept.value}.\n\n{table(('Class', 'Fields'), [row for row in rows if row[1]])}"
