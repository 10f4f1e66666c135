"""Data files are text that a protocol can read, whatever program saved them."""

from __future__ import annotations

import pytest

from sila_ot2.driver.protocols.data_files import readable_text
from sila_ot2.errors import DataFileInvalid

ROWS = "A1,5\r\nB1,6 µl\r\n"


def test_byte_order_mark_is_left_out() -> None:
    assert readable_text("t.csv", ROWS.encode("utf-8-sig")) == readable_text("t.csv", ROWS.encode()) == ROWS.encode()


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        ("\ufeff".encode(), "is empty"),
        (ROWS.encode("cp1252"), r"Line 2 .*0xb5.*CSV UTF-8"),
        (ROWS.encode("utf-16"), r"UTF-16.*CSV UTF-8"),
        (ROWS.encode("utf-16-le"), r"Line 1 .*CSV UTF-8"),
        (b"a\nb\nc\0", r"Line 3 .*not text"),
    ],
)
def test_what_a_protocol_could_not_read_is_refused_with_what_to_do(content: bytes, reported: str) -> None:
    with pytest.raises(DataFileInvalid, match=reported):
        readable_text("t.csv", content)
