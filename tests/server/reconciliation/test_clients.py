"""A client that is not ours reconciles a table with a running server (extra ``exchange-test``)."""

from __future__ import annotations

import pytest

from server.reconciliation.paths import PATH
from tests.support.servers import Running


@pytest.mark.system
@pytest.mark.filterwarnings("ignore")
def test_reconciler_finds_the_foods_of_a_pandas_column(disk_server: Running) -> None:
    import pandas
    from reconciler import reconcile

    column = pandas.Series(["natto", "brocolli", "sauercraut", "Gouda"])
    found = reconcile(column, type_id="Food", top_res=1, reconciliation_endpoint=disk_server.address + PATH)
    assert list(found["id"]) == ["natto", "broccoli", "sauerkraut", "gouda"]
    assert list(found["match"]) == [True, False, False, True]
