"""gunicorn as the site configures it, with one worker, two threads and little patience."""

from mnist_django.serving import *  # noqa: F403
from mnist_django.serving import TimeLimitedWorker


class HastyThreads(TimeLimitedWorker):
    read_s, answer_s = 1, 2


worker_class = HastyThreads  # type: ignore[misc]  # another class than the site's
workers = 1
threads = 2
