"""What a candidate would understand otherwise than the current model: `python -m relais_bot.nlu.side_by_side`.

Reads {"sets": {name: [{"text", "lang", "intent", "also_ok", "id"}]}, "recorded": [{"id", "text"}]} and writes what was
found as JSON: figures per set and model, lines that one of them alone understands, and the recorded messages whose
meaning changes, by what it changes from and to. The text of what has an id is not in it: somebody may have to be
forgotten.
"""

import argparse
import gc
import json
import logging
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from relais_bot import quiet
from relais_bot.nlu.evaluate import figures
from relais_bot.nlu.graph import NluGraph, Understood
from relais_bot.nlu.lines import Line
from relais_bot.nlu.scores import Scored
from relais_bot.parent import die_with
from relais_bot.rasa_version import require_supported_rasa
from relais_bot.refusals import Refused

logger = logging.getLogger("relais_bot.nlu.side_by_side")

#: Of lines that are told one by one, and of messages told of one change: what a person reads.
MOST_LINES = 300
MOST_EXAMPLES = 20

Sets = Mapping[str, Sequence[Line]]


def main() -> None:
    logging.basicConfig(format="%(message)s", stream=sys.stdout, level=logging.WARNING)
    options = _options()
    if options.parent:
        die_with(options.parent)
    quiet.prepare_environment(os.environ, str(options.out.parent / "home"))
    try:
        require_supported_rasa()
        asked = json.loads(options.asked.read_text(encoding="utf-8"))
        found = side_by_side(options.current, options.candidate, asked)
    except Refused as error:
        sys.exit(str(error))
    options.out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def side_by_side(current: Path, candidate: Path, asked: Mapping[str, Any]) -> "dict[str, Any]":
    """Both models on the same lines, one after the other. Raises `Refused`."""
    sets = {name: [_line(given) for given in lines] for name, lines in asked["sets"].items()}
    names = {name: [_named(given) for given in lines] for name, lines in asked["sets"].items()}
    texts = [each["text"] for each in asked["recorded"]]
    _say(1, "Understanding with the current model")
    before, before_threshold = _understood(current, sets, texts)
    _say(2, "Understanding with the candidate")
    after, after_threshold = _understood(candidate, sets, texts)
    _say(3, "Comparing")
    told = {
        name: _set(names[name], _pairs(lines, before[name], after[name]), (before_threshold, after_threshold))
        for name, lines in sets.items()
    }
    return {
        "sets": told,
        "recorded": _changes([each["id"] for each in asked["recorded"]], before[""], after[""]),
    }


def _understood(model: Path, sets: Sets, texts: Sequence[str]) -> "tuple[dict[str, list[Understood]], float | None]":
    graph = NluGraph.load(model)
    quiet.configure_logs("ERROR")
    logger.setLevel(logging.INFO)
    found = {name: [graph.understand(line.text) for line in lines] for name, lines in sets.items()}
    found[""] = [graph.understand(text) for text in texts]
    threshold = graph.threshold
    del graph
    gc.collect()
    return found, threshold


def _pairs(
    lines: Sequence[Line], before: "list[Understood]", after: "list[Understood]"
) -> "list[tuple[Scored, Scored]]":
    return [
        (Scored(line=line, understood=one), Scored(line=line, understood=other))
        for line, one, other in zip(lines, before, after, strict=True)
    ]


def _set(
    names: "Sequence[dict[str, str]]",
    pairs: "Sequence[tuple[Scored, Scored]]",
    thresholds: "tuple[float | None, float | None]",
) -> "dict[str, Any]":
    told = list(zip(names, pairs, strict=True))
    fixed = [_told(name, *pair) for name, pair in told if pair[0].is_miss and not pair[1].is_miss]
    broken = [_told(name, *pair) for name, pair in told if pair[1].is_miss and not pair[0].is_miss]
    return {
        "current": figures([one for one, _ in pairs], thresholds[0]) if pairs else None,
        "candidate": figures([other for _, other in pairs], thresholds[1]) if pairs else None,
        "fixed": len(fixed),
        "broken": len(broken),
        "fixed_lines": fixed[:MOST_LINES],
        "broken_lines": broken[:MOST_LINES],
    }


def _told(name: "dict[str, str]", before: Scored, after: Scored) -> "dict[str, Any]":
    line = before.line
    return {
        **name,
        "lang": line.language,
        "meant": line.intent,
        "before": _meaning(before.understood),
        "after": _meaning(after.understood),
    }


def _named(given: Mapping[str, Any]) -> "dict[str, str]":
    """By its id where it has one, else by its words."""
    return {"id": given["id"]} if "id" in given else {"text": given["text"]}


def _meaning(found: Understood) -> "dict[str, Any]":
    return {"intent": found.intent, "likeliest": found.likeliest, "confidence": round(found.confidence, 3)}


def _changes(ids: Sequence[str], before: "list[Understood]", after: "list[Understood]") -> "dict[str, Any]":
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for one_id, one, other in zip(ids, before, after, strict=True):
        if one.intent != other.intent:
            pair = {"id": one_id, "before": round(one.confidence, 3), "after": round(other.confidence, 3)}
            groups[one.intent, other.intent].append(pair)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    return {
        "count": len(ids),
        "changed": sum(len(each) for each in groups.values()),
        "groups": [
            {"before": pair[0], "after": pair[1], "count": len(found), "examples": found[:MOST_EXAMPLES]}
            for pair, found in ordered
        ],
    }


def _line(given: Mapping[str, Any]) -> Line:
    return Line(
        text=given["text"],
        language=given["lang"],
        intent=given["intent"],
        also_ok=frozenset(given.get("also_ok") or ()),
    )


def _say(step: int, sentence: str) -> None:
    sys.stdout.write(f"{step}/3 {sentence}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m relais_bot.nlu.side_by_side", description=__doc__.splitlines()[0])
    parser.add_argument("--current", type=Path, required=True)
    parser.add_argument("--candidate", type=Path, required=True)
    parser.add_argument("--asked", type=Path, required=True, help="the lines and messages, as JSON")
    parser.add_argument("--out", type=Path, required=True, help="where to write what was found")
    parser.add_argument("--parent", type=int, help="end when the process with this id does")
    return parser.parse_args()


if __name__ == "__main__":
    main()
