"""Who writes the forms of a pack: the door of papers and the door of files, joined here because doors do not know each other."""

from lodestar.core.packs.forms import Writers
from lodestar.doors.feeds.writing import write_book
from lodestar.doors.papers.charts import write_svg
from lodestar.doors.papers.html import write_html
from lodestar.doors.papers.pdf import write_pdf

WRITERS = Writers(draw=write_svg, pdf=write_pdf, html=write_html, xlsx=write_book)
