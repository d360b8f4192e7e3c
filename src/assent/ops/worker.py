"""The worker process: tasks from the queue, and what the clock asks for in between."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker

from assent.flows.absorb_notices import absorb_notices
from assent.flows.clear_orphans import clear_orphans
from assent.flows.clear_replies import clear_replies
from assent.flows.close_due import close_due
from assent.flows.end_consents import end_consents
from assent.flows.erase_case import erase_due
from assent.flows.find_misuse import forget_misuse
from assent.flows.look_first import hide_overdue
from assent.flows.pay_due import pay_due
from assent.flows.preserve_minor import erase_preserved, seal_due
from assent.flows.publish_books import publish_books
from assent.flows.publish_root import publish_root
from assent.flows.remind_due import remind_due
from assent.flows.send_case_letters import send_case_letters
from assent.flows.send_invitations import send_invitations
from assent.flows.send_messages import send_messages
from assent.flows.send_removals import send_removals
from assent.flows.send_statements import send_statements
from assent.flows.settle_sales import settle_sales
from assent.flows.tell_hidden import tell_hidden
from assent.flows.watch_clocks import watch_clocks
from assent.flows.weigh_strikes import weigh_strikes
from assent.ops.cashouts import check_books, pay_out
from assent.ops.leases import Heartbeat, end, reap, renew

log = logging.getLogger(__name__)

# Each chore with the seconds between two runs.
CHORES: tuple[tuple[Callable[[], int], float], ...] = (
    (reap, 5),
    (absorb_notices, 2),
    (watch_clocks, 60),
    (hide_overdue, 30),
    (forget_misuse, 3600),
    (weigh_strikes, 60),
    (pay_due, 2),
    (settle_sales, 2),
    (pay_out, 5),
    (check_books, 600),
    (send_messages, 2),
    (send_case_letters, 5),
    (send_invitations, 5),
    (close_due, 30),
    (remind_due, 300),
    (end_consents, 30),
    (clear_orphans, 600),
    (clear_replies, 3600),
    (erase_due, 3600),
    (tell_hidden, 300),
    (publish_root, 600),
    (publish_books, 1800),
    (send_statements, 3600),
    (send_removals, 30),
    (seal_due, 30),
    (erase_preserved, 3600),
)


class Clock:
    """Runs each chore when its time has come; a chore that fails is logged and comes again."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def tick(self, at: float) -> None:
        """Run what is due at monotonic second `at`."""
        for chore, every in CHORES:
            if at < self._next.get(chore.__name__, 0.0):
                continue
            self._next[chore.__name__] = at + every
            try:
                chore()
            except Exception:
                log.exception("The chore %s failed and will be run again", chore.__name__)


class Worker(QueueWorker):
    """The library's queue worker with a lease, run in short turns between which the clock ticks."""

    def turn(self) -> None:
        """Do the tasks that are ready, then return."""
        self.batch = True
        self.run()


def run_worker(poll_seconds: float = 0.5) -> None:
    """Work until told to stop by SIGINT or SIGTERM."""
    worker_id = get_random_string(32)
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=poll_seconds,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
    )
    worker.configure_signals()
    renew(worker_id)
    heartbeat = Heartbeat(worker_id)
    heartbeat.start()
    clock = Clock()
    try:
        while worker.running:
            clock.tick(time.monotonic())
            worker.turn()
            time.sleep(poll_seconds)
    finally:
        heartbeat.stop()
        end(worker_id)
