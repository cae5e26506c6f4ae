"""The monitor's memory: windows judged, policy state, tickets, steps, and an outbox of effects that are still owed.

`ledger.py` opens it, `transaction.py` is what is read and written together, `view.py` what one model's run reads once; `windows`, `states`, `tickets`,
`steps`, `outbox`, `probations` and `deliveries` each know one table. Nothing is imported here: `keepfit ticket` reads a ledger and stays light.
"""
