"""The dirt of real records, each kind switched on by its name so that a test can require it.

Shares are those of measures.md section 7; the last three are not shares but things that must be there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

SHARES = {
    "backdated": 0.05,
    "found_before_record": 0.03,
    "unknown_end": 0.02,
    "reopened": 0.02,
    "duplicates": 0.04,
    "missing_again_60min": 0.02,
    "digit_preference": 0.40,
    "cross_force": 0.02,
    "regraded": 0.15,
}


@dataclass(frozen=True, slots=True)
class Dirty:
    """Which kinds of dirt are on. All are, unless said otherwise."""

    backdated: bool = True  # recorded more than an hour after the report
    found_before_record: bool = True  # found before the report's own time
    unknown_end: bool = True  # found, but only bounds of when
    reopened: bool = True  # "found" was wrong and put right
    duplicates: bool = True  # the same absence reported again
    missing_again_60min: bool = True  # missing again within the hour of a return
    digit_preference: bool = True  # minutes written as 00, 15, 30, 45
    cross_force: bool = True  # passed to, or taken from, another force
    regraded: bool = True  # the grade changed while missing
    turns_18: bool = True  # an eighteenth birthday falls inside an episode
    dst_nights: bool = True  # reports in the nights when the clocks change
    leap_births: bool = True  # born on 29 February

    @classmethod
    def all(cls) -> Dirty:
        """Every kind of dirt."""
        return cls()

    @classmethod
    def none(cls) -> Dirty:
        """Clean records."""
        return cls(**{field.name: False for field in fields(cls)})

    @classmethod
    def only(cls, *names: str) -> Dirty:
        """Just these kinds; an unknown name is refused."""
        known = {field.name for field in fields(cls)}
        if unknown := set(names) - known:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}; choose from {', '.join(sorted(known))}")
        return cls(**{name: name in names for name in known})

    def names(self) -> tuple[str, ...]:
        """The switches that are on, in order."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))
