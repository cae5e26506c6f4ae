"""Every verb of MLflow's registry store with arguments to try it with: mostly such as succeed, in many spellings, and some that must fail.

A verb is a function from a `Wish` to the arguments by name. `VERBS` holds them by the name of the store's method.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from tests.integrations.registries import History

VERBS = {}
READS = ("get_", "search_", "list_", "supports_")
TRACKING = ("link_",)  # these write into the tracking store, too

MODELS = ("wind", "rain", "snow", "Wind", "flights-late", "sünny-日本", "guardedflights", "hail", "fog")
PROMPTS = ("ask", "answer", "greet", "thank")
ODD_NAMES = ("", "nobody", "a/b", "a:b", "..", "a b", "\x00", "\u200b", "İ", "🐈", "x" * 300, None, 7)
ALIASES = ("champion", "Champion", "challenger", "ｃｈａｍｐｉｏｎ", "prod", "x.y-z")
ODD_ALIASES = ("latest", "v3", "", "a b", "x" * 300, None)
STAGES = ("Production", "pRODUCTION", "Staging", "staging", "Archived", "None")
TAGS = ("team", "keepfit.certified", "kf.verdict", "approve", "request-waive", "KeepFit.x", "mlflow.prompt.is_prompt", "a/b c")
VALUES = ("", "1", "true", "ünï", "a\nb", "x" * 4000)
TEXTS = (None, "", "what it is", "日本 'quoted' \"twice\"", "x" * 4000)
EVENTS = ("registered_model.created", "model_version.created", "model_version_alias.created", "prompt.created")


def verb(made):
    """Register a verb under the name of the method it tries."""
    VERBS[made.__name__] = made
    return made


# -- what is there, and wishes ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What stands in a registry; a read of its tables, so that no store's answer decides what is tried next."""

    models: list
    prompts: list
    versions: list
    prompt_versions: list
    aliases: list
    webhooks: list
    tokens: list = field(default_factory=list)


