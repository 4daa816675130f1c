"""Files are read and written for the small force."""

from tests.actions import conftest as small
from tests.actions import test_packs as packs

force = small.force
matter = packs.matter
