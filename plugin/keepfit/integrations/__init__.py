"""One tool each; no integration knows another."""

import os

# OpenMP threads that wait (scikit-learn's trees) spin by default; with a second busy process on the machine that costs ten times the time
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
