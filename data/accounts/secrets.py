"""Passwords, secrets and one-time codes. Pure but for chance.

Passwords are kept as argon2id hashes; long random secrets (sessions, tokens, links) as SHA-256,
which is enough for what nobody can guess.
"""

import hashlib
import re
import secrets
from functools import cache

import argon2
import pyotp

from data.errors import InvalidValue
from data.reference import load_table

MIN_LENGTH, MAX_LENGTH = 10, 128
_SECRET_BYTES = 32
TOKEN_PREFIX = "ovoo_"  # noqa: S105 - the beginning of a token, not one
_HASHER = argon2.PasswordHasher()
_TOTP_SECRET = re.compile("[A-Z2-7]{16,128}=*")


def new_secret() -> str:
    """A secret of 256 bits that fits into an address."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest(secret: str) -> str:
    """The SHA-256 of a secret, as it is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def check_password(password: str, account_name: str) -> None:
    """Refuse a password that is short, long, common or the account's own name.

    Length is what protects; no mixture of signs is asked for (OWASP ASVS 5.0, 6.2).

    Raises:
        InvalidValue: naming the rule; never the password.

    >>> check_password("three grey cairns", "anna")
    """
    rule = ""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        rule = f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters"
    elif len(set(password)) < 4:  # noqa: PLR2004 - one sign over and over
        rule = "a password is not one sign over and over"
    elif _is_guessed_first(password.lower(), account_name.lower()):
        rule = "a password is not the account's name, nor one of the most common ones"
    if rule:
        raise InvalidValue(
            "password", "…", rule, "choose a longer sentence of your own",
            f"密码不合要求：须 {MIN_LENGTH}–{MAX_LENGTH} 个字符，"
            "不得为常见密码或包含账号名；请另设一句较长的话",
        )  # fmt: skip


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _HASHER.hash(password)


def password_fits(kept: str | None, password: str) -> bool:
    """Whether a password is the kept one; takes as long for an account that has none."""
    try:
        return _HASHER.verify(kept or _no_password(), password) and kept is not None
    except argon2.exceptions.VerifyMismatchError:
        return False


def _is_guessed_first(password: str, account_name: str) -> bool:
    told = len(account_name) >= 4 and account_name in password  # noqa: PLR2004 - a word, not a sign
    return told or password in _common_passwords()


def _common_passwords() -> frozenset[str]:
    return frozenset(row["password"] for row in load_table("common_passwords"))


@cache
def _no_password() -> str:
    return _HASHER.hash(new_secret())


def new_totp_secret() -> str:
    """A secret for one-time codes (RFC 6238), for an authenticator program."""
    return pyotp.random_base32()


def is_totp_secret(text: str) -> bool:
    """Whether a text can be a secret for one-time codes: Base32 (RFC 4648) of 80 bits or more.

    >>> is_totp_secret("JBSWY3DPEHPK3PXP"), is_totp_secret("Ä"), is_totp_secret("")
    (True, False, False)
    """
    return _TOTP_SECRET.fullmatch(text) is not None


def totp_address(secret: str, account_name: str) -> str:
    """The `otpauth://` address that an authenticator program reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name="Ovoo")


def totp_step(secret: str, code: str, at_s: float, used_step: int | None) -> int | None:
    """The 30-second step that a code belongs to, near a moment; None where it fits none.

    Args:
        secret: from `new_totp_secret`.
        code: six digits, as typed: whatever else it holds, it fits none.
        at_s: the present, seconds of the Unix clock.
        used_step: the newest step that was used; a code is good once.
    """
    totp = pyotp.TOTP(secret)
    typed = code.encode("utf-8", "surrogatepass")
    present = int(at_s) // totp.interval
    for step in (present - 1, present, present + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed) and step > (
            used_step or 0
        ):
            return step
    return None
