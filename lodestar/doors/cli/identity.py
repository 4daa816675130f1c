"""``lodestar identity``: who is the same person; each command read only when it is called."""

from __future__ import annotations

import click

from lodestar.doors.cli.main import Lazy, Part

FILES = "feeds.linking.commands"
COMMANDS = {
    "train": Part("On files, with no database", "Train a model with Splink, and fit it to answers.", f"{FILES}:train", False),
    "link": Part("On files, with no database", "Find who in files is the same, each pair with its evidence.", f"{FILES}:link", False),
    "evaluate": Part("On files, with no database", "Judge a model where the truth is known.", f"{FILES}:evaluate", False),
    "resolve": Part("On files, with no database", "Whom on file each row may be about.", f"{FILES}:resolve", False),
    "agreement": Part("On the record", "How far those who answer who somebody is agree.", "cli.identity_agreement:agreement"),
    "models": Part("On the record", "Every model that was put forward, and which weighs now.", "feeds.linking.governing:models"),
    "propose": Part("On the record", "Put a model through the gate, and before those who approve.", "feeds.linking.governing:propose"),
    "rollback": Part("On the record", "Go back, at once, to the model that weighed before.", "feeds.linking.governing:rollback"),
    "index": Part("On the record", "Make everybody findable, and count how common names are.", "feeds.linking.keeping:index"),
    "relink": Part("On the record", "Weigh everybody again and say what differs; nothing is done.", "feeds.linking.keeping:relink"),
    "labels": Part("On the record", "Take out every answered pair, to train on.", "feeds.linking.labels:labels"),
}


@click.group(cls=Lazy, parts=COMMANDS)
def identity() -> None:
    """Who is the same person: train, judge and run a model of linkage, and what people answered.

    A file is CSV or XLSX with a heading row. Columns read: given_name, family_name (needed); birth_date (2011-05-06 or
    06/05/2011), birth_year, sex, postcode, former_postcodes (with ;), phone, nhs_number, upn, pnc_id, force_person_id,
    la_child_id with responsible_authority. Whatever is blank counts neither for nor against.

    Nothing is joined for ever and no score decides: a pair is joined by itself, shown to a person, or kept apart, each with
    its reasons, and a veto (another given name, possible twins, identifiers that differ) sends it to a person whatever it
    weighs.
    """
