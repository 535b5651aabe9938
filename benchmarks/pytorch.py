"""The same work with PyTorch's `nn.LSTM`, for `training.py` and `writing.py`: prints characters per second.

`python -m benchmarks.pytorch training ROWS WINDOW`, or `writing`. `make bench` installs PyTorch (requirements-bench.txt).
"""

import statistics
import sys
import time

from benchmarks.sizes import full_or_tiny

LAYERS, UNITS, CHARACTERS = 3, full_or_tiny(300, 16), 65
STEPS, WRITTEN = full_or_tiny((6, 400), (1, 20))


def training(rows: int, window: int) -> float:
    """Return the median rate of a whole step: one-hot, forward, loss, backward, clipped gradient, Adam."""
    import torch
    from torch.nn import functional

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = torch.nn.LSTM(CHARACTERS, UNITS, LAYERS, dropout=0.1)
            self.dense = torch.nn.Linear(UNITS, CHARACTERS)

        def forward(self, x, state):
            hidden, state = self.lstm(x, state)
            return self.dense(hidden), state

    net = Net()
    adam = torch.optim.Adam(net.parameters(), 2e-3)
    ids = torch.randint(0, CHARACTERS, (window + 1, rows))
    state, rates = None, []
    for _ in range(STEPS + 2):
        began = time.perf_counter()
        x = functional.one_hot(ids[:-1], CHARACTERS).float()
        logits, state = net(x, state)
        state = tuple(part.detach() for part in state)
        loss = functional.cross_entropy(logits.reshape(-1, CHARACTERS), ids[1:].reshape(-1))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        rates.append(rows * window / (time.perf_counter() - began))
    return statistics.median(rates[2:])


def writing() -> float:
    """Return the rate of writing one poem with the state kept."""
    import torch

    torch.manual_seed(0)
    lstm, dense = torch.nn.LSTM(CHARACTERS, UNITS, LAYERS), torch.nn.Linear(UNITS, CHARACTERS)
    with torch.inference_mode():
        x, state = torch.zeros(1, 1, CHARACTERS), None
        for step in range(WRITTEN + 50):
            if step == 50:
                began = time.perf_counter()
            hidden, state = lstm(x, state)
            shares = torch.softmax(dense(hidden[0, 0]) / 0.7, 0)
            chosen = torch.multinomial(shares, 1)
            x.zero_()
            x[0, 0, chosen] = 1
    return WRITTEN / (time.perf_counter() - began)


if __name__ == "__main__":
    print(training(*map(int, sys.argv[2:])) if sys.argv[1] == "training" else writing())
