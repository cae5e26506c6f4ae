"""The trainings of a backtest: a model by recipe and last window, made once.

`all` learns from all rows of all windows so far (what schedules and baselines use); `params` is composed as params.yaml says, without
the permanent holdout, exactly as `keepfit improve` and its scout would; so is a recipe by name, as if params.yaml used it. A model is kept (`cache`) by the
digests of the rows, the params and the versions it came from. Blind to a training command's code outside the repository, and to
packages other than scikit-learn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.backtesting.cache import BacktestCache, key_of
from keepfit.flows.backtesting.identity import identity_of, identity_of_recipe
from keepfit.flows.project import Project
from keepfit.flows.rows.made_rows import suite_of_made, text_of_suite
from keepfit.update.backtest import ALL_HISTORY, Trained, name_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.compose.augment.made import Suite
    from keepfit.compose.curation.rules import Curation
    from keepfit.compose.recipe import Recipe
    from keepfit.flows.backtesting.history import Past
    from keepfit.integrations.models.scorer import Scorer
    from keepfit.records import ModelMeta
    from keepfit.tables.people_labels import PeopleLabels
    from keepfit.tables.window_decisions import WindowDecision

    Floats = npt.NDArray[np.float64]

WRITTEN = ("params.yaml", "baseline.json", "decision.json", "dvc.lock")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Trainings:
    """The models of a project's history; each is trained when it is first asked for."""

    project: Project
    past: Past
    cache: BacktestCache
    say: Say

    # -- the rows of a window ---------------------------------------------------------------------------------------------

    def known(self, window: int) -> npt.NDArray[np.bool_]:
        """Return which rows of a window have a label."""
        from keepfit.tables.labels import are_known

        return are_known(self.labels[window])

    @cached_property
    def labels(self) -> list[Floats]:
        """The labels of each window as numbers, NaN where there is none."""
        from keepfit.tables.labels import labels

        return [labels(self.project.params, table) for table in self.past.tables]

    def frame(self, window: int) -> pd.DataFrame:
        """Return a window's rows for a model."""
        from keepfit.tables.frames import to_frame

        return to_frame(self.past.tables[window])

    def labelled_frame(self, window: int) -> pd.DataFrame:
        """Return those of them that have a label: many models are asked about them, so they are kept."""
        if window not in self._labelled:
            known, frame = self.known(window), self.frame(window)
            self._labelled[window] = frame if known.all() else frame[known]
        return self._labelled[window]

    @cached_property
    def _labelled(self) -> dict[int, pd.DataFrame]:
        return {}

    def held(self, window: int) -> npt.NDArray[np.bool_]:
        """Return which rows of a window are of the permanent holdout: each is hashed once, however many models leave it out."""
        if window not in self._held:
            from keepfit.compose.holdout import in_holdout
            from keepfit.tables.columns import id_column

            data, table = self.project.params.data, self.past.tables[window]
            keys = table[data.group].cast("string") if data.group else table[id_column(self.project.params)]
            self._held[window] = in_holdout(keys.to_pylist(), share=data.holdout_share, salt=data.holdout_salt)
        return self._held[window]

    @cached_property
    def _held(self) -> dict[int, npt.NDArray[np.bool_]]:
        return {}

    # -- training -------------------------------------------------------------------------------------------------------

    def scorer(self, model: Trained) -> Scorer:
        """Return what scores rows with a model, trained if it was not yet."""
        from keepfit.flows.models.scoring import open_scorer

        if model not in self._scorers:
            self._scorers[model] = open_scorer(self.folder(model), self.project.params.train, self.repo, classes=self.project.params.model.classes)
        return self._scorers[model]

    def learned_rows(self, model: Trained) -> int:
        """Return how many rows a model learned from."""
        return self.meta(model).rows

    def meta(self, model: Trained) -> ModelMeta:
        """Return what is known of a model, trained if it was not yet; the model itself is not loaded."""
        from keepfit.integrations.models.scorer import read_meta

        if model not in self._metas:
            self._metas[model] = read_meta(self.folder(model))
        return self._metas[model]

    @cached_property
    def _metas(self) -> dict[Trained, ModelMeta]:
        return {}

    def folder(self, model: Trained) -> Path:
        """Return where a model lies, trained if it was not yet."""
        return self.cache.model(self.model_key(model), lambda out: self._train(model, out))

    def _train(self, model: Trained, out: Path) -> None:
        from keepfit.flows.models.training import train_once

        self.say(f"training on {self._told(model.recipe)} up to {self.past.windows[model.until].id}")
        train_once(self.project.params, self.rows(model), out, repo=self.repo, profile=False)

    def rows(self, model: Trained) -> pd.DataFrame:
        """Return what a model learns from."""
        return self._all_rows(model.until) if model.recipe == ALL_HISTORY else self._composed(model.until, self._recipe(model.recipe))

    def _all_rows(self, until: int) -> pd.DataFrame:
        """All rows with the labels known by then, in the order in which `compose` gives them: the same rows make the same model."""
        from keepfit.tables.columns import id_column
        from keepfit.tables.frames import to_frame
        from keepfit.tables.union import in_order, stacked

        params, people = self.project.params, self._people(until)
        tables = self.past.own[: until + 1] if people is None else [people.training(table, params) for table in self.past.own[: until + 1]]
        return to_frame(in_order(stacked(tables, where="params.yaml: data.live"), id_column(params)))

    def _people(self, window: int) -> PeopleLabels | None:
        """What people had said by the end of a window."""
        return self.past.people.known(self.past.windows[min(window, len(self.past.windows) - 1)].end)

    def _composed(self, until: int, recipe: Recipe) -> pd.DataFrame:
        """What `improve` would compose at the close of the next window that can judge; a window in which nothing came is none.

        The permanent holdout is left out before composing, which then has none to set apart: no row is hashed again for each model.
        """
        from keepfit.compose.assemble import CompositionRequest, Sources, compose
        from keepfit.tables.columns import id_column
        from keepfit.tables.frames import to_frame

        params, past = self.project.params.model_copy(update={"data": self.project.params.data.model_copy(update={"holdout_share": 0.0})}), self.past
        learned = {at: past.own[at].filter(~self.held(at)) for at in range(self._oldest(until, recipe), until + 1)}
        judge = self._judge(until)
        used = {**{at: table for at, table in learned.items() if table.num_rows}, judge: past.own[judge]}
        tables = {past.windows[at].id: table for at, table in used.items()}
        windows = [past.windows[at] for at in used]
        sources = Sources(
            tables=tables,
            windows=windows,
            quarantined=(),
            decisions=self._unusable(until),
            curation=self._curation,
            suite=self._suite,
            people=self._people(judge),
        )
        asked = CompositionRequest(action="improve", target=past.windows[until].end, champion=True)
        composed = compose(sources, asked, params, id_column=id_column(params), recipe=recipe)
        for refused in (one for one in composed.summary.augmented if one.refused):
            self.say(f"none of the rows that {refused.name} made trains: {refused.refused}")
        return to_frame(composed.train)

    @cached_property
    def _suite(self) -> Suite | None:
        """What looks over rows that a recipe makes."""
        return suite_of_made(self.project)

    def _judge(self, until: int) -> int:
        """The next window that can judge."""
        return next((at for at in range(until + 1, len(self.past.windows)) if self.known(at).any()), until + 1)

    @cached_property
    def _curation(self) -> Curation:
        """The rules on single rows, which may speak of a column that only some windows have."""
        from keepfit.flows.rows.curation import curation

        return replace(curation(self.project), columns=frozenset(name for table in self.past.tables for name in table.column_names))

    def _expired(self, until: int) -> list[str]:
        """The rules on single rows that no longer hold when the next window judges."""
        dated = [rule for rule in self._curation.rules if rule.expires is not None]
        end = next((window.end for window in self.past.windows[self._judge(until) :]), None) if dated else None
        return [rule.name for rule in dated if end is not None and rule.expired(end)]

    def _oldest(self, until: int, recipe: Recipe) -> int:
        """The first window that can train: as far back as the recipe looks at windows with labels."""
        needed = recipe.windows_needed
        if needed is None:
            return 0
        usable = [window for window in range(until + 1) if self.known(window).any() and self.past.windows[window].id not in self.past.unusable]
        return min(usable[-needed:], default=0)

    def _recipe(self, recipe: str) -> Recipe:
        """What composes: the recipe that params.yaml uses, or another by its name."""
        from keepfit.compose.recipe import recipe_of

        return recipe_of(self.project.params.compose, name_of(recipe))

    def _told(self, recipe: str) -> str:
        name = name_of(recipe)
        return "all rows" if recipe == ALL_HISTORY else "what params.yaml composes" if name is None else f"the recipe {name}"

    def _unusable(self, until: int) -> dict[str, WindowDecision]:
        """What composing is told of the windows up to this one that train nothing; the one after has to be there, whatever it is."""
        from keepfit.tables.window_decisions import WindowDecision

        names = [window.id for window in self.past.windows[: until + 1] if window.id in self.past.unusable]
        return {name: WindowDecision(verdict="exclude", reason="excluded, or blocked and not decided on") for name in names}

    @property
    def repo(self) -> Path | None:
        """The repository that a training command of its own runs in."""
        return self.project.repo if self.project.params.train.command is not None else None

    @cached_property
    def _scorers(self) -> dict[Trained, Scorer]:
        return {}

    # -- keys -----------------------------------------------------------------------------------------------------------

    def model_key(self, model: Trained) -> str:
        """Return the digest of all that a model is made from; recipes that say the same have the same."""
        if model not in self._keys:
            composed = model.recipe != ALL_HISTORY
            unusable = [*sorted(self._unusable(model.until)), *self._expired(model.until)] if composed else []
            people = self._people(self._judge(model.until) if composed else model.until)
            said = [] if people is None else [people.digest]
            made = [*self._plain, *(self._composing(self._recipe(model.recipe)) if composed else ())]
            self._keys[model] = key_of("params" if composed else ALL_HISTORY, self.past.own_digests[: model.until + 1], made, unusable, *said)
        return self._keys[model]

    def _composing(self, recipe: Recipe) -> list[object]:
        """All that composing by a recipe depends on beside its rows: where rows are made, the suite that looks them over as well."""
        looked_over = [text_of_suite(self.project)] if recipe.augments else []
        return [identity_of_recipe(self.project.params.compose, recipe), *self._curation.told, *looked_over]

    @cached_property
    def _keys(self) -> dict[Trained, str]:
        return {}

    @cached_property
    def _plain(self) -> list[object]:
        """All that every training depends on beside its rows and what composes them."""
        params = self.project.params
        sections = [identity_of(part, section) for part, section in (("model", params.model), ("data", params.data), ("train", params.train))]
        return [*sections, version("scikit-learn"), self._code, "sorted by id"]

    @cached_property
    def _code(self) -> str:
        """The digest of the repository's files, if a command of its own trains."""
        if self.repo is None:
            return ""
        from keepfit.integrations.programs.git import GitRepo

        listed = GitRepo(self.repo).run("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        files = [self.repo / name for name in sorted(set(filter(None, listed))) if Path(name).name not in WRITTEN]
        return key_of([(str(file), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files if file.is_file()])
