"""How older ledgers become today's: alembic's revisions, loaded only for a ledger that is not up to date.

Within a major version (`keepfit_ledger.schema`) a revision only adds what an older keepfit may leave out: nullable columns, indices, tables.
Anything else raises the number, and an older keepfit refuses the ledger by it.
"""
