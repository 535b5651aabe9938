"""What visitors keep is the business of nobody else who has an account on the machine."""

import stat
from pathlib import Path

from poetbot.storage import Home


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_every_folder_above_a_visitors_data_is_private(tmp_path: Path) -> None:
    home = Home(tmp_path / "data").visitor("guest-0")
    home.create(home.poets)
    for folder in (home.poets, home.root, home.root.parent, tmp_path / "data"):
        assert mode(folder) == 0o700, folder


def test_a_folder_of_visitors_that_everybody_could_list_is_closed(tmp_path: Path) -> None:
    home = Home(tmp_path / "data").visitor("guest-0")
    home.root.parent.mkdir(mode=0o755, parents=True)
    home.root.parent.chmod(0o755)
    home.create(home.corpora)
    assert mode(home.root.parent) == 0o700
