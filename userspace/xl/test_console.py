#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
#
# test_console.py XL XENSTORE: "xl console" between a keyboard and a guest's terminal, which
# are pseudo-terminals here. Domain 1 exists.

import os
import pty
import select
import subprocess
import sys
import time
import tty

xl, xenstore = sys.argv[1:]
passed = failed = 0


def check(name, ok):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(name + ": failed")


class Session:
    """A guest's terminal, and xl with a keyboard of its own."""

    def __init__(self, *options):
        self.guest, slave = pty.openpty()
        subprocess.run([xenstore, "write", "/local/domain/1/console/tty", os.ttyname(slave)],
                       check=True)
        tty.setraw(slave)
        self.slave = slave    # held open, as xenconsoled does
        self.keys, keyboard = pty.openpty()
        self.xl = subprocess.Popen([xl, "console", *options, "1"], stdin=keyboard,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.close(keyboard)

    def hears(self, text):
        os.write(self.guest, text)
        return self.read(self.xl.stdout.fileno(), len(text)) == text

    def read(self, fd, want):
        got = b""
        while len(got) < want and select.select([fd], [], [], 5)[0]:
            got += os.read(fd, 4096)
        return got

    def ended(self):
        try:
            return self.xl.wait(5) == 0
        except subprocess.TimeoutExpired:
            self.xl.kill()
            return False


s = Session()
check("the guest's words are heard", s.hears(b"hello"))
os.write(s.keys, b"typed\n")
check("what is typed reaches it", s.read(s.guest, 6) == b"typed\n")
second = subprocess.run([xl, "console", "1"], stdin=subprocess.DEVNULL, capture_output=True,
                        text=True, timeout=20)
check("a second reader is refused", second.returncode == 1 and "in use by another" in second.stderr)
os.write(s.keys, b"\x1d")
check("Ctrl-] leaves", s.ended())

# A guest that takes no input: more than its terminal and xl hold together.
s = Session()
check("it is there", s.hears(b"there"))
for _ in range(64):
    select.select([], [s.keys], [], 5)
    os.write(s.keys, b"x" * 256)
    time.sleep(0.005)
check("its words are heard all the same", s.hears(b"still there"))
os.write(s.keys, b"\x1d")
check("and the user can leave", s.ended())

for key in "a", "^a":
    s = Session("-e", key)
    check("with another key", s.hears(b"there"))
    os.write(s.keys, b"\x1d\x01")
    check("only that one leaves", s.ended() and s.read(s.guest, 1) == b"\x1d")

s = Session()
check("to the end", s.hears(b"there"))
os.close(s.slave)
os.close(s.guest)
check("the guest's end ends it", s.ended())
print(passed, failed)
