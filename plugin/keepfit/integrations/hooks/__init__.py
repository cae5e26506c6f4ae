"""Hooks that need one program, protocol or file: members of the family `hooks`. Those that need the project are in `flows/deliver`."""
