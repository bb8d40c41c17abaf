"""Threads that compute in turns: first come first served, and long work lets others in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from service.turns import Turns


def started(*work: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=one, daemon=True) for one in work]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    return threads


def most_at_once(turns: Turns) -> int:
    """Return how many of five threads have a turn while none of them ends its own."""
    inside, go = threading.Semaphore(0), threading.Event()

    def hold() -> None:
        with turns:
            inside.release()
            go.wait(10)

    threads = started(*[hold] * 5)
    count = 0
    while inside.acquire(timeout=0.2):
        count += 1
    go.set()
    for thread in threads:
        thread.join(10)
    return count


@pytest.mark.parametrize("places", [1, 3])
def test_never_more_compute_than_there_are_places(places: int) -> None:
    turns, lock = Turns(places), threading.Lock()
    inside = most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with turns:
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.001)
                with lock:
                    inside -= 1
                turns.pass_on()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert most == places
    assert inside == 0


def test_who_came_first_goes_first() -> None:
    turns, order = Turns(), list[int]()

    def work(number: int) -> None:
        with turns:
            order.append(number)

    with turns:
        threads = started(*(partial(work, number) for number in range(5)))
    for thread in threads:
        thread.join(10)
    assert order == [0, 1, 2, 3, 4]


def test_who_passes_its_turn_on_comes_back_after_all_who_wait() -> None:
    turns, order = Turns(), list[str]()

    def work(name: str) -> None:
        with turns:
            order.append(name)
            turns.pass_on()
            order.append(name)

    with turns:
        threads = started(*(partial(work, name) for name in "abc"))
    for thread in threads:
        thread.join(10)
    assert order == ["a", "b", "c", "a", "b", "c"]


def test_long_work_lets_others_in_between_its_parts() -> None:
    turns, order = Turns(), list[str]()

    def short() -> None:
        with turns:
            order.append("short")

    with turns:
        (thread,) = started(short)
        order.append("long")
        turns.pass_on()
        order.append("long again")
    thread.join(10)
    assert order == ["long", "short", "long again"]


def test_passing_on_is_nothing_where_nobody_waits() -> None:
    turns = Turns()
    with turns:
        turns.pass_on()
    with turns:
        pass


def test_an_error_ends_the_turn() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="no"), turns:
        raise ValueError("no")
    assert most_at_once(turns) == 1


@pytest.mark.parametrize("called", [False, True], ids=["waiting", "called"])
def test_who_is_interrupted_leaves_no_gap_and_takes_no_place(called: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns()

    def interrupted(_: threading.Event) -> None:
        if called:
            turns.__exit__(None, None, None)  # whoever computes ends just before
        raise KeyboardInterrupt

    turns.__enter__()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt), turns:
            pass
    if not called:
        turns.__exit__(None, None, None)
    assert most_at_once(turns) == 1
