"""What every answer carries, so that a browser helps us keep strangers out."""

import pytest

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
PATHS = ["/accounts/login/", "/accounts/", "/resend/", "/no-such-page/", "/healthz"]


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


@pytest.mark.parametrize("path", PATHS)
def test_the_content_policy_lets_in_our_own_files_only(client, pia, path):
    client.force_login(pia)
    policy = policy_of(client.get(path))
    assert {name: policy.get(name) for name in POLICY} == POLICY
    assert "unsafe" not in " ".join(policy.values())
    assert policy["script-src"].startswith("'self'")


@pytest.mark.parametrize("path", PATHS)
def test_the_other_headers_stand_on_every_answer(client, pia, path):
    client.force_login(pia)
    answer = client.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, pia):
    client.force_login(pia)
    client.get("/accounts/")
    answer = client.get("/accounts/password/change/")
    for cookie in answer.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_a_nonce_is_used_once(client, db):
    first, second = (policy_of(client.get("/accounts/login/"))["script-src"] for _ in range(2))
    assert first != second or "nonce" not in first
