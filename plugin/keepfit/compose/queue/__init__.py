"""Which rows people are asked to label: strategies by name, a share by chance alone, and each row's chance of being selected."""
