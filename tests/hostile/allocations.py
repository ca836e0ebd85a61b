# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what mkleakfs and leakfs do when the N-th allocation fails, for N = 1, 2, 3, ...

    allocations.py --library LIBRARY [--few | --places]

LIBRARY is that of failing_malloc.cc. mkleakfs and leakfs are those of PATH, built without
sanitizers, which bring an allocator of their own. mkleakfs has to leave the old index or a whole
one, and leakfs to list and give what is right or an error, of which nothing stays when memory is
there again. Both have to end by themselves and to say why, unless a library ends the process, which
libseccomp (its filters too), OpenSSL and the C library do at a few N: that is counted, and no
failure while it stays with a few. So is a mount that the kernel refuses because libfuse had no
memory for its first request. None may go on without a part of its sandbox that there is.
With --few not every N is tried. With --places, the first allocation of the N-th place fails: each
chain of callers once, instead of as often as it is passed.
"""
import argparse
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

TIME_MAX = 60  # seconds
DEATHS_MAX = 0.05  # of the runs
LACK = b"not fully confined"  # said of what the kernel has not
CONTROL = struct.Struct("=QQQ")  # as in failing_malloc.cc: N, whether of places, failures
CONTROL_SIZE = 1 << 20  # and room for what it has seen


def numbers(is_few):
    number = 1
    while True:
        yield number
        number += max(1, number // 10) if is_few else 1


class Trial:
    def __init__(self, library, is_of_places, directory):
        self.library = library
        self.is_of_places = is_of_places
        self.directory = pathlib.Path(directory)
        self.leak = self.directory / "leak.tar.gz"
        self.index = self.directory / "leak.tar.gz.leakidx"
        self.mount = self.directory / "mnt"
        self.mount.mkdir()
        self.control = self.directory / "control"
        self.control.touch()
        self.failures = 0
        self.deaths = 0
        subprocess.run(["mkleaksample", "--scale", "0.002", self.leak], check=True,
                       stderr=subprocess.DEVNULL)
        self.lacks = LACK in self.build().stderr
        self.old = self.index.read_bytes()
        self.names = set(os.listdir(directory))
        with self.mounted({}) as _:
            self.files = self.read_all()[0]

    def expect(self, is_right, text):
        if not is_right:
            self.failures += 1
            print(f"  {text}", flush=True)

    def expect_end(self, status, statuses, log, place):
        self.expect(self.lacks or LACK not in log, f"{place}: {log[-300:]}")
        is_exception = b"terminate called" in log
        if status in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGSYS) and not is_exception:
            self.deaths += 1
            return
        self.expect(status in statuses, f"{place}: {log[-300:]}")
        self.expect(status == 0 or log, f"{place}: no message")

    def build(self, environment=None):
        return subprocess.run(["mkleakfs", "--force", "--jobs", "1", self.leak], check=False,
                              env={**os.environ, "SOURCE_DATE_EPOCH": "1", **(environment or {})},
                              stderr=subprocess.PIPE, timeout=TIME_MAX)

    def failing(self, number):
        """The environment in which the N-th allocation fails."""
        self.control.write_bytes(CONTROL.pack(number, self.is_of_places, 0))
        os.truncate(self.control, CONTROL_SIZE)
        return {"LD_PRELOAD": str(self.library), "LEAKFS_ALLOCATIONS": str(self.control)}

    def has_failed(self):
        return CONTROL.unpack_from(self.control.read_bytes())[2] > 0

    def try_build(self, number):
        done = self.build(self.failing(number))
        place = f"mkleakfs, allocation {number}: status {done.returncode}"
        index = self.index.read_bytes() if self.index.exists() else None
        self.expect_end(done.returncode, (0, 1, 3, 4, 5), done.stderr, place)
        if index != self.old:
            check = subprocess.run(["mkleakfs", "--check", self.index], check=False,
                                   stderr=subprocess.PIPE)
            self.expect(done.returncode in (0, 1) and check.returncode == 0,
                        f"{place}: the index is neither old nor whole: {check.stderr[-200:]}")
        if index != self.old or set(os.listdir(self.directory)) != self.names:
            self.build()
            self.expect(self.index.read_bytes() == self.old, f"{place}: the next index differs")
            self.expect(set(os.listdir(self.directory)) == self.names, f"{place}: left behind")
        return self.has_failed()

    def mounted(self, environment):
        return Mounted(self, environment)

    def read_all(self):
        """What each file holds that can be read, and how many errors there were."""
        files, errors = {}, []
        for folder, _, names in os.walk(self.mount, onerror=errors.append):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    with open(path, "rb") as file:
                        files[path] = file.read()
                except OSError as error:
                    errors.append(error)
        return files, errors

    def try_mount(self, number):
        with self.mounted(self.failing(number)) as mounted:
            if mounted.is_up:
                files, errors = self.read_all()
                if not self.has_failed():  # some places are come to by reading again
                    files, errors = self.read_all()
                # If it is gone and gave nothing, it was never ready.
                mounted.is_up = bool(files) or mounted.status_soon() is None
            if mounted.is_up:
                wrong = [path for path, content in files.items()
                         if self.files.get(path) != content]
                self.expect(not wrong, f"leakfs, allocation {number}: wrong {wrong[:3]}")
                self.expect(errors or len(files) == len(self.files),
                            f"leakfs, allocation {number}: {len(files)} files and no error")
                again, errors = self.read_all()
                self.expect(again == self.files and not errors or (mounted.status_soon() or 0) < 0,
                            f"leakfs, allocation {number}: then {len(again)} files, {errors[:2]}")
        if mounted.is_refused:
            self.deaths += 1
            return True
        # Options that cannot be read for want of memory are wrong usage to libfuse.
        self.expect_end(mounted.status, (0,) if mounted.is_up else (2, 3, 4, 5), mounted.log,
                        f"leakfs, allocation {number}: status {mounted.status}")
        return self.has_failed()


class Mounted:
    """leakfs in the foreground, while it lasts."""

    def __init__(self, trial, environment):
        self.trial = trial
        self.environment = environment
        self.is_up = False
        self.is_refused = False
        self.status = None
        self.log = b""

    def __enter__(self):
        self.process = subprocess.Popen(["leakfs", "-f", self.trial.leak, self.trial.mount],
                                        env={**os.environ, **self.environment},
                                        stderr=subprocess.PIPE)
        deadline = time.monotonic() + TIME_MAX
        while self.process.poll() is None and not self.is_up and time.monotonic() < deadline:
            self.is_up = os.path.ismount(self.trial.mount)
            time.sleep(0.005)
        self.is_refused = not self.is_up and self.process.poll() is None
        return self

    def status_soon(self):
        """Its status if it ends by itself, else None."""
        try:
            return self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return None

    def __exit__(self, *_):
        if self.is_up or self.is_refused:
            subprocess.run(["fusermount3", "-u", self.trial.mount], check=False)
        try:
            self.log = self.process.communicate(timeout=TIME_MAX)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.log = self.process.communicate()[1]
        self.status = self.process.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=pathlib.Path, required=True)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--few", action="store_true")
    extent.add_argument("--places", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        trial = Trial(arguments.library.resolve(), arguments.places, scratch)
        unit = "place" if arguments.places else "allocation"
        for attempt in (trial.try_build, trial.try_mount):
            runs, trial.deaths = 0, 0
            for number in numbers(arguments.few):
                runs += 1
                if not attempt(number):
                    break
            trial.expect(trial.deaths <= DEATHS_MAX * runs, "that is more than a few deaths")
            print(f"{attempt.__name__}: {runs} runs, up to {unit} {number}, {trial.deaths} ended "
                  f"by a library, {trial.failures} failures", flush=True)
    return 1 if trial.failures else 0


sys.exit(main())
