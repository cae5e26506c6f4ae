"""What every expectation suite must satisfy before and after a library runs it. Pure: no library is imported here."""