def known(path, tokens):
    """Read what there is from a SQLite database."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:

        def rows(sql):
            return connection.execute(sql).fetchall()

        prompts = [name for (name,) in rows("select name from registered_model_tags where key = 'mlflow.prompt.is_prompt' and value = 'true' order by name")]
        names = [name for (name,) in rows("select name from registered_models order by name")]
        versions = rows("select name, version from model_versions where current_stage != 'Deleted_Internal' order by name, version")
        return Known(
            models=[name for name in names if name not in prompts],
            prompts=[name for name in names if name in prompts],
            versions=[each for each in versions if each[0] not in prompts],
            prompt_versions=[each for each in versions if each[0] in prompts],
            aliases=rows("select name, alias from registered_model_aliases order by name, alias"),
            webhooks=[each for (each,) in rows("select webhook_id from webhooks where deleted_timestamp is null order by webhook_id")],
            tokens=tokens,
        )


class Wish:
    """Draws arguments. A writing verb never names what `untouched` begins."""

    def __init__(self, random, known, history: History, *, untouched=None):
        self.random, self.known, self.history, self.untouched = random, known, history, untouched

    def one(self, *things):
        return self.random.choice(things)

    def coin(self):
        return self.one(False, True)

    def rarely(self):
        return self.random.randrange(8) == 7

    def some(self, **wishes):
        """Each optional argument in half of the calls."""
        return {name: wish() for name, wish in wishes.items() if self.coin()}

    def allowed(self, things):
        free = [each for each in things if self.untouched is None or not str(each if isinstance(each, str) else each[0]).startswith(self.untouched)]
        return free or [("nobody", 1) if things and not isinstance(things[0], str) else "nobody"]

    def odd_name(self):
        return self.one(*ODD_NAMES)

    def model(self):
        return self.odd_name() if self.rarely() else self.one(*self.allowed([*self.known.models, *self.known.models, *self.known.prompts]))

    def prompt(self):
        return self.model() if self.rarely() or not self.known.prompts else self.one(*self.known.prompts)

    def free(self, pool):
        """A name that is not taken, most of the time."""
        left = [name for name in pool if name not in (*self.known.models, *self.known.prompts)]
        if self.rarely() or not left:
            return self.odd_name() if self.coin() else self.one(*pool)
        return self.one(*left)

    def versioned(self):
        """Name and version of what is there, in one of the spellings a caller may use; or of what is not."""
        name, version = self.one(*self.allowed(self.known.versions or [("nobody", 1)]))
        return {"name": name, "version": self.spelled(version)}

    def prompted(self):
        if self.rarely() or not self.known.prompt_versions:
            return self.versioned()
        name, version = self.one(*self.known.prompt_versions)
        return {"name": name, "version": self.spelled(version)}

    def spelled(self, version):
        if self.rarely():
            return self.one(99, 0, -1, "x", "1.5", None, "")
        return self.one(version, str(version), f"0{version}")

    def alias(self):
        return self.one(*ODD_ALIASES) if self.rarely() else self.one(*ALIASES)

    def aliased(self):
        """Name and alias of what is there, most of the time."""
        there = self.allowed(self.known.aliases or [("nobody", "champion")])
        name, alias = (self.model(), self.alias()) if self.rarely() else self.one(*there)
        return {"name": name, "alias": alias if isinstance(alias, str | None) else "champion"}

    def text(self):
        return self.one(*TEXTS)

    def key(self):
        return self.one("", None, "x" * 300, "../x") if self.rarely() else self.one(*TAGS)

    def value(self):
        return self.one(*VALUES)

    def tags(self, kind):
        return [kind(self.one(*TAGS), self.value()) for _ in range(self.one(0, 1, 2, 3))]

    def named_tags(self):
        return {self.one(*TAGS): self.value() for _ in range(self.one(0, 1, 2))}

    def events(self):
        from mlflow.entities.webhook import WebhookEvent

        return [WebhookEvent.from_str(each) for each in EVENTS if self.coin()] or [WebhookEvent.from_str(EVENTS[0])]

    def page(self, orders, filters):
        """Arguments of a search."""
        return self.some(
            filter_string=lambda: self.one("name ~ 'x'", "what = 'x'", "'") if self.rarely() else self.one(*filters),
            max_results=lambda: self.one(0, -1, 10**9) if self.rarely() else self.one(1, 2, 5, 100),
            order_by=lambda: self.one(["what"], ["name", "name"]) if self.rarely() else self.one(*orders),
            page_token=self.token,
        )

    def token(self):
        return "no token" if self.rarely() else self.one(None, *self.known.tokens[-3:])


# -- models -----------------------------------------------------------------------------------------------------------------


def _model_tag(key, value):
    from mlflow.entities.model_registry import RegisteredModelTag

    return RegisteredModelTag(key, value)


def _version_tag(key, value):
    from mlflow.entities.model_registry import ModelVersionTag

    return ModelVersionTag(key, value)


@verb
def create_registered_model(wish):
    options = wish.some(tags=lambda: wish.tags(_model_tag), description=wish.text, deployment_job_id=lambda: "job")
    return {"name": wish.free(MODELS), **options}


@verb
def update_registered_model(wish):
    return {"name": wish.model(), "description": wish.text(), **wish.some(deployment_job_id=lambda: "job")}


@verb
def rename_registered_model(wish):
    return {"name": wish.model(), "new_name": wish.free(MODELS)}


@verb
def delete_registered_model(wish):
    return {"name": wish.model()}


@verb
def get_registered_model(wish):
    return {"name": wish.model()}


@verb
def search_registered_models(wish):
    orders = (["name DESC"], ["last_updated_timestamp DESC", "name"], ["creation_timestamp"], [])
    filters = ("name = 'wind'", "name LIKE '%a%'", "name ILIKE 'W%'", "tags.team = 'weather'", "tags.`mlflow.prompt.is_prompt` = 'true'", "", None)
    return wish.page(orders, filters)


@verb
def get_latest_versions(wish):
    return {"name": wish.model(), **wish.some(stages=lambda: ["what"] if wish.rarely() else [wish.one(*STAGES), wish.one(*STAGES)])}


@verb
def set_registered_model_tag(wish):
    return {"name": wish.model(), "tag": _model_tag(wish.key(), wish.value())}


@verb
def delete_registered_model_tag(wish):
    return {"name": wish.model(), "key": wish.key()}


# -- versions ---------------------------------------------------------------------------------------------------------------


@verb
def create_model_version(wish):
    options = wish.some(
        run_id=lambda: wish.one(*wish.history.runs),
        tags=lambda: wish.tags(_version_tag),
        run_link=lambda: "https://example.org/run",
        description=wish.text,
        local_model_path=lambda: "/tmp/model",
        model_id=lambda: wish.one(*wish.history.logged_models, None),
    )
    return {"name": wish.model(), "source": _source(wish), **options}


def _source(wish):
    copied = [f"models:/{name}/{version}" for name, version in wish.known.versions[:4]]
    logged = [f"models:/{each}" for each in wish.history.logged_models]
    return wish.one("models:/nobody/1", "models:/m-0", "models:/a/b/c", "") if wish.rarely() else wish.one("/models/x", "s3://bucket/x", *copied, *logged)


@verb
def update_model_version(wish):
    return {**wish.versioned(), "description": wish.text()}


@verb
def transition_model_version_stage(wish):
    stage = wish.one("what", "", None) if wish.rarely() else wish.one(*STAGES)
    return {**wish.versioned(), "stage": stage, "archive_existing_versions": wish.one(False, False, True)}


@verb
def delete_model_version(wish):
    return wish.versioned()


@verb
def get_model_version(wish):
    return wish.versioned()


@verb
def get_model_version_download_uri(wish):
    return wish.versioned()


@verb
def search_model_versions(wish):
    orders = (["name DESC", "version_number ASC"], ["last_updated_timestamp DESC"], ["creation_timestamp ASC"], [])
    run = f"run_id = '{wish.history.runs[0]}'"
    filters = ("name = 'wind'", "name LIKE '%in%'", run, "source_path = '/models/x'", "tags.number = '1'", "tag.approve != 'x'", "version_number > 1", "", None)
    return wish.page(orders, filters)


@verb
def set_model_version_tag(wish):
    return {**wish.versioned(), "tag": _version_tag(wish.key(), wish.value())}


@verb
def delete_model_version_tag(wish):
    return {**wish.versioned(), "key": wish.key()}


@verb
def copy_model_version(wish):
    """The source is named here; the driver hands both stores the same entity."""
    name, version = wish.one(*(wish.known.versions or [("nobody", 1)]))
    wanted = wish.model() if wish.coin() else wish.free(MODELS)
    return {"src_mv": (name, version), "dst_name": wanted if isinstance(wanted, str) else "nobody"}  # no text: a test of its own


# -- aliases ----------------------------------------------------------------------------------------------------------------


@verb
def set_registered_model_alias(wish):
    return {**wish.versioned(), "alias": wish.alias()}


@verb
def delete_registered_model_alias(wish):
    return wish.aliased()


@verb
def get_model_version_by_alias(wish):
    return {**wish.aliased(), **({"alias": "latest"} if wish.rarely() else {})}


# -- prompts ----------------------------------------------------------------------------------------------------------------


@verb
def create_prompt(wish):
    return {"name": wish.free(PROMPTS), **wish.some(description=wish.text, tags=wish.named_tags)}


@verb
def search_prompts(wish):
    filters = ("name = 'ask'", "name LIKE '%a%'", "tags.tone = 'kind'", "experiment_id = '1'", "", None)
    return wish.page((["name DESC"], ["creation_timestamp"], []), filters)


@verb
def delete_prompt(wish):
    return {"name": wish.prompt()}


@verb
def set_prompt_tag(wish):
    return {"name": wish.prompt(), "key": wish.key(), "value": wish.value()}


@verb
def delete_prompt_tag(wish):
    return {"name": wish.prompt(), "key": wish.key()}


@verb
def get_prompt(wish):
    return {"name": wish.prompt()}


@verb
def create_prompt_version(wish):
    template = wish.one("Is it {{what}}?", "", [{"role": "user", "content": "Hello {{name}}"}])
    options = wish.some(
        description=wish.text,
        tags=wish.named_tags,
        response_format=lambda: {"type": "object"},
        model_config=lambda: {"model_name": "small", "temperature": 0.5},
    )
    return {"name": wish.prompt(), "template": template, **options}


@verb
def get_prompt_version(wish):
    found = wish.prompted()
    return {"name": found["name"], "version": wish.alias() if wish.rarely() else found["version"]}


@verb
def delete_prompt_version(wish):
    return wish.prompted()


@verb
def get_prompt_version_by_alias(wish):
    there = [each for each in wish.known.aliases if each[0] in wish.known.prompts]
    name, alias = wish.one(*there) if there and not wish.rarely() else (wish.prompt(), wish.alias())
    return {"name": name, "alias": alias}


@verb
def set_prompt_alias(wish):
    return {**wish.prompted(), "alias": wish.alias()}


@verb
def delete_prompt_alias(wish):
    return {"name": wish.prompt(), "alias": wish.alias()}


@verb
def search_prompt_versions(wish):
    return {"name": wish.prompt(), **wish.some(max_results=lambda: wish.one(1, 2, 100), page_token=wish.token)}


@verb
def set_prompt_version_tag(wish):
    return {**wish.prompted(), "key": wish.key(), "value": wish.value()}


@verb
def delete_prompt_version_tag(wish):
    return {**wish.prompted(), "key": wish.key()}


@verb
def link_prompts_to_trace(wish):
    """The prompt versions are named here; the driver hands both stores the same entities."""
    found = [wish.one(*wish.known.prompt_versions)] if wish.known.prompt_versions else []
    return {"prompt_versions": found, "trace_id": "tr-nobody" if wish.rarely() else wish.one(*wish.history.traces)}


@verb
def link_prompt_version_to_model(wish):
    return {**wish.prompted(), "model_id": "m-nobody" if wish.rarely() else wish.one(*wish.history.logged_models)}


@verb
def link_prompt_version_to_run(wish):
    return {**wish.prompted(), "run_id": "nobody" if wish.rarely() else wish.one(*wish.history.runs)}


# -- webhooks ---------------------------------------------------------------------------------------------------------------


def _webhook(wish):
    return "nobody" if wish.rarely() or not wish.known.webhooks else wish.one(*wish.known.webhooks)


def _address(wish):
    return wish.one("http://8.8.8.8", "https://127.0.0.1/x", "") if wish.rarely() else wish.one("https://8.8.8.8/a", "https://8.8.4.4/b")


def _status(wish):
    from mlflow.entities.webhook import WebhookStatus

    return wish.one(*WebhookStatus)


@verb
def create_webhook(wish):
    name = wish.one("", "a b", None) if wish.rarely() else wish.one("bell", "horn", "drum")
    options = wish.some(description=wish.text, secret=lambda: "hush", status=lambda: _status(wish))
    return {"name": name, "url": _address(wish), "events": wish.events(), **options}


@verb
def get_webhook(wish):
    return {"webhook_id": _webhook(wish)}


@verb
def list_webhooks(wish):
    return wish.some(max_results=lambda: 5000 if wish.rarely() else wish.one(1, 2, 100), page_token=wish.token)


@verb
def list_webhooks_by_event(wish):
    return {"event": wish.events()[0], **list_webhooks(wish)}


@verb
def update_webhook(wish):
    options = wish.some(
        name=lambda: "gong",
        description=wish.text,
        url=lambda: _address(wish),
        events=wish.events,
        secret=lambda: "hush",
        status=lambda: _status(wish),
    )
    return {"webhook_id": _webhook(wish), **options}


@verb
def delete_webhook(wish):
    return {"webhook_id": _webhook(wish)}
