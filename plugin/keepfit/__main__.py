"""`python -m keepfit`."""

from keepfit.cli import main

main()
