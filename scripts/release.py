"""Make a release: every step but the upload. RELEASING.md says when and how.

    python3 scripts/release.py prepare 0.2.0   # date CHANGELOG.md, record the promises, commit
    python3 scripts/release.py build           # from the last commit: build, check, install; the files are in dist/

`build` takes nothing but what is committed, builds the wheel twice and refuses two that differ.
"""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from environments import ROOT, EnvironmentFailed, environment_python, plain_environment

DIST = ROOT / "dist"
PYPROJECT, CHANGELOG = ROOT / "pyproject.toml", ROOT / "CHANGELOG.md"
VERSION = re.compile(r'^version = "(?P<version>[^"]+)"$', re.M)
NEVER_SHIPPED = re.compile(
    r"(^|/)(\.environments|\.git|\.venv|build|dist|__pycache__|\.hypothesis|\.[a-z]+_cache)/|\.pem$"
)
WRITE_PROMISES = "import promises, sys; sys.stdout.write(promises.written(promises.promises(), sys.argv[1]))"


class NotReady(Exception):
    """The release cannot be made; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Do a step; return the exit code."""
    try:
        if arguments[:1] == ["prepare"] and len(arguments) == 2:
            prepare(arguments[1])
        elif list(arguments) == ["build"]:
            build()
        else:
            print(__doc__)
            return 2
    except (NotReady, EnvironmentFailed) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))} failed: see above.", file=sys.stderr)
        return 1
    return 0


def prepare(version: str) -> None:
    """Write the version, the date of the release and its promises, and commit them.

    Raises:
        NotReady: something is not committed, or the version or the changelog does not fit.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise NotReady(f"{version} is not a version such as 0.2.0.")
    _require_clean()
    CHANGELOG.write_text(dated(CHANGELOG.read_text(encoding="utf-8"), version, datetime.date.today()), encoding="utf-8")
    PYPROJECT.write_text(
        VERSION.sub(f'version = "{version}"', PYPROJECT.read_text(encoding="utf-8"), 1), encoding="utf-8"
    )
    python = environment_python("server")
    promised = subprocess.run(
        [str(python), "-c", WRITE_PROMISES, version],
        cwd=ROOT / "scripts",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    released = ROOT / "features" / "released.json"
    released.write_text(promised.stdout, encoding="utf-8")
    _git("add", str(CHANGELOG), str(PYPROJECT), str(released))
    _git("commit", "-m", f"Release {version}")
    print(f"Committed the release {version}. Next: python3 scripts/test.py, then python3 scripts/release.py build")


def dated(changelog: str, version: str, day: datetime.date) -> str:
    """Return a changelog whose unreleased changes are those of a version.

    Raises:
        NotReady: nothing has changed, or the version has been released.
    """
    if f"## [{version}]" in changelog:
        raise NotReady(f"CHANGELOG.md has a section {version}: that version has been released.")
    before, heading, after = changelog.partition("## [Unreleased]\n")
    if not heading or not re.match(r"\s*(?!\s*## \[)\S", after):
        raise NotReady("CHANGELOG.md has no change under [Unreleased].")
    return f"{before}{heading}\n## [{version}] - {day.isoformat()}\n{after}"


def build() -> None:
    """Build the files of the last commit, check them, install them, and print the commands of the upload.

    Raises:
        NotReady: what was built is not fit to be published.
    """
    _require_clean()
    version = _version()
    if f"## [{version}]" not in CHANGELOG.read_text(encoding="utf-8"):
        raise NotReady(
            f"CHANGELOG.md has no section {version}: run `python3 scripts/release.py prepare {version}` first."
        )
    files = build_files(DIST)
    subprocess.run([sys.executable, "scripts/website.py"], cwd=ROOT, check=True)
    (wheel,) = (file for file in files if file.suffix == ".whl")
    subprocess.run([sys.executable, "scripts/install_check.py", str(wheel)], cwd=ROOT, check=True)
    print("\nEverything is ready in dist/. What is left, with your account:\n")
    print(f"git tag -a v{version} -m 'Release {version}' && git push --follow-tags")
    print(f"{plain_environment('release', ROOT / 'constraints' / 'release.txt').parent}/twine upload dist/*")
    print("copy build/site to the web server of the documentation")


def build_files(to: Path) -> list[Path]:
    """Build source archive and wheel of the last commit, twice, and check them.

    Raises:
        NotReady: the two builds differ, or a file is in them that belongs to a computer.
    """
    python = plain_environment("release", ROOT / "constraints" / "release.txt")
    with tempfile.TemporaryDirectory() as folder:
        built = []
        for name in ("first", "second"):
            source, out = Path(folder) / name / "source", Path(folder) / name / "dist"
            source.mkdir(parents=True)
            archive = Path(folder) / f"{name}.tar"
            _git("archive", "--output", str(archive), "HEAD")
            with tarfile.open(archive) as packed:
                packed.extractall(source, filter="data")
            readme = source / "README.md"
            text = readme.read_text(encoding="utf-8")
            readme.write_text(with_absolute_links(text, _repository(), _version()), encoding="utf-8")
            subprocess.run(
                [str(python), "-m", "build", "--no-isolation", "--outdir", str(out), str(source)],
                stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            built.append(out)
        differing = [
            file.name for file in built[0].iterdir() if file.read_bytes() != (built[1] / file.name).read_bytes()
        ]
        if differing:
            raise NotReady(f"Two builds of the same commit differ: {', '.join(differing)}.")
        for file in built[0].glob("*.tar.gz"):
            with tarfile.open(file) as packed:
                if foreign := not_to_ship(packed.getnames()):
                    raise NotReady(f"{file.name} contains {', '.join(foreign[:5])}.")
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(built[0], to)
    files = sorted(to.iterdir())
    subprocess.run([str(python), "-m", "twine", "check", "--strict", *map(str, files)], check=True)
    return files


def with_absolute_links(readme: str, repository: str, version: str) -> str:
    """Return a README that can be read on the package index, where links to files of the repository lead nowhere.

    Args:
        readme: The README of the repository.
        repository: Address of the repository; empty if pyproject.toml does not name it: links become plain text then,
            and pictures are left out.
        version: The version, whose tag is `v` and its number.
    """

    def replaced(link: re.Match[str]) -> str:
        if not repository:
            return "" if link["picture"] else link["text"]
        kind = "raw" if link["picture"] else "blob"
        return f"{link['picture']}[{link['text']}]({repository}/{kind}/v{version}/{link['path']})"

    return re.sub(r"(?P<picture>!?)\[(?P<text>[^\]]+)\]\((?!\w+:|#)(?P<path>[^)]+)\)", replaced, readme)


def not_to_ship(names: Sequence[str]) -> list[str]:
    """Return which files of an archive belong to the computer that built it."""
    return [name for name in names if NEVER_SHIPPED.search(name)]


def _require_clean() -> None:
    if changes := _git("status", "--porcelain"):
        raise NotReady(f"Commit or remove these first:\n{changes}")


def _version() -> str:
    found = VERSION.search(PYPROJECT.read_text(encoding="utf-8"))
    if found is None:
        raise NotReady("pyproject.toml has no version.")
    return found["version"]


def _repository() -> str:
    found = re.search(r'^Repository = "([^"]+)"$', PYPROJECT.read_text(encoding="utf-8"), re.M)
    return found[1].rstrip("/") if found else ""


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
