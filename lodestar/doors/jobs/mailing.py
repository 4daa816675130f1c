"""What goes out by mail: a sentence without a child's name and, of a commitment that opened again, its chart."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from lodestar.actions.notices import REOPENED
from lodestar.core.inspection.slipped import slip_paper
from lodestar.core.packs.forms import Writers
from lodestar.store.queries.inspection_figures import slip_told
from lodestar.store.queries.notices import address_of

LOG = structlog.get_logger("lodestar.jobs")


class NoAddress(ValueError):
    """The person has no address, so nothing was sent: a failure like any other, in sight of whoever manages access."""


def deliver(notice: Any) -> None:
    """Send one notice by mail. It holds no child's name: the reader signs in to see more."""
    address = address_of(notice)
    if not address:
        raise NoAddress
    letter = EmailMessage("Lodestar", f"{notice.text}\n\nSign in to read more.\n", None, [address])
    chart = _chart(notice) if notice.kind == REOPENED else None
    if chart is not None:
        letter.attach("chart.pdf", chart, "application/pdf")
    letter.send()


def _chart(notice: Any) -> bytes | None:
    """The chart as it stood when the commitment opened again, as PDF; where it cannot be drawn the words go all the same."""
    try:
        told = slip_told(commitment_id=notice.subject_id, at=notice.created_at)
        if told is None:
            return None
        writers: Writers = import_string(settings.PACK_WRITERS)
        return writers.pdf(slip_paper(told, svg=writers.draw(told.chart).decode(), at=notice.created_at))
    except Exception as error:
        LOG.error("a chart could not be sent with its notice", notice=notice.pk, error=type(error).__name__)
        return None
