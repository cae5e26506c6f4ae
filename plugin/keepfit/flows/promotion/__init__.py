"""What people do with the gate and its journal, from the command line."""
