"""Write the figures and the example of the README from what was measured, or check that they are so.

    python docs/generate.py           rewrite the blocks between the markers in README.md
    python docs/generate.py --check   exit with 1 if a block differs

The example is answered by the application with its default model; quality comes from the manifests of the shipped
models, which `python -m training` writes; speed from docs/speed.json, which `python -m benchmarks` writes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from models.store import SHIPPED, shipped_models, stored_bytes  # noqa: E402
from service import create_app  # noqa: E402

EXAMPLE: Final = {
    "text": "Russian missiles killed nine children in a Kyiv hospital on Tuesday, and their parents are still digging "
    "through the rubble. The White House said that it was following the reports.",
    "options": {"include": ["stance"]},
}

_HEADS: Final = {
    "stance": ("stance, all three targets, macro-F1 of four classes", "macro_f1"),
    "voice": ("voice, macro-F1", "macro_f1"),
    "side": ("side, macro-F1", "macro_f1"),
    "frames": ("frames, micro-F1", "micro_f1"),
    "narratives": ("narratives, micro-F1", "micro_f1"),
}


def example() -> str:
    """Return the request as a command and its true answer, shortened to what the first screen holds."""
    answer = create_app().test_client().post("/v1/classify", json=EXAMPLE).get_json()
    body = json.dumps(EXAMPLE, ensure_ascii=False, indent=1)
    command = f"curl -s localhost:8000/v1/classify -H 'Content-Type: application/json' -d '{body}'"
    return (
        f"```sh\n{command}\n```\n\nanswers (here without `model`, `probabilities` and `summary`):\n\n"
        f"```json\n{_shortened(answer['paragraphs'][0])}\n```"
    )


def quality() -> str:
    """Return a table of the main figure of each head, a column a shipped model."""
    manifests = {name: json.loads((SHIPPED / name / "manifest.json").read_text("utf-8")) for name in shipped_models()}
    return "\n".join(_quality_rows(manifests))


def speed() -> str:
    """Return a table of throughput and of its ratios, a row a shipped model."""
    return "\n".join(_speed_rows(json.loads((ROOT / "docs" / "speed.json").read_text("utf-8"))))


BLOCKS: Final[dict[str, Callable[[], str]]] = {"example": example, "quality": quality, "speed": speed}


def filled(text: str) -> str:
    """Return ``text`` with every block between its markers written anew."""
    for name, make in BLOCKS.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        block = f"{begin}\n{make()}\n{end}"
        text, count = pattern.subn(lambda _, block=block: block, text)  # type: ignore[misc]
        if count != 1:
            raise SystemExit(f"README.md must hold {begin} … {end} once, not {count} times")
    return text


def main() -> None:
    """Fill or check the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a block differs")
    check = parser.parse_args().check
    path = ROOT / "README.md"
    old = path.read_text("utf-8")
    new = filled(old)
    if check and new != old:
        raise SystemExit("README.md is not what was measured; run python docs/generate.py")
    if not check:
        path.write_text(new, "utf-8")


def _shortened(paragraph: Mapping[str, Any]) -> str:
    stance = {
        target: {key: value for key, value in found.items() if key != "probabilities"}
        for target, found in paragraph["stance"].items()
    }
    rows = ",\n".join(f'  "{target}": {json.dumps(found, ensure_ascii=False)}' for target, found in stance.items())
    return f'{{"index": 0, "start": 0, "end": {paragraph["end"]}, "status": "scored", "stance": {{\n{rows}\n}}}}'


def _quality_rows(manifests: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield f"| validation | {' | '.join(f'`{name}`' for name in manifests)} |"
    yield f"|---|{'---|' * len(manifests)}"
    for head, (title, figure) in _HEADS.items():
        cells = [_interval(manifest["quality"][head][figure]) for manifest in manifests.values()]
        yield f"| {title} | {' | '.join(cells)} |"
    sizes = [f"{stored_bytes(name) / 1e6:.1f} MB" for name in manifests]
    yield f"| size | {' | '.join(sizes)} |"


def _speed_rows(reports: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "| model served | paragraphs/s | × in process | × three scikit-learn pipelines | × three RoBERTa-base |"
    yield "|---|---|---|---|---|"
    for report in reports:
        ratios = [report["ratios"].get(f"http/{way}") for way in ("in_process", "pipelines", "transformers")]
        cells = [f"{ratio['median']:.2f}" if ratio else "not measured" for ratio in ratios]
        yield f"| `{report['model']['name']}` | {report['rates']['http']['median']:,.0f} | {' | '.join(cells)} |"
    first = reports[0]
    yield ""
    yield (
        f"Over HTTP, {first['settings']['batch']} paragraphs per request, on {first['machine']}, {first['date']}; "
        "medians of turns taken side by side. Pipelines and transformers are called once per paragraph and target, on "
        "as many processes. Written by `make bench`, with spreads and latencies: [docs/speed.md](docs/speed.md)."
    )


def _interval(measured: Mapping[str, float]) -> str:
    return f"{measured['value']:.3f} ({measured['low']:.3f}–{measured['high']:.3f})"


if __name__ == "__main__":
    main()
