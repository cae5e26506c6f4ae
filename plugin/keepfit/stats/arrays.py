"""What labels and scores are held in."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Clusters = npt.NDArray[np.integer[Any]]
