"""Copy the few front-end files the service uses out of node_modules, without the marks that belong to gov.uk.

The GOV.UK typeface and crown may be used only on gov.uk (docs/adr/0011). They are taken out here, so that no page
can show them by mistake, and the copy fails if either is left.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "lodestar" / "doors" / "web" / "static" / "vendor"
MOJ = "@ministryofjustice/frontend/moj"
SHEETS = ("govuk-frontend/dist/govuk/govuk-frontend.min.css", f"{MOJ}/moj-frontend.min.css")
SCRIPTS = ("govuk-frontend/dist/govuk/govuk-frontend.min.js", "htmx.org/dist/htmx.min.js")
IMAGES = SOURCE / MOJ / "assets" / "images"
SYSTEM_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'

FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}")
FAMILY = re.compile(r'"?GDS Transport"?(\s*,\s*(arial|sans-serif))*', re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")
RULE = re.compile(r"[^{}]+\{[^{}]*\}")
IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")
NOT_OURS = re.compile(r"crown|crest|gds[ -]transport|@font-face|\.woff|/assets/|sourceMappingURL", re.IGNORECASE)
FONT_FILES = (".woff", ".woff2", ".ttf", ".otf", ".eot")


def uncrowned(text: str) -> str:
    """A stylesheet without the rules that draw a crown or crest."""
    return RULE.sub(lambda rule: "" if re.search(r"crown|crest", rule.group(), re.IGNORECASE) else rule.group(), text)


def sheet(text: str) -> str:
    """A stylesheet without fonts, crowns or comments, and with its images beside it."""
    text = FONT_FACE.sub("", COMMENT.sub("", text))
    text = FAMILY.sub(SYSTEM_FONTS, text)
    text = uncrowned(text)
    return IMAGE.sub(r"url(images/\1)", text).strip() + "\n"


def script(text: str) -> str:
    """A script without its pointer to a map that is not served."""
    return SOURCE_MAP.sub("", text).strip() + "\n"


def read(name: str) -> str:
    """A file of an installed package, or a sentence."""
    path = SOURCE / name
    if not path.is_file():
        raise SystemExit(f"{path} is not there. Run: npm ci")
    return path.read_text(encoding="utf-8")


def left_over(folder: Path) -> list[str]:
    """Every gov.uk mark still in the folder, as sentences."""
    found = []
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        if path.suffix in FONT_FILES or re.search(r"crown|crest", path.name, re.IGNORECASE):
            found.append(f"{path.name} is a gov.uk font or crown. It may not be served.")
        elif path.suffix in (".css", ".js") and (match := NOT_OURS.search(path.read_text(encoding="utf-8"))):
            found.append(f"{path.name} still holds {match.group()!r}. Mend scripts/frontend.py for this version.")
    return found


def main() -> int:
    """Make the folder anew, then look for what may not be in it."""
    sheets = {Path(name).name: read(name) for name in SHEETS}
    scripts = {Path(name).name: script(read(name)) for name in SCRIPTS}
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "images").mkdir(parents=True)
    for name, text in sheets.items():
        (TARGET / name).write_text(sheet(text), encoding="utf-8")
        for image in IMAGE.findall(uncrowned(text)):
            shutil.copyfile(IMAGES / image, TARGET / "images" / image)
    for name, text in scripts.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    faults = left_over(TARGET)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
