"""A leading zero says that digits are a name."""

import pyarrow as pa

from keepfit.tables.codes import PADDED, code_columns


def test_codes_are_told_from_numbers_by_their_leading_zeros():
    table = pa.table({"zip": ["01234", "90210"] * 50, "n": ["0", "10"] * 50, "hex": ["0x1F", "0xA"] * 50, "share": ["00.5", "0.1"] * 50})
    assert code_columns(table) == ["zip", "hex"]


def test_a_file_without_a_leading_zero_is_not_looked_at_twice():
    assert PADDED.search(b"zip,n\n01234,1\n")
    assert PADDED.search(b'a,zip\n1,"01234"\n')
    assert not PADDED.search(b"zip,n\n90210,0.5\n10,0\n0,100\n")
