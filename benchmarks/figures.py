"""Figures with a peer: taken in every round, compared inside the round, shown as medians."""

import json
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Literal

Better = Literal["more", "less"]


@dataclass(slots=True, kw_only=True)
class Figure:
    """One thing measured on both sides, or on ours alone where there is no peer for it."""

    name: str
    unit: str
    better: Better
    """Which way is good; a ratio above 1 always means that ours is better."""
    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """One per round; none without a peer."""
        pairs = zip(self.ours, self.peer, strict=True) if self.peer else ()
        return [ours / peer if self.better == "more" else peer / ours for ours, peer in pairs]


class Figures:
    """All figures of a run, in the order in which they first appeared."""

    def __init__(self) -> None:
        self._by_name: dict[str, Figure] = {}

    def add(self, name: str, unit: str, better: Better, *, ours: float, peer: float | None) -> None:
        """Keep what one round showed."""
        figure = self._by_name.setdefault(name, Figure(name=name, unit=unit, better=better))
        figure.ours.append(ours)
        if peer is not None:
            figure.peer.append(peer)

    def table(self) -> str:
        """For people."""
        lines = [f"{'figure':<72} {'unit':<11} {'ours':>9} {'peer':>9} {'ratio':>7}   min-max"]
        for figure in self._by_name.values():
            ratios = figure.ratios()
            spread = f"{_short(min(ratios))}-{_short(max(ratios))}" if ratios else "no peer"
            lines.append(
                f"{figure.name:<72} {figure.unit:<11} {_short(median(figure.ours)):>9} "
                f"{_middle(figure.peer):>9} {_middle(ratios):>7}   {spread}"
            )
        return "\n".join(lines)

    def json_lines(self) -> str:
        """For machines: one figure a line."""
        return "\n".join(
            json.dumps(
                {
                    "figure": figure.name,
                    "unit": figure.unit,
                    "ours": _rounded(median(figure.ours)),
                    "peer": _rounded(median(figure.peer)) if figure.peer else None,
                    "ratio": _rounded(median(ratios)) if (ratios := figure.ratios()) else None,
                }
            )
            for figure in self._by_name.values()
        )


def p99(values: list[float] | tuple[float, ...]) -> float:
    """The value that 99 of 100 stay under."""
    return quantiles(values, n=100, method="inclusive")[98]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def _middle(values: list[float]) -> str:
    return _short(median(values)) if values else "-"
