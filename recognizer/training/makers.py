"""Processes that make examples for a GPU, which learns from them faster than one core can make them."""

import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import torch
import torch.multiprocessing
from torch import Generator

from recognizer.errors import RecognizerError
from recognizer.training.config import Config
from recognizer.training.epochs import Examples, TrainingSet, concatenate
from recognizer.training.seeds import seed_of
from recognizer.training.team import Team


class Makers:
    """A training set on `device`, made one epoch ahead by `config.makers` processes. They end after the last epoch."""

    def __init__(self, config: Config, team: Team, device: torch.device) -> None:
        self.config = config
        self.team = team
        self.device = device
        self.ahead = 0  # the epoch that the processes are making; 0 for no epoch
        self.pipes: list[Connection] = []
        self.processes: list[BaseProcess] = []

    def batches(self, epoch: int) -> Iterator[Examples]:
        """Yield an epoch's batches, epochs from 1: all its examples in random order, `config.showings` times."""
        examples = self.take_epoch(epoch)
        generator = Generator().manual_seed(seed_of(self.config.seed, self.team.rank, epoch, "showings"))
        for _ in range(self.config.showings):
            yield from examples.shuffle(self.config.batches(), generator)

    def take_epoch(self, epoch: int) -> Examples:
        if self.ahead != epoch:
            if self.ahead:
                self.receive()  # an epoch that is no longer needed
            self.request(epoch)
        examples = self.receive()
        if epoch < self.config.epochs:
            self.request(epoch + 1)
        else:
            self.close()
        return Examples(*(column.to(self.device) for column in examples))

    def request(self, epoch: int) -> None:
        if not self.processes:
            self.start()
        for pipe in self.pipes:
            pipe.send(epoch)
        self.ahead = epoch

    def start(self) -> None:
        context = torch.multiprocessing.get_context("spawn")
        for number in range(self.config.makers):
            ours, theirs = context.Pipe()
            member = self.team.member(number, self.config.makers)
            process = context.Process(target=make_epochs, args=(self.config, member, theirs), daemon=True)
            process.start()
            theirs.close()  # only the process holds its end, so that its death closes the pipe
            self.pipes.append(ours)
            self.processes.append(process)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.join()
        self.ahead, self.pipes, self.processes = 0, [], []

    def receive(self) -> Examples:
        self.ahead = 0
        try:
            parts = [pipe.recv() for pipe in self.pipes]
        except (EOFError, ConnectionResetError):
            raise RecognizerError("a process that makes examples has ended; see its error above") from None
        return concatenate([Examples(*map(torch.from_numpy, part)) for part in parts])


def make_epochs(config: Config, team: Team, pipe: Connection) -> None:
    """Make the requested epochs until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the main process ends these
    torch.set_num_threads(1)
    training_set = TrainingSet(config, team)
    while True:
        try:
            epoch = pipe.recv()
        except EOFError:
            return
        examples = concatenate(list(training_set.make_epoch(epoch)))
        pipe.send([column.numpy() for column in examples])
