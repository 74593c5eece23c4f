"""How the threads of a machine are divided among the ranks on it."""

from __future__ import annotations

import pytest

from nn.distributed import threads
from nn.distributed.threads import limit_threads, own_cores, threads_of_rank


@pytest.mark.parametrize(
    ("cores", "expected"),
    [
        ([{0, 1, 2, 3}] * 2, [2, 2]),
        ([{0, 1, 2, 3}] * 3, [1, 1, 1]),
        ([{0, 1}] * 5, [1] * 5),
        ([{0}, {1}], [1, 1]),  # mpiexec -bind-to core
        ([{0, 1, 2, 3}, {4, 5, 6, 7}], [4, 4]),  # one socket each
        ([set(range(6))] * 3, [2, 2, 2]),
        ([{0, 1, 2}, {2, 3, 4, 5, 6}], [2, 4]),
    ],
)
def test_cores_that_ranks_share_are_divided(cores: list[set[int]], expected: list[int]) -> None:
    assert [threads_of_rank(cores, rank) for rank in range(len(cores))] == expected


def test_blas_is_told_unless_the_user_has_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    for name in threads._CHOICES:
        monkeypatch.delenv(name, raising=False)
    with threadpoolctl.threadpool_limits(3, user_api="blas"):
        monkeypatch.setenv("OMP_NUM_THREADS", "3")
        limit_threads(1)
        assert blas() == {3}
        monkeypatch.delenv("OMP_NUM_THREADS")
        limit_threads(2)
        assert blas() == {2}
        limit_threads(3)  # more are never asked for
        assert blas() == {2}


def blas() -> set[int]:
    import threadpoolctl

    return {info["num_threads"] for info in threadpoolctl.threadpool_info() if info["user_api"] == "blas"}


def test_a_process_knows_its_cores() -> None:
    assert own_cores()
