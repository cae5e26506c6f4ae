"""keepfit keeps a machine-learning model fit for a changing world, continually."""

__version__ = "0.1.0"
