"""What several stories of the detector begin with."""

from pathlib import Path

import pytest

from viahe_detector.manifest import Signer


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """Signs evidence, with a key of the test's own."""
    return Signer.load_or_create(tmp_path / "key" / "signing.pem")
