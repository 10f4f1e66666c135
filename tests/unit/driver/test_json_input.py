"""JSON from clients: what is too much, too deep or cannot be used is refused with the reason."""

from __future__ import annotations

import pytest

from sila_ot2.driver.json_input import DEEPEST, LARGEST_INTEGER, LONGEST_INTEGER, MOST_VALUES, JsonInvalid, read_json

LARGEST_BYTES = 10_000_000


def test_a_document_is_read_with_and_without_a_byte_order_mark() -> None:
    expected = {"Volume": [1, 2.5, -3, True, None, 'a "text", [with] {signs}']}
    document = b'{"Volume": [1, 2.5, -3, true, null, "a \\"text\\", [with] {signs}"]}'
    assert read_json(document, largest_bytes=LARGEST_BYTES) == expected
    assert read_json(b"\xef\xbb\xbf" + document, largest_bytes=LARGEST_BYTES) == expected
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST, largest_bytes=LARGEST_BYTES)
    assert read_json(str(LARGEST_INTEGER).encode(), largest_bytes=LARGEST_BYTES) == LARGEST_INTEGER
    assert read_json(b'"\\ud83e\\uddea"', largest_bytes=LARGEST_BYTES) == "\N{TEST TUBE}"


@pytest.mark.parametrize(
    ("document", "reason", "place"),
    [
        (b"[1, 2, 3, 4]" * 1_000_000, "it has 12000000 bytes, at most 10000000 are taken", (1, 1)),
        (b"[1,\n\xff]", "this is not UTF-8 text", (2, 1)),
        (b"[1,\n  oops]", "this is not JSON", (2, 3)),
        (b"[" + b"1," * (MOST_VALUES + 1) + b"1]", f"it has more than {MOST_VALUES} values", (1, 1)),
        (b'""' * (2 * MOST_VALUES + 1), f"it has more than {MOST_VALUES} values", (1, 1)),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), f"nested more than {DEEPEST} deep", (1, 1)),
        (b"[-" + b"9" * (LONGEST_INTEGER + 1) + b"]", "is too large", (1, 1)),
        (b"[%d]" % (LARGEST_INTEGER + 1), "is too large", (1, 1)),
        (b"[1e400]", "the number 1e400 is too large", (1, 1)),
        (b"[NaN]", "NaN is not a number in JSON", (1, 1)),
        (b"[-Infinity]", "-Infinity is not a number in JSON", (1, 1)),
        (b'["\\ud83e"]', "half of a surrogate pair", (1, 1)),
    ],
    ids=lambda given: given[:12].decode(errors="replace") if isinstance(given, bytes) else None,
)
def test_what_cannot_be_used_is_refused(document: bytes, reason: str, place: tuple[int, int]) -> None:
    with pytest.raises(JsonInvalid) as refused:
        read_json(document, largest_bytes=LARGEST_BYTES)
    assert reason in str(refused.value)
    assert (refused.value.line, refused.value.column) == place
