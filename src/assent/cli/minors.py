"""`assent quarantine` and `assent cybertip`: what must be kept and told of apparent minors."""

from __future__ import annotations

from pathlib import Path

import click

from assent.cli.errors import OutsideFailure
from assent.cli.market import data_option, require_market

_OUT = click.Path(dir_okay=False, path_type=Path)
DAYS_MAX = 1826


@click.command("quarantine")
@click.option("--hand-on", metavar="FILE", help="Write the sealed bytes of this file to --out.")
@click.option("--out", type=_OUT, help="Where --hand-on writes.")
@click.option("--extend", metavar="FILE", help="Preserve this file longer, by --days.")
@click.option("--days", type=click.IntRange(1, DAYS_MAX), help="How much longer.")
@data_option
def quarantine(
    hand_on: str | None, out: Path | None, extend: str | None, days: int | None, data: Path
) -> None:
    """List what is preserved, hand a sealed file on, or preserve it longer.

    Nothing here opens a file: whoever has the secret half of ASSENT_QUARANTINE_KEY does that, with
    the age tool, elsewhere. Each handing on is written down.
    """
    if (hand_on is None) != (out is None) or (extend is None) != (days is None):
        raise click.UsageError("--hand-on needs --out, and --extend needs --days.")
    require_market(data)
    from assent.casework.preserved import everything_preserved
    from assent.core.terms import Refused
    from assent.flows.preserve_minor import extend_preservation
    from assent.flows.preserve_minor import hand_on as handed_on
    from assent.gateways.quarantine import key_is_elsewhere

    try:
        if hand_on and out:
            out.write_bytes(handed_on(hand_on))
            click.echo(f"Sealed bytes in {out}. That is written down.")
            return
        if extend and days:
            click.echo(f"Preserved until {extend_preservation(extend, days):%Y-%m-%d}.")
            return
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    if not key_is_elsewhere():
        click.echo("ASSENT_QUARANTINE_KEY is not set: who has this disk can open what is sealed.")
    for one in everything_preserved():
        state = "erased" if one.erased_at else "sealed" if one.sealed_at else "waits to be sealed"
        click.echo(f"{one.file}  {one.size:>12,} bytes  until {one.until:%Y-%m-%d}  {state}")


@click.command("cybertip")
@click.argument("number")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A folder for the reports, as XML: one for each uploader.",
)
@click.option(
    "--send", is_flag=True, help="Send them too: to the test service, unless --production."
)
@click.option("--production", is_flag=True, help="Send them to the real service.")
@data_option
def cybertip(number: str, out: Path, *, send: bool, production: bool, data: Path) -> None:
    """Write the report on a case about an apparent minor, as NCMEC's CyberTipline documents it.

    It is checked against the documented rules, and sent only with --send, with the name and
    password that NCMEC gives a provider (ASSENT_NCMEC_USER, ASSENT_NCMEC_PASSWORD). Files are not
    sent: hand them on sealed. Not verified against the real service.
    """
    if production and not send:
        raise click.UsageError("--production needs --send.")
    require_market(data)
    from assent.core.preserving import faults
    from assent.core.terms import Refused
    from assent.flows.report_minor import reports_of

    try:
        case_key, reports = reports_of(number)
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    wrong = []
    for place, xml in enumerate(reports, start=1):
        path = out / f"tip-{number.upper()}-{place}.xml"
        path.write_bytes(xml)
        wrong += [f"{path}: {sentence}" for sentence in faults(xml)]
        click.echo(str(path))
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        raise SystemExit(1)
    click.echo("They fit the documented rules.")
    if send:
        _send(case_key, reports, production=production)
    else:
        click.echo("Nothing was sent.")


def _send(case_key: str, reports: list[bytes], *, production: bool) -> None:
    from assent.flows.report_minor import note_sent
    from assent.gateways import ncmec

    for xml in reports:
        try:
            report_id = ncmec.send(xml, production=production)
        except ncmec.NotTakenError as error:
            raise OutsideFailure(str(error)) from error
        note_sent(case_key, report_id, production=production)
        click.echo(f"Report {report_id}{'' if production else ' of the test service'}.")
