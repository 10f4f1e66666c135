"""Two servers must not drive one robot."""

import pytest

from sila_ot2.store.directory_lock import StateDirectoryTaken, lock_directory


def test_a_state_directory_belongs_to_one_server_at_a_time(tmp_path):
    first = lock_directory(tmp_path)
    with pytest.raises(StateDirectoryTaken, match="two servers must not drive one robot"):
        lock_directory(tmp_path)
    first.release()
    lock_directory(tmp_path).release()
