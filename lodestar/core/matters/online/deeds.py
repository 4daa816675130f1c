"""Everything that can be recorded on an online abuse case, by code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lodestar.core.matters.deeds import DeedKind
from lodestar.core.matters.online.contact_deeds import CONTACT_DEEDS
from lodestar.core.matters.online.court_deeds import COURT_DEEDS
from lodestar.core.matters.online.referral_deeds import REFERRAL_DEEDS
from lodestar.core.matters.online.risk_deeds import RISK_DEEDS

DEEDS: Mapping[str, DeedKind] = MappingProxyType({deed.code: deed for deed in (*REFERRAL_DEEDS, *RISK_DEEDS, *CONTACT_DEEDS, *COURT_DEEDS)})
PROGRESS = frozenset(code for code, kind in DEEDS.items() if "investigative_progress" in kind.counts_as)
