"""Planning again from work already issued: it stays where it is, save where a task of a strictly higher tier gains by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import numpy as np

from lodestar.core.tasking.problem import Line, Problem, Stop
from lodestar.core.tasking.search import anneal
from lodestar.core.tasking.search import world as at
from lodestar.core.tasking.search.world import Ints, World
from lodestar.core.tasking.search.yielding import TOGETHER, ways

MOST = 2000  # most ways listed for a slot
WAYS = 60  # most ways tried to make room for one task
TRIALS = 1500  # most ways tried in all
SLOT_WAYS = 6  # most ways kept for each slot of a crew


class Issued:
    """What was issued, what of it still holds, and whom each line had to make way for."""

    def __init__(self, *, problem: Problem, w: World, lines: Sequence[Line]) -> None:
        self.problem, self.w = problem, w
        self.lines = {line.task: line for line in lines}
        self.impossible: dict[int, str] = {}
        self.made_way: dict[int, int] = {}
        self.room = np.zeros((MOST, TOGETHER), dtype=np.int64)
        self.of_asset: dict[int, list[int]] = {}
        for r, asset in enumerate(w.routes[:, at.ASSET].tolist()):
            self.of_asset.setdefault(asset, []).append(r)

    def ticks(self, a: int, b: int) -> int:
        """The way between the places of two nodes."""
        nodes = self.w.nodes
        return self.problem.travel.ticks(int(nodes[a, at.PLACE]), int(nodes[b, at.PLACE]))

    def routes_of(self, line: Line) -> list[int] | str:
        """The route that each of a line's people would do it in, or why it cannot be done as it was issued."""
        task = self.problem.tasks[line.task]
        if not task.earliest <= line.start <= task.due:
            return "it would start outside its window"
        if len(line.assets) != len(task.crew) or len(set(line.assets)) != len(line.assets):
            return "its crew is another now"
        found = []
        first = int(self.w.tasks[line.task, at.FIRST])
        for slot, asset in enumerate(line.assets):
            name = self.problem.assets[asset].name or self.problem.assets[asset].id
            inside = [
                r
                for r in self.of_asset.get(asset, [])
                if self.w.routes[r, at.FROM] <= line.start and line.start + task.length <= self.w.routes[r, at.TILL]
            ]
            if not inside:
                return f"{name} is not free then"
            usable = [r for r in inside if (self.w.bits[first + slot, r >> 3] >> (r & 7)) & 1]
            if not usable:
                return f"{name} may not do it"
            found.append(usable[0])
        return found

    def hold(self) -> None:
        """Put every issued line that is still possible where it is, and hold it there."""
        routes: dict[int, list[int]] = {}
        for task, line in self.lines.items():
            found = self.routes_of(line)
            if isinstance(found, str):
                self.impossible[task] = found
            else:
                routes[task] = found
        while clash := next(self._clashes(routes), None):
            task, why = clash
            del routes[task]
            self.impossible[task] = why
        self._write(routes)

    def _clashes(self, routes: dict[int, list[int]]) -> Iterator[tuple[int, str]]:
        """Lines that cannot all hold, the lower tier named of any two."""
        tasks = self.problem.tasks
        for task in routes:
            for p in tasks[task].after:
                if p not in routes or self.lines[p].start + tasks[p].length > self.lines[task].start:
                    yield task, "what it waits for is not done by then"
        load: dict[int, int] = {}
        for task in sorted(routes, key=lambda t: (tasks[t].tier, self.lines[t].start)):
            for asset in self.lines[task].assets:
                load[asset] = load.get(asset, 0) + tasks[task].length
                longest = self.problem.assets[asset].longest
                if longest is not None and load[asset] > longest:
                    yield task, f"{self.problem.assets[asset].name or self.problem.assets[asset].id} would have too much"
        for r, stops in self._by_route(routes).items():
            count = len(self.w.routes)
            ends = (self.w.nodes.shape[0] - 2 * count + r, self.w.nodes.shape[0] - count + r)
            way = [(int(self.w.routes[r, at.FROM]), ends[0], -1), *stops, (int(self.w.routes[r, at.TILL]), ends[1], -1)]
            for (start, u, first), (then, v, second) in pairwise(way):
                length = tasks[first].length if first >= 0 else 0
                if (first >= 0 or second >= 0) and start + length + self.ticks(u, v) > then:
                    lower = max((t for t in (first, second) if t >= 0), key=lambda t: (tasks[t].tier, self.lines[t].start))
                    yield lower, "there is no longer time to get there"

    def _by_route(self, routes: dict[int, list[int]]) -> dict[int, list[tuple[int, int, int]]]:
        """Start, node and task of each held line's stops, by route, in order of start."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        for task, taken in routes.items():
            first = int(self.w.tasks[task, at.FIRST])
            for slot, r in enumerate(taken):
                found.setdefault(r, []).append((self.lines[task].start, first + slot, task))
        for stops in found.values():
            stops.sort(key=lambda stop: (stop[0], self.problem.tasks[stop[2]].length, stop[2]))
        return found

    def _write(self, routes: dict[int, list[int]]) -> None:
        w, count = self.w, len(self.w.routes)
        for r, stops in self._by_route(routes).items():
            head, tail = w.nodes.shape[0] - 2 * count + r, w.nodes.shape[0] - count + r
            u, ready, room = head, int(w.routes[r, at.FROM]), 0
            for start, n, task in stops:
                w.nodes[u, at.NXT], w.nodes[n, at.PRV] = n, u
                w.nodes[n, [at.ROUTE, at.START, at.LATE]] = r, start, start
                w.assets[w.routes[r, at.ASSET], at.USED] += self.problem.tasks[task].length
                room, ready, u = max(room, start - ready), start + self.problem.tasks[task].length, n
            w.nodes[u, at.NXT], w.nodes[tail, at.PRV] = tail, u
            w.routes[r, at.ROOM] = max(room, int(w.routes[r, at.TILL]) - ready)
        for task in routes:
            w.tasks[task, [at.BEGIN, at.FROZEN, at.SPOT]] = self.lines[task].start, 1, -1
        left = [t for t in range(len(w.tasks)) if t not in routes]
        w.lists[at.L_UNPLACED, : len(left)] = left
        w.tasks[left, at.SPOT] = np.arange(len(left))
        w.counts[at.N_UNPLACED] = len(left)
        w.best_nodes[:], w.best_tasks[:] = w.nodes, w.tasks

    def make_way(self, *, stop: Stop) -> None:
        """Let each task that was not issued, highest tier first, displace lines of strictly lower tiers where it gains by that."""
        w, left = self.w, TRIALS
        fresh = [t for t in np.argsort(w.tasks[:, at.RANK], kind="stable").tolist() if not w.tasks[t, at.FROZEN]]
        for t in fresh:
            row = w.tasks[t]
            placed = row[at.BEGIN] >= 0
            if left <= 0 or (placed and (row[at.RATE] == 0 or row[at.BEGIN] == row[at.EARLIEST])) or (t in self.lines and placed):
                continue
            found = self._ways(t)
            left -= len(found)
            best = max(((self._try(t, way, trial=True), -len(way), way) for way in found), default=None)
            own = int(row[at.TIER]) + 1  # nothing is moved but for what this task's tier, or a higher one, gains
            if best is not None and best[0][:own] > (0,) * own:
                self._try(t, best[2], trial=False)
            if stop(0):
                return

    def _try(self, t: int, way: tuple[int, ...], *, trial: bool) -> tuple[int, ...]:
        """What is gained, tier by tier, if these lines make way; they are put back unless it is done in earnest."""
        w = self.w
        tasks = self.problem.tasks
        own = [t] if w.tasks[t, at.BEGIN] >= 0 else []
        w.tasks[list(way), at.FROZEN] = 0
        w.counts[at.TRIAL] = trial
        out = np.array([*own, *way], dtype=np.int64)
        back = np.array([t, *sorted(way, key=lambda q: (tasks[q].tier, -tasks[q].value))], dtype=np.int64)
        anneal.search(w, (out, back), 0, 0)
        w.counts[at.TRIAL] = 0
        if not trial:
            self.made_way.update(dict.fromkeys(way, t))
        w.tasks[list(way), at.FROZEN] = w.tasks[list(way), at.BEGIN] >= 0  # where it has come to is issued work again
        gained = w.score[anneal.WOULD] - w.score[anneal.WAS]
        return tuple(gained.tolist())

    def _ways(self, t: int) -> list[tuple[int, ...]]:
        """Sets of held lines of lower tiers without which a task would have room: the smallest first, and not too many."""
        row = self.w.tasks[t]
        each = [self._slot_ways(int(row[at.FIRST]) + j) for j in range(int(row[at.CREW]))]
        found = {tuple(sorted(way)) for those in each for way in those}
        if len(each) > 1:
            short = [sorted(those, key=len)[:SLOT_WAYS] for those in each]
            found |= {tuple(sorted({q for way in chosen for q in way})) for chosen in product(*short) if all(chosen)}
        cost = {way: sum(self.problem.tasks[q].value for q in way) for way in found}
        return sorted(found, key=lambda way: (-min(self.problem.tasks[q].tier for q in way), cost[way], way))[:WAYS]

    def _slot_ways(self, n: int) -> list[tuple[int, ...]]:
        many = ways(self.w, n, self.room)
        return [tuple(q for q in row if q >= 0) for row in self.room[:many].tolist()]

    def moved(self, lines: Sequence[Line]) -> dict[int, str]:
        """Every issued line that is not where it was, and why."""
        now = {line.task: line for line in lines}
        said = {}
        for task, line in self.lines.items():
            if now.get(task) == line:
                continue
            way = "moved" if task in now else "given up"
            if task in self.made_way:
                higher = self.problem.tasks[self.made_way[task]]
                said[task] = f"It is {way} so that {higher.title or higher.id}, of tier {higher.tier}, can be done."
            else:
                said[task] = f"It is {way}: as it was issued, {self.impossible.get(task, 'it can no longer be done')}."
        return said


def unplaced_first(w: World) -> Ints:
    """The tasks not placed, in the order of the start."""
    tasks = w.tasks
    worth = tasks[:, at.VALUE] / (tasks[:, at.LENGTH] * tasks[:, at.CREW] + 1)
    order: Ints = np.lexsort((-worth, tasks[:, at.RANK])).astype(np.int64)
    return order[tasks[order, at.BEGIN] < 0]
