"""What each rule looks for, in a sentence that somebody can hold against what they see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from lodestar.core.detectors.rules import Detector

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "incident_without_notice": (
            "A child is reported missing, a concern of exploitation is recorded about them, or they become known in an online case, "
            "and within {within} nobody has recorded telling children's services."
        ),
        "repeat_missing_no_strategy": (
            "A child is reported missing {reports} times in {within_days} days, and within {within} of the last of these no strategy "
            "discussion, referral or meeting of agencies has been asked for or held since the first."
        ),
        "charged_without_request": (
            "A child is charged and refused bail, is still in the cells, and within {within} nobody has asked the local authority "
            "for a place."
        ),
        "high_risk_without_photograph": (
            "A child is missing at high risk, and within {within} nobody has recorded where a photograph of them is held. A reference "
            "is looked for, never the picture."
        ),
    }
)


# What somebody records where they mend it, by kind of matter.
REMEDIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "incident_without_notice": {
            "missing": "told_children_services",
            "exploitation": "told_children_services",
            "online": "child_shared",
        },
        "repeat_missing_no_strategy": {"missing": "multi_agency_referral_made"},
        "charged_without_request": {"custody": "place_requested"},
        "high_risk_without_photograph": {"missing": "photograph_referred_to"},
    }
)


def remedy(detector: Detector, *, kind: str) -> str:
    """The deed that mends what a rule finds on a matter of this kind; a rule that finds nothing there is a fault in our code."""
    return REMEDIES[detector.rule][kind]


def in_words(detector: Detector) -> str:
    """A rule in words, with the values in force; a rule without words is a fault in our code."""
    return WORDS[detector.rule].format(within=_hours(detector.within), **detector.values)


def _hours(span: timedelta) -> str:
    """Hours as the playbook says them: 24 hours is what people say, not a day."""
    hours = span // timedelta(hours=1)
    return f"{hours} hour{'' if hours == 1 else 's'}"
