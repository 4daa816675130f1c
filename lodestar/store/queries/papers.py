"""What a matter's papers are made from: its deeds, and the names behind their ids."""

from __future__ import annotations

from lodestar.core.matters.custody.paper import CertificatePaper
from lodestar.core.matters.custody.reading import Named, certificate
from lodestar.core.matters.desk import Story
from lodestar.store.models import Deed, District, Matter
from lodestar.store.queries.stories import as_done


def certificate_of(matter: Matter, *, deed_id: int) -> CertificatePaper | None:
    """The certificate that one deed of this matter made; None for a deed that is none, or is another matter's."""
    deed = Deed.objects.filter(matter=matter, pk=deed_id).select_related("by").first()
    if deed is None or matter.kind != "custody":
        return None
    person = matter.person
    report = matter.matter_reports.filter(how="opened").select_related("report").first()
    district = District.objects.filter(code=matter.district).first()
    story = Story(
        kind=matter.kind,
        state=matter.state,
        reported_at=matter.reported_at,
        opened_at=matter.opened_at,
        born=person.birth_date,
        done=tuple(as_done(row) for row in matter.deeds.order_by("at", "pk")),
    )
    named = Named(
        child=f"{person.given_name} {person.family_name}".strip(),
        born=person.birth_date,
        custody_reference=report.report.external_id if report else "",
        district=district.name if district else "",
        certified_by=deed.by.name if deed.by else "",
    )
    return certificate(story=story, deed=as_done(deed), named=named)
