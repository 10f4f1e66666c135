"""`sila-ot2 camera`: pictures and movies of the deck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson, number_within
from sila_ot2.cli.terminal import show_json
from sila_ot2.cli.written_file import write_file
from sila_ot2.constraints import limits

if TYPE_CHECKING:
    from sila_ot2.client import OT2

camera = typer.Typer(no_args_is_help=True, help="Take pictures and movies of the deck. Nothing moves.")

DURATION = limits("OT2CameraService", "CaptureMovie", "Duration")
APART = limits("OT2CameraService", "CaptureMovie", "PictureInterval")
Dark = Annotated[bool, typer.Option("--dark", help="Leave the rail lights as they are.")]


@camera.command("picture")
@on_server
def take_picture(
    client: OT2,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write (JPEG).")] = Path("deck.jpg"),
    dark: Dark = False,
    as_json: AsJson = False,
) -> None:
    """Take a picture of the deck, which lasts about a second."""
    from sila_ot2.cli.progress import wait_for

    taken = wait_for("Taking a picture", client.camera_service.take_picture, lights_on=not dark)
    write_file(file, taken.picture)
    if as_json:
        show_json({"File": str(file), "Size": len(taken.picture)})
    else:
        print(f"{file}: {len(taken.picture):,} bytes")


@camera.command("movie")
@on_server
def capture_movie(
    client: OT2,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write (MP4).")] = Path("deck.mp4"),
    seconds: Annotated[
        float, typer.Option("--seconds", **number_within(*DURATION), help="How long the movie lasts.")
    ] = 10,
    every: Annotated[
        float,
        typer.Option("--every", metavar="SECONDS", **number_within(*APART), help="How far its pictures are apart."),
    ] = 1,
    dark: Dark = False,
    as_json: AsJson = False,
) -> None:
    """Take pictures of the deck for some time, and make a movie of them; Ctrl-C ends it without a movie."""
    from sila_ot2.cli.progress import wait_for

    capture = client.camera_service.capture_movie
    movie = wait_for("Filming", capture, seconds, picture_interval=every, lights_on=not dark)
    write_file(file, movie.movie)
    if as_json:
        show_json({"File": str(file), "Size": len(movie.movie), "MissedPictureCount": movie.missed_picture_count})
        return
    print(f"{file}: {len(movie.movie):,} bytes")
    if movie.missed_picture_count:
        print(f"{movie.missed_picture_count} pictures are missing; see the log of the server.")
