"""Giving Poster a new bundle."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from server import bundle
from server.config import Settings
from server.poster.trouble import PosterDown, PosterError
from server.poster.upload import sign, upload
from tests.poster.company import Company, Raw

CONTENT = b"console.log('hi');\n"


def test_the_contracts_vector_is_kept() -> None:
    assert sign("4242", CONTENT, "0f1e2d3c4b5a69788796a5b4c3d2e1f0") == "d71c9f2f018d16da1f1e0411ba9581bb"


def test_exactly_these_bytes_go_up_with_their_sign(settings: Settings, company: Company) -> None:
    company.answers["application.uploadPOSPlatformBundle"] = Raw({"success": 1})
    upload(settings, CONTENT)
    asked = company.last("application.uploadPOSPlatformBundle")
    assert (asked.path, asked.query) == ("/api/application.uploadPOSPlatformBundle", {"format": "json"})
    assert asked.fields() == {
        "application_id": "4242", "sign": "d71c9f2f018d16da1f1e0411ba9581bb", "bundle": CONTENT.decode(),
    }  # fmt: skip


@pytest.mark.parametrize("body", [{"error": {"code": 5, "message": "no"}}, {"error": "no"}, {"error": 5}])
def test_a_refusal_is_told(settings: Settings, company: Company, body: object) -> None:
    company.answers["application.uploadPOSPlatformBundle"] = Raw(body)
    with pytest.raises(PosterError):
        upload(settings, CONTENT)


@pytest.mark.parametrize("answer", [Raw(b"<html>"), Raw(b"", 500), Raw({}, 302, {"Location": "/"})])
def test_no_json_is_no_success(settings: Settings, company: Company, answer: Raw) -> None:
    company.answers["application.uploadPOSPlatformBundle"] = answer
    with pytest.raises(PosterDown):
        upload(settings, CONTENT)


def test_a_rollback_gives_poster_the_bundle_before_the_last(
    app: Flask, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.answers["application.uploadPOSPlatformBundle"] = Raw({"success": 1})
    monkeypatch.setattr(bundle, "BUILT", tmp_path / "bundle.js")
    for version in ("one", "two"):
        bundle.BUILT.write_text(f"(()=>{{/* {version} */fetch('{bundle.PLACEHOLDER}')}})()")
        bundle._stamp.cache_clear()
        assert ran(app).exit_code == 0
    assert ran(app, "--rollback").exit_code == 0
    sent = [one.fields()["bundle"] for one in company.asked]
    assert ["one" in sent[0], "two" in sent[1], sent[2] == sent[0]] == [True, True, True]


def test_a_refused_upload_leaves_the_rollback_as_it_was(app: Flask, company: Company) -> None:
    company.answers["application.uploadPOSPlatformBundle"] = Raw({"error": {"code": 5, "message": "no"}})
    refused = ran(app)
    assert (refused.exit_code, "Poster did not take the bundle" in refused.output) == (1, True)
    assert "no earlier bundle" in ran(app, "--rollback").output


def ran(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["upload-bundle", *words])
