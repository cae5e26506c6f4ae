"""`keepfit server`."""

from __future__ import annotations

from pathlib import Path

import click

from keepfit.flows.serving import server as flow


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--backend-store-uri", metavar="URI", help="The database.  [default: SQLite under .keepfit/server/]")
@click.option("--artifacts-destination", metavar="PLACE", help="Where the server keeps artifacts it serves.  [default: .keepfit/server/artifacts]")
@click.option("--artifact-root", metavar="PLACE", help="Instead: clients read and write artifacts there themselves.")
@click.option("--rules", metavar="PLACE", help="The gate's rules: a file, or git+file://REPO@BRANCH:PATH.  [default: KEEPFIT_GATE or gate.yaml]")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Server processes.")
@click.option("--auth", type=click.Choice(["basic-auth"]), help="With users and permissions: MLflow's basic-auth.  [default: none]")
def server(
    host: str,
    port: int,
    backend_store_uri: str | None,
    artifacts_destination: str | None,
    artifact_root: str | None,
    rules: str | None,
    workers: int,
    auth: str | None,
) -> None:
    """Start a gated MLflow server; it runs until it is stopped."""
    if artifacts_destination and artifact_root:
        raise click.UsageError("--artifacts-destination and --artifact-root exclude each other")
    start = flow.plan(
        flow.ServerOptions(
            host=host,
            port=port,
            backend_store_uri=backend_store_uri,
            artifacts_destination=artifacts_destination,
            artifact_root=artifact_root,
            rules=rules,
            workers=workers,
            basic_auth=auth == "basic-auth",
        ),
        here=Path.cwd(),
    )
    click.echo(f"keepfit: MLflow at {start.url}, models at {start.url}/#/models, gated by {start.rules}", err=True)
    flow.become(start)
