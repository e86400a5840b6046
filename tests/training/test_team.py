"""Processes that share a run: their parts, their start and their end."""

import multiprocessing

import pytest
import torch
from torch import nn

from recognizer.errors import RecognizerError
from recognizer.training.team import ALONE, Team, lead_group

pytestmark = pytest.mark.slow


def add_up(team: Team) -> None:
    """A follower that stays in step with the leader until it ends."""
    network = team.synchronise(nn.Linear(1, 1))
    while True:
        network(torch.ones(1, 1)).sum().backward()


def end(team: Team) -> None:
    pass


def test_one_process_is_alone_and_shares_nothing():
    with lead_group(1, end) as team:
        assert team is ALONE and team.is_leader
        assert team.share([1, 2, 3]) == [1, 2, 3] and team.part(7) == 7
        network = nn.Linear(1, 1)
        assert team.synchronise(network) is network


def test_the_shares_of_a_team_cover_everything():
    shares = [Team(rank, 3).share(list(range(10))) for rank in range(3)]
    assert sorted(item for share in shares for item in share) == list(range(10))
    assert [Team(rank, 3).is_leader for rank in range(3)] == [True, False, False]


def test_followers_end_with_the_leader():
    with lead_group(2, add_up) as team:
        assert team == Team(0, 2)
        team.synchronise(nn.Linear(1, 1))(torch.ones(1, 1)).sum().backward()
        assert len(multiprocessing.active_children()) == 1
    assert multiprocessing.active_children() == []
    assert not torch.distributed.is_initialized()


def test_a_follower_that_dies_is_reported_to_the_leader():
    with (
        pytest.raises(RecognizerError, match="a process of this training has ended"),
        lead_group(2, end) as team,
    ):
        network = team.synchronise(nn.Linear(1, 1))
        network(torch.ones(1, 1)).sum().backward()
    assert multiprocessing.active_children() == []


def test_followers_end_when_the_leader_is_interrupted():
    with pytest.raises(KeyboardInterrupt), lead_group(2, add_up):
        raise KeyboardInterrupt
    assert multiprocessing.active_children() == []
