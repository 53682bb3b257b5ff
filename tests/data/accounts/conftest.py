"""Passwords hash fast here: how long it takes is no matter of these tests."""

import argon2
import pytest

from data.accounts import secrets


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(secrets, "_HASHER", fast)
    secrets._no_password.cache_clear()
