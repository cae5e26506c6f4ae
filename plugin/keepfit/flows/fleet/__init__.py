"""Many projects as one fleet: which there are, and what is known of all of them (`fleet.yaml`)."""
