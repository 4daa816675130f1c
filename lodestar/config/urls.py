"""Every address there is."""

from django.urls import include, path

from lodestar.config.writers import WRITERS
from lodestar.doors.api.urls import api
from lodestar.doors.feeds.bringing import bring_in, mend_row
from lodestar.doors.feeds.engagements import read_engagements
from lodestar.doors.feeds.register import load_register, write_register
from lodestar.doors.feeds.returning import error_file
from lodestar.doors.feeds.star import packed, write_star
from lodestar.doors.feeds.writing import write_book, write_csv
from lodestar.doors.papers.charts import write_svg
from lodestar.doors.papers.docx import write_docx
from lodestar.doors.papers.pdf import write_pdf
from lodestar.doors.web.urls import pages

urlpatterns = [
    path("api/v1/", api.urls),
    path("sign-in/", include("allauth.urls")),
    *pages(
        bring_in=bring_in,
        mend=mend_row,
        error_file=error_file,
        read_sample=read_engagements,
        write_pdf=write_pdf,
        write_docx=write_docx,
        draw=write_svg,
        write_csv=write_csv,
        write_book=write_book,
        pack_writers=WRITERS,
        write_star=write_star,
        pack_star=packed,
        load_register=load_register,
        write_register=write_register,
    ),
]
handler404 = "lodestar.doors.web.errors.not_found"
handler500 = "lodestar.doors.web.errors.went_wrong"
handler403 = "lodestar.doors.web.errors.forbidden"
