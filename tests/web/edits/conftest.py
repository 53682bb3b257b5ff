"""A house with accounts, whose people edit in one league."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import argon2
import pytest
from flask import Flask

from data import Actor, Grant, Role, Store
from data.accounts import issue_token, open_account, secrets
from web.app import create_app
from web.settings import ACCOUNTS, Settings

ROOT = Actor.operator("operator")
PEOPLE = {
    "upper": [Grant(Role.EDITOR, "990100")],
    "lower": [Grant(Role.EDITOR, "990200")],
    "surveyor": [Grant(Role.SURVEYOR)],
    "viewer": [Grant(Role.VIEWER)],
}


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(secrets, "_HASHER", fast)


@pytest.fixture
def house(filled: Store) -> Iterator[Flask]:
    open_account(filled, ROOT, "root", [Grant(Role.ADMINISTRATOR)], datetime.now(UTC))
    for name, grants in PEOPLE.items():
        open_account(filled, ROOT, name, grants, datetime.now(UTC))
    made = create_app(filled, Settings(access=ACCOUNTS))
    made.testing = True
    return made


@pytest.fixture
def signed(filled: Store, house: Flask) -> Callable[[str], dict[str, str]]:
    """Headers by which a person's program signs in."""

    def headers(name: str) -> dict[str, str]:
        at = datetime.now(UTC)
        text = issue_token(filled, name, "test", tuple(Role), timedelta(days=1), at)
        return {"Authorization": f"Bearer {text}"}

    return headers
