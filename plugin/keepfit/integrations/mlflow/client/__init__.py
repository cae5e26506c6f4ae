"""MLflow as a client: one class that asks a server or a database for runs, models, versions and aliases.

Everything that creates is split into find and create, so that a verb can be cut anywhere and run again. Display tags begin
with `kf.`; the prefix `keepfit.` is the store's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from keepfit.integrations.mlflow.client.models import ModelContent, Models
from keepfit.integrations.mlflow.client.registry import Registry, Version
from keepfit.integrations.mlflow.client.runs import Points, Run, RunContent, Runs

__all__ = ["Mlflow", "ModelContent", "Points", "Run", "RunContent", "Version"]


@dataclass(frozen=True)
class Mlflow(Runs, Models, Registry):
    """One MLflow server (http) or database (sqlite:///…), by its address.

    Every method raises `ServerError` within seconds if it does not answer, and `RefusedError` with the gate's sentence.
    """
