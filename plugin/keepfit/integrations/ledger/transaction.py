"""What is read and written together: the seven tables of the ledger in one transaction."""

from __future__ import annotations

from keepfit.integrations.ledger.deliveries import DeliveryRows
from keepfit.integrations.ledger.of_models import ManyModelRows
from keepfit.integrations.ledger.outbox import OutboxRows
from keepfit.integrations.ledger.probations import ProbationRows
from keepfit.integrations.ledger.retention import RetentionRows
from keepfit.integrations.ledger.states import StateRows
from keepfit.integrations.ledger.steps import StepRows
from keepfit.integrations.ledger.tickets import TicketRows
from keepfit.integrations.ledger.windows import WindowRows


class LedgerTransaction(WindowRows, StateRows, TicketRows, StepRows, OutboxRows, ProbationRows, DeliveryRows, RetentionRows, ManyModelRows):
    """Reads and writes of one transaction; made by `Ledger.transaction()`, or by `Ledger.reading()` to look only."""
