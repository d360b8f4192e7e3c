"""`assent up` and `assent work`: a marketplace from one command."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

import click

from assent.cli.market import data_option, open_market

DEMO_MARK = "this-is-a-demo"
DEMO_COOLING_OFF_SECONDS = "60"


@click.command("up")
@click.option("--demo", is_flag=True, help="A demo marketplace with invented people and data.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--takedown-only", is_flag=True, help="Serve just the takedown path.")
@data_option
def up(demo: bool, host: str, port: int, takedown_only: bool, data: Path) -> None:
    """Start the marketplace: web and worker. Ctrl-C stops both."""
    data = data.expanduser().resolve()
    _check_demo(demo, host, data)
    _check_port(host, port)
    os.environ.setdefault("ASSENT_SITE_URL", f"http://{host}:{port}")
    if demo:
        os.environ["ASSENT_DEMO"] = "1"
        os.environ.setdefault("ASSENT_PAYOUT_COOLING_OFF_SECONDS", DEMO_COOLING_OFF_SECONDS)
        os.environ.setdefault("ASSENT_PAYMENTS", "sandbox")
    if takedown_only:
        os.environ["ASSENT_TAKEDOWN_ONLY"] = "1"
        os.environ["DJANGO_SETTINGS_MODULE"] = "assent.config.settings_takedown"
    open_market(data)
    from assent.ops.prepare import prepare, prepare_takedown
    from assent.ops.supervise import supervise

    if takedown_only:
        prepare_takedown()
    else:
        prepare(demo=demo, say=click.echo)
    sys.exit(supervise(host, port, worker=not takedown_only, say=click.echo))


@click.command("work")
@data_option
def work(data: Path) -> None:
    """Run one more worker for a marketplace that is up."""
    open_market(data)
    from assent.ops.worker import run_worker

    run_worker()


def _check_demo(demo: bool, host: str, data: Path) -> None:
    mark, market = data / DEMO_MARK, data / "assent.sqlite3"
    if not demo:
        if mark.exists():
            raise click.UsageError(
                f"{data} holds a demo. Use another folder, or add --demo to go on with it."
            )
        return
    if os.environ.get("ASSENT_DATABASE_URL"):
        raise click.UsageError("The demo runs on its own embedded database, not on PostgreSQL.")
    if not _is_loopback(host):
        raise click.UsageError("The demo has known passwords, so it listens on 127.0.0.1 alone.")
    if market.exists() and not mark.exists():
        raise click.UsageError(f"{data} holds a real marketplace. Give the demo another --data.")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text("Known passwords, invented people. Never serve this folder to others.\n")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            click.echo(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another, as in "
                f"`make run PORT={port % 65535 + 1}` or `assent up --port {port % 65535 + 1}`.",
                err=True,
            )
            sys.exit(3)
