import pyarrow as pa

from keepfit.tables.in_table import in_table, with_parts

SCHEMA = pa.schema({"x": pa.float64(), "c": pa.string(), "later": pa.bool_(), "m": pa.string()})


def test_a_batch_has_the_tables_types_and_its_partition_and_nothing_of_what_it_lacks():
    found = in_table(pa.table({"c": ["a"], "x": pa.array([1], pa.int8())}), SCHEMA.names, SCHEMA, parts={"m": None})
    assert (found.schema, found.to_pylist()) == (SCHEMA, [{"x": 1.0, "c": "a", "later": None, "m": None}])


def test_texts_stay_dictionaries_and_numbers_become_texts_where_other_files_hold_texts():
    assert in_table(pa.table({"c": pa.array(["a"]).dictionary_encode()}), ["c"], SCHEMA, parts={}).schema.types == [pa.dictionary(pa.int32(), pa.string())]
    assert in_table(pa.table({"c": [7]}), ["c"], SCHEMA, parts={}).to_pylist() == [{"c": "7"}]


def test_of_no_columns_the_rows_remain():
    assert in_table(pa.table({"x": [1, 2]}).select([]), [], SCHEMA, parts={"m": "1"}).num_rows == 2


def test_a_column_of_the_file_is_not_hidden_by_its_folders_name():
    assert with_parts(pa.table({"m": [1]}), {"m": "01"}).to_pylist() == [{"m": 1}]
