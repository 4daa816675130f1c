"""Makes the sample files of docs/examples. Every person in them is invented. Run: python -m tests.doors.feeds.examples"""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

from lodestar.doors.feeds.writing import write_csv

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
HEADINGS = (
    "Report reference", "Person id", "Given name", "Surname", "Date of birth", "Age", "Sex", "Ethnicity", "Looked after",
    "Local authority", "Child id", "Home address", "Postcode", "Telephone", "Missing from", "Missing since", "Date reported",
    "Reported by", "Relationship", "Informant telephone", "District", "Circumstances", "Medical", "Threat",
    "Risk sexual exploitation", "Risk medication", "Risk out of pattern", "Initial risk level", "Final risk level",
    "Date traced", "Traced address", "How returned", "Shoe size",
)  # fmt: skip
CHILDREN = (
    ("Ada", "Marlowe", date(2011, 5, 6), "F"), ("Bartek", "Zielonka", date(2010, 2, 14), "M"),
    ("Chidi", "Okparanta", date(2009, 11, 30), "M"), ("Dilys", "Pembry", date(2012, 7, 21), "F"),
    ("Eesha", "Rahmani", date(2010, 9, 3), "F"), ("Finlay", "Thornbeck", date(2008, 12, 25), "M"),
    ("Grace", "O'Dowda", date(2011, 1, 17), "F"), ("Hamza", "Yildirek", date(2009, 4, 9), "M"),
    ("Ivy", "Marlowe", date(2011, 5, 6), "F"), ("Jonah", "Fenwright", date(2012, 3, 28), "M"),
)  # fmt: skip
LEVELS = ("Medium", "High", "Low", "Medium", "No apparent risk")
FIRST = datetime(2026, 3, 2, 21, 40)

Cell = str | date | datetime


def good_rows() -> list[list[Cell]]:
    """Twenty reports, two for each child; every fourth has not been traced."""
    return [_report(number) for number in range(20)]


def _report(number: int) -> list[Cell]:
    given, family, born, sex = CHILDREN[number % len(CHILDREN)]
    reported = FIRST + timedelta(days=4 * number, hours=3 * number, minutes=7 * number)
    traced = "" if number % 4 == 3 else reported + timedelta(hours=5 + number)
    looked_after = number % 3 == 0
    return [
        f"MP/26/{1000 + number}", f"P{4400 + number % len(CHILDREN)}", given, family, born, str(_age(born, reported)), sex,
        ("Not stated", "White British", "Any other", "")[number % 4], "Y" if looked_after else "N",
        "ACC" if looked_after else "", f"{7700 + number % len(CHILDREN)}" if looked_after else "",
        f"{number + 1} Osier Row", f"CB{number % 5 + 1} {number % 9 + 1}ZX", f"07700 900{100 + number}",
        ("home", "school", "a children's home", "a friend's home")[number % 4], reported - timedelta(hours=2, minutes=15),
        reported, f"{('Mara', 'Owen', 'Lena')[number % 3]} Haddow", ("mother", "teacher", "night worker")[number % 3],
        f"01632 960{100 + number}", ("HAR", "EDD", "SAL")[number % 3], "Left after tea and has not come back.",
        "Asthma: may not have the inhaler." if number % 5 == 0 else "", "Threatening messages." if number % 7 == 0 else "",
        ("Y", "N", "Not known")[number % 3], "N", ("Unknown", "Y")[number % 2], LEVELS[number % 5],
        LEVELS[number % 5] if traced else "", traced, "A friend's address" if traced else "", "By police" if traced else "", "5",
    ]  # fmt: skip


def _age(born: date, at: datetime) -> int:
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def bad_rows() -> list[list[Cell]]:
    """Six rows that cannot be read, each for its own reason."""
    changes: tuple[dict[str, Cell], ...] = (
        {"Date reported": "31/02/2026 10:00"},
        {"Date reported": ""},
        {"Sex": "Q"},
        {"Reported by": ""},
        {"Date of birth": "06/05/2031"},
        {"Report reference": "MP/26/1000"},  # the number of the first row, with other values
    )
    rows = []
    for number, change in enumerate(changes, start=20):
        cells = dict(zip(HEADINGS, _report(number), strict=True)) | change
        rows.append([cells[heading] for heading in HEADINGS])
    return rows


def flagged_rows() -> list[list[Cell]]:
    """Three rows that are read and flagged: an hour that did not happen, one that happened twice, and a day without a time."""
    changes: tuple[dict[str, Cell], ...] = (
        {"Age": "", "Date reported": "29/03/2026 01:30", "Missing since": "28/03/2026 20:00", "Date traced": "29/03/2026 05:00"},
        {"Age": "", "Date reported": "26/10/2025 01:30", "Missing since": "25/10/2025 20:00", "Date traced": "26/10/2025 05:00"},
        {"Missing since": "02/05/2026", "Date reported": "03/05/2026 09:15", "Date traced": ""},
    )
    rows = []
    for number, change in enumerate(changes, start=40):
        cells = dict(zip(HEADINGS, _report(number), strict=True)) | change
        rows.append([cells[heading] for heading in HEADINGS])
    return rows


def written(cell: Cell) -> str:
    """A cell as the force's system writes it to CSV."""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def force_csv() -> bytes:
    """The export as CSV."""
    return write_csv(HEADINGS, [[written(cell) for cell in row] for row in (*good_rows(), *flagged_rows(), *bad_rows())])


def force_xlsx() -> bytes:
    """The export as a spreadsheet, with real dates and one formula in a cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for row in (*good_rows(), *flagged_rows(), *bad_rows()):
        sheet.append(row)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            if isinstance(cell.value, datetime):
                cell.number_format = "dd/mm/yyyy hh:mm"
            elif isinstance(cell.value, date):
                cell.number_format = "dd/mm/yyyy"
    formula = good_rows()[0]
    formula[0], formula[5] = "MP/26/1099", "=2026-2011"
    sheet.append(formula)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ssda903_csv() -> bytes:
    """A Missing table: sound rows of both types, an open one, and rows that break the return's rules."""
    rows = (
        ("4711", "06/05/2011", "M", "04/06/2025", "05/06/2025"),
        ("4711", "06/05/2011", "M", "19/07/2025", "19/07/2025"),
        ("4711", "06/05/2011", "M", "19/07/2025", "22/07/2025"),
        ("4712", "14/02/2010", "A", "01/09/2025", "03/09/2025"),
        ("4713", "30/11/2009", "M", "28/03/2026", ""),
        ("4714", "21/07/2012", "M", "10/10/2025", "12/10/2025"),
        ("4714", "21/07/2012", "M", "11/10/2025", "13/10/2025"),  # 574: overlaps the row above; kept with a warning
        ("4715", "03/09/2010", "M", "", "12/12/2025"),  # 564
        ("4716", "25/12/2008", "", "12/12/2025", ""),  # 565
        ("4717", "17/01/2011", "M", "12/12/2025", "11/12/2025"),  # 567
        ("4718", "09/04/2026", "M", "12/12/2025", "13/12/2025"),  # 586
        ("4719", "06/05/2011", "X", "12/12/2025", "13/12/2025"),  # 1006
        ("4720", "28/03/2012", "M", "32/12/2025", ""),  # not a date
    )
    return "".join(",".join(row) + "\r\n" for row in (("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"), *rows)).encode()


FILES = {"missing-force-export.csv": force_csv, "missing-force-export.xlsx": force_xlsx, "ssda903-missing.csv": ssda903_csv}

if __name__ == "__main__":
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (EXAMPLES / name).write_bytes(make())
