"""The command line: click, lazy, one file per command group, no logic.

`COMMANDS` maps a command to the module that holds it; a module is imported when its command is asked for, never for `--help`
of the whole, which reads the one-line summaries from here.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from keepfit import __version__
from keepfit.errors import out_of_space
from keepfit.integrations.programs.collector import collect_rarely

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("keepfit.cli.start:init", "Set up a project: the flights template, an own table, or an own train.py."),
    "demo": ("keepfit.cli.start:demo", "Run the whole loop on the flights of 2013."),
    "compare": ("keepfit.cli.watch:compare", "Compare two tables: a drift report in one command."),
    "data": ("keepfit.cli.data:data", "Say what changed in the data: between two revisions, or two tables."),
    "label": ("keepfit.cli.label:label", "Ask people for labels, and take in what they answered."),
    "skew": ("keepfit.cli.skew:skew", "Compare features logged online with those recomputed offline."),
    "monitor": ("keepfit.cli.watch:monitor", "Walk the closed windows: evidence, decision, tickets."),
    "backtest": ("keepfit.cli.backtest:backtest", "Score update policies over history, or race recipes on it."),
    "ticket": ("keepfit.cli.tickets:ticket", "List the open tickets, or show one."),
    "explain": ("keepfit.cli.tickets:explain", "Explain a ticket: what, where, how sure, how bad, since when."),
    "open": ("keepfit.cli.accept:open_", "Open a ticket's page in the browser, or its candidate's in MLflow."),
    "ack": ("keepfit.cli.tickets:ack", "Acknowledge a ticket until a date."),
    "resolve": ("keepfit.cli.tickets:resolve", "Close a ticket with a reason."),
    "replay": ("keepfit.cli.tickets:replay", "Take a ticket's decision again from the ledger, and compare."),
    "window": ("keepfit.cli.windows:window", "Exclude or accept a window that failed its expectations."),
    "expect": ("keepfit.cli.expect:expect", "Check the suites, try them on past windows, and see what each line was good for."),
    "suggest": ("keepfit.cli.suggest:suggest", "Propose expectations that past incidents would have broken, as a patch."),
    "improve": ("keepfit.cli.update:improve", "Open a branch for a ticket: compose, retrain, evaluate, register."),
    "accept": ("keepfit.cli.accept:accept", "Accept a reviewed candidate: merge, certify, promote, sync, close the ticket."),
    "comment": ("keepfit.cli.comment:comment", "Sum up a candidate in one comment for its pull request."),
    "sync": ("keepfit.cli.update:sync", "Pin the registry's champion as the next comparison's other side."),
    "evaluate": ("keepfit.cli.evaluate:evaluate", "Judge a registered version on a labelled table, without a project."),
    "impact": ("keepfit.cli.impact:impact", "Say what a candidate is worth, and whether promotions kept their promise."),
    "certify": ("keepfit.cli.promotion:certify", "Sign what was found about a version."),
    "promote": ("keepfit.cli.promotion:promote", "Move the champion alias through the gated server."),
    "rollback": ("keepfit.cli.promotion:rollback", "Move the champion alias back to a former champion."),
    "approve": ("keepfit.cli.people:approve", "Approve a version as champion."),
    "request": ("keepfit.cli.people:request", "Ask for a version to become champion, where others may move it."),
    "reject": ("keepfit.cli.people:reject", "Reject the open request for a version, with a reason."),
    "waive": ("keepfit.cli.people:waive", "Set one rule aside for one version, for a time."),
    "retire": ("keepfit.cli.people:retire", "Give up a model's champion."),
    "history": ("keepfit.cli.journal:history", "Show who promoted what on which evidence."),
    "report": ("keepfit.cli.impact:report", "Write a project's page, or half a page for stakeholders."),
    "audit": ("keepfit.cli.journal:audit", "Hold the registry against the gate's journal."),
    "verify": ("keepfit.cli.journal:verify", "Verify a model's bytes against their certificate."),
    "keys": ("keepfit.cli.promotion:keys", "Make a signing key pair."),
    "gate": ("keepfit.cli.promotion:gate", "Say what the gate would say: of a version, a commit, or the open requests."),
    "rules": ("keepfit.cli.rules:rules", "Explain the gate's rules in words."),
    "server": ("keepfit.cli.server:server", "Start a gated MLflow server."),
    "ledger": ("keepfit.cli.ledger:ledger", "Show what the ledger holds, back it up, and remove what nobody reads any more."),
    "params": ("keepfit.cli.params:params", "Show the params that hold, and where each is written."),
    "fleet": ("keepfit.cli.fleet:fleet", "Look at many models at once, worst first."),
    "hooks": ("keepfit.cli.hooks:hooks", "Deliver messages, and see what waits or was given up."),
    "doctor": ("keepfit.cli.doctor:doctor", "Look for what is open: server, rules, keys, versions."),
}


class LazyCommands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the story's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command's module; None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest command for one that does not exist."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from keepfit.errors import did_you_mean

            ctx.fail(f"no command {args[0]!r}\n  fix: {did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="keepfit")
def app() -> None:
    """Keep a machine-learning model fit for a changing world."""


def main() -> None:
    """Run the command line; an error becomes its sentence on stderr and its exit code."""
    collect_rarely()
    try:
        app.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as usage:
        usage.show()
        sys.exit(usage.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("keepfit: interrupted; run the same command again to go on", err=True)
        sys.exit(130)
    except OSError as error:
        _leave(error)
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence, and how to see the traceback
        sys.exit(_say(error))


def _say(error: Exception) -> int:
    from keepfit.flows.stages.stage import say_error

    return say_error(error)


def _leave(error: OSError) -> None:
    """End without a traceback where nobody reads any more, or where nothing more can be written."""
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    if not out_of_space(error):
        sys.exit(_say(error))
    click.echo(f"keepfit: {error.filename or 'the output'} cannot be written: {error.strerror}\n  fix: make room, and run the same command again", err=True)
    sys.exit(1)
