"""Windows that a browser test runs in: those that take long run on a phone in `make test`, on a desktop in `make test-all`."""

import pytest

PHONE_FIRST = pytest.mark.parametrize(
    "window",
    [pytest.param((1280, 900), id="desktop", marks=pytest.mark.slow), pytest.param((390, 844), id="phone")],
    indirect=True,
)
