"""The protocol by which several senders share a mailing, gone through in a model (tests/model/claims.py)."""
import importlib.util
import os

import pytest

from conftest import ROOT

spec = importlib.util.spec_from_file_location("claims_model", os.path.join(ROOT, "tests", "model", "claims.py"))
claims = importlib.util.module_from_spec(spec)
spec.loader.exec_module(claims)

# Which promise is broken where one thing is left out.
BREAKS = {"no-fence": "doubt", "again-by-itself": "twice", "own-clock": "doubt", "guessed-commit": "twice",
          "old-journal": "twice", "late-note": "twice", "forgotten": "missed"}


@pytest.mark.parametrize("senders,faults", claims.SCOPES)
def test_every_promise_holds(senders, faults):
    assert claims.explore(senders, faults) > 100000


@pytest.mark.parametrize("mutation", claims.MUTATIONS)
def test_what_is_left_out_is_missed(mutation):
    with pytest.raises(claims.Broken) as broken:
        claims.explore(2, 3, mutation)
    promise, way = broken.value.args
    assert promise.startswith(BREAKS[mutation] + ":") and way
