"""`sila-ot2 package`: everything that a server keeps of a run in one file, and the proof that nobody has changed it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.completion import complete_run
from sila_ot2.cli.connection import Certificate, StateDirectory, on_server, state_directory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.log import newest_run
from sila_ot2.cli.options import AsJson, Verbose
from sila_ot2.cli.terminal import beside, show_json
from sila_ot2.cli.written_file import write_file
from sila_ot2.store.run_package import PackageDamaged, Verified, verify

if TYPE_CHECKING:
    from sila_ot2.client import OT2

CERTIFICATES = "*/identity/*.crt"
"""Below a state directory: the present and former certificates of the servers on this computer."""

package = typer.Typer(no_args_is_help=True, help="Save everything about a run in one signed file, and check it.")


def save(
    client: OT2,
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="The run; without it the last one.", autocompletion=complete_run),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write. Default: run-RUN.zip.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Save the package of a run that has ended: protocol, data files, analysis, log, record and pictures."""
    from sila_ot2.cli.progress import wait_for

    run = run or newest_run(client)
    file = output or Path(f"run-{run}.zip")
    content = wait_for("Packing the run", client.run_controller.retrieve_run_package, run)
    write_file(file, content)
    if as_json:
        show_json({"RunIdentifier": run, "File": str(file), "Size": len(content)})
    else:
        print(f"The package of run {run} is in {file} ({len(content):,} bytes).")


package.command("save")(on_server(save))


@package.command("verify")
def verify_package(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The package.")],
    ca: Certificate = None,
    state_dir: StateDirectory = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Check that no byte of a package was changed, and that a server that is trusted has signed it.

    It trusts the servers that were ever started on this computer, or the certificate that --ca names.
    """
    try:
        with beside().status("Checking"):
            found = verify(file.read_bytes())
    except PackageDamaged as damaged:
        raise CommandLineError(
            f"{file}: {damaged}", remedy="Do not rely on it; retrieve it again.", code=ExitCode.FAILED
        ) from damaged
    except OSError as error:
        raise CommandLineError(
            f"{file} cannot be read ({error.strerror})", remedy="Name a package.", code=ExitCode.USAGE
        ) from error
    manifest = found.manifest
    if not _is_trusted(found, [ca] if ca else sorted(state_directory(state_dir).glob(CERTIFICATES))):
        raise CommandLineError(
            f"{file} is as it was signed, but it is not known who signed it: the certificate {found.fingerprint} is "
            f"not trusted here",
            remedy="Name the certificate of the server with --ca.",
            code=ExitCode.FAILED,
        )
    if as_json:
        show_json(
            {
                "RunIdentifier": manifest["run"], "MadeAt": manifest["made_at"], "Server": manifest["server"],
                "Fingerprint": found.fingerprint, "Missing": manifest["missing"],
            }
        )  # fmt: skip
        return
    print(f"The package of run {manifest['run']} is unchanged since {manifest['made_at']}.")
    print(f"It was signed by {manifest['server']} with the certificate {found.fingerprint}.")
    if manifest["missing"]:
        print(f"Deleted before it was made: {', '.join(manifest['missing'])}.")


def _is_trusted(found: Verified, files: list[Path]) -> bool:
    """Return whether one of the files has the certificate."""
    from cryptography import x509

    for file in files:
        try:
            if found.certificate in x509.load_pem_x509_certificates(file.read_bytes()):
                return True
        except (OSError, ValueError) as error:
            raise CommandLineError(
                f"The certificate {file} cannot be read: {error}", remedy="Name another.", code=ExitCode.USAGE
            ) from error
    return False
