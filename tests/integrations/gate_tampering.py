"""The random walk: evidence is made, and what lies there is changed by who has no business with it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.integrations.gate_draws import often
from tests.integrations.gate_oracle import Model
from tests.integrations.gate_walk import FREE, MAIN, NEIGHBOUR, Walk, hours

from keepfit.gate.certificate import parse_certificate


class Tampering(Walk):
    """Versions and certificates, honest ones and others."""

    # -- evidence --------------------------------------------------------------------------------------------------------

    @rule(content=often["content"], paper=often["paper"], compared=often["compared"])
    def register_and_certify(self, content, paper, compared):
        number = self.create(MAIN, content)
        self.write(MAIN, number, paper, compared)
        self.count("register")

    @rule(name=st.sampled_from([MAIN, NEIGHBOUR, FREE]), content=often["content"])
    def register(self, name, content):
        self.create(name, content)
        self.count("register")

    @rule(name=often["name"], back=often["back"], paper=often["paper"], compared=often["compared"])
    def certify(self, name, back, paper, compared):
        number = self.version(name, back)
        if number is not None:
            self.write(name, number, paper, compared)

    # -- tampering -------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.has())
    @rule(back=often["back"], how=st.sampled_from(["change", "change", "add", "restore", "restore", "restore", "restore"]))
    def tamper_with_bytes(self, back, how):
        self.tampers(self.version(MAIN, back), how)

    def tampers(self, number, how):
        run = self.oracle.models[MAIN].versions[number].run
        folder = self.world.files(number, MAIN)
        (folder / "data" / "candidate" / "estimator.joblib").write_text(run.original + ("!" if how == "change" else ""))
        (folder / "more").unlink(missing_ok=True)
        if how == "add":
            (folder / "more").write_text("x")
        run.content = run.original + {"change": "!", "add": "+", "restore": ""}[how]
        self.count(f"tamper with bytes: {how}")

    @precondition(lambda self: self.has())
    @rule(back=often["back"])
    def tamper_with_the_certificate(self, back):
        self.forge(self.version(MAIN, back))

    def forge(self, number):
        """Everything in the newest certificate is made right but the signature."""
        run = self.oracle.models[MAIN].versions[number].run
        if not run.papers:
            return
        paper = run.papers[-1]
        path = self.world.files(number, MAIN).parent / "keepfit" / paper.file
        told = parse_certificate(path.read_text()).statement
        made = json.loads(told.payload)
        made["expires"] = hours(self.oracle.now + 999).isoformat()
        made["model_digest"] = self.world.digest(number, MAIN)
        made["version"] = str(number)
        for each in made["scorecard"]["rows"]:
            each["status"] = "pass"
        forged = replace(told, payload=json.dumps(made).encode())
        path.write_text(forged.text)
        run.papers[-1] = replace(paper, signer="forged", digest=forged.identity, content=run.content)
        self.count("tamper with the certificate")

    @precondition(lambda self: len(self.oracle.models.get(MAIN, Model()).versions) > 1)
    @rule(back=often["back"])
    def borrow_a_certificate(self, back):
        self.borrows(self.version(MAIN, back))

    def borrows(self, number):
        """Another version's certificate is laid beside this one."""
        versions = self.oracle.models[MAIN].versions
        lent = next((other for other in sorted(versions, reverse=True) if other != number and versions[other].run.papers), None)
        if lent is None or versions[lent].run is versions[number].run:
            return
        paper = versions[lent].run.papers[-1]
        target = self.world.files(number, MAIN).parent / "keepfit"
        target.mkdir(exist_ok=True)
        shutil.copy(self.world.files(lent, MAIN).parent / "keepfit" / paper.file, target / paper.file)
        versions[number].run.papers.append(paper)
        self.count("borrow a certificate")

    @precondition(lambda self: self.has())
    @rule(back=often["back"])
    def tamper_with_tags_and_metrics(self, back):
        """What the gate writes for people is written by somebody else, and the run says that all is well."""
        self.tags(self.version(MAIN, back))

    def tags(self, number):
        from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag

        signs = {"kf.verdict": "promoted: alias champion", "kf.verdict.attested": "signed", "kf.verdict.codes": "none", "certified": "true"}
        for key, value in signs.items():
            self.stock.set_model_version_tag(MAIN, number, ModelVersionTag(key, value))  # past the gate, which lets nobody say its own words
        self.refuses(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("kf.verdict", "promoted: alias champion")))
        run = self.stock.get_model_version(MAIN, number).run_id
        self.world.client.log_metric(run, "roc_auc", 1.0)
        self.world.client.set_tag(run, "keepfit.certified", "true")
        self.refuses(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("keepfit.certified", "true")))
        self.refuses(lambda: self.store.set_registered_model_tag(MAIN, RegisteredModelTag("mlflow.prompt.is_prompt", "true")))
        self.count("tamper with tags and metrics")
