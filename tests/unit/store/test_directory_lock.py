"""Two servers must not drive one robot."""

import pytest

from sila_ot2.store.directory_lock import StateDirectoryTaken, own


def test_a_state_directory_belongs_to_one_server_at_a_time(tmp_path):
    first = own(tmp_path)
    with pytest.raises(StateDirectoryTaken, match="two servers must not drive one robot"):
        own(tmp_path)
    first.release()
    own(tmp_path).release()
