"""How a CSV file is written is found in its first lines, or refused by name."""

import pytest

from keepfit.errors import DataError
from keepfit.tables.dialect import INDEX, TRAILING, Dialect, sniff


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("a,b\n1,2\n", Dialect()),
        ("a;b\n1;2\n", Dialect(delimiter=";")),
        ("a\tb\n1\t2\n", Dialect(delimiter="\t")),
        ("a|b\n1|2\n", Dialect(delimiter="|")),
        ("a;b\n1,5;x\n2,5;y\n", Dialect(delimiter=";", decimal_comma=True)),
        ("a;b\n1.234,5;x\n2,5;y\n", Dialect(delimiter=";", decimal_comma=True)),
        ("a;b\n1,234.5;x\n2.5;y\n", Dialect(delimiter=";")),
        ("a\tb\n1,5\tx\n", Dialect(delimiter="\t", decimal_comma=True)),
        ("a;b;c\n1,5;2,5;3,5\n", Dialect(delimiter=";", decimal_comma=True)),
        ("sep=;\na;b\n1;2\n", Dialect(delimiter=";", skip=1)),
        ('"sep=,"\r\na,b\r\n1,2\r\n', Dialect(skip=1)),
        ("SEP=|\na|b\n1|2\n", Dialect(delimiter="|", skip=1)),
        ('name,"x; y"\n"a; b",1\n', Dialect()),
        ('"amount, EUR";cat\n1,5;a\n', Dialect(delimiter=";", decimal_comma=True)),
        ("x\n1\n2\n", Dialect()),
        ("text\nwords; with | marks, all\nof them\n", Dialect()),
        ("full name\nJohn Smith\nJane Doe\n", Dialect()),
        ("", Dialect()),
        ("a,b\n", Dialect()),
        ("a;b\n", Dialect(delimiter=";")),
        ("a,b,\n1,2,\n", Dialect(names=("a", "b", TRAILING))),
        ("a,b\n1,2,\n3,4,\n", Dialect(names=("a", "b", TRAILING))),
        ("a;b;\n1,5;2;\n", Dialect(delimiter=";", decimal_comma=True, names=("a", "b", TRAILING))),
        (",a,b\n0,1,2\n", Dialect(names=(INDEX, "a", "b"))),
        ('"","a"\n"1",2\n"2",3\n', Dialect(names=(INDEX, "a"))),
        ("a b\n0 1 2\n", Dialect()),
        ("a,b\n1,5,x\n2,6,y\n3,7,z\n", Dialect(names=(INDEX, "a", "b"))),
        ("\n\na,b,\n1,2,\n", Dialect(skip=2, names=("a", "b", TRAILING))),
        ("a,b\n1,2\n1,2,3\n", Dialect()),
    ],
)
def test_a_files_dialect_is_found(head, found):
    assert sniff(head, whole=True) == found


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("a^b\n1^2\n", r"set apart by '\^'"),
        ("a~b\n1~2\n", "set apart by '~'"),
        ("a\x01b\n1\x01x\n", r"set apart by '\\\\x01'"),
        ("amount cat\n1.5 a\n2.5 b\n", "set apart by 'a space'"),
        ("a:b\n1:x\n2:y\n", "set apart by ':'"),
        ("a,,b\n1,2,3\n", "a column has no name: the header line names 2 of 3, not column 2"),
        ("a,b,\n1,2,3\n", "a column has no name: the header line names 2 of 3, not column 3"),
        ("a,b\n1,2,x\n7,4,y\n", "each line has one field more than the header line names"),
    ],
)
def test_what_would_be_read_wrong_is_refused_with_the_true_cause(head, says):
    with pytest.raises(DataError, match=says):
        sniff(head, whole=True)


def test_a_last_line_that_was_cut_off_does_not_count():
    assert sniff("a;b\n1;2\n3", whole=False) == Dialect(delimiter=";")
