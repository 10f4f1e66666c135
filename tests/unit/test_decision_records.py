"""Each decision record has a number of its own, by which others name it; its title bears it too."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "decisions"


def test_each_record_has_a_number_of_its_own_in_its_name_and_title() -> None:
    records = sorted(DECISIONS.glob("*.md"))
    numbers = Counter(record.name[:4] for record in records)
    assert len(records) > 50
    assert [number for number, count in numbers.items() if count > 1] == []
    untitled = [
        record.name
        for record in records
        if not record.read_text(encoding="utf-8").startswith(f"# {int(record.name[:4])}. ")
    ]
    assert untitled == []
