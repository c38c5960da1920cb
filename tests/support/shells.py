"""Real Odoo processes that do one job, and can be killed half-way as if the machine lost its power."""

import signal
import subprocess

from .server import ODOO

HALF_WAY, FINISHED = "HALF-WAY", "FINISHED"
# A walk of the house (partner.run.mixin) in small steps; in step number {stop}, before it is committed, it waits.
WALK = """
import time
from odoo.addons.customer_mgmt.models import {module}
{module}.BATCH_SIZE = {batch}
Run = env["{model}"]
real, steps = type(Run)._look_at, []

def look_at(run, ids):
    result = real(run, ids)
    steps.append(1)
    if len(steps) == {stop}:
        env.flush_all()
        print("HALF-WAY", flush=True)
        time.sleep(600)
    return result

type(Run)._look_at = look_at
Run._go_on()
env.cr.commit()
print("FINISHED", flush=True)
"""


def start(database, script):
    """Start an Odoo shell on ``database`` that runs ``script`` (str); return the process."""
    command = [ODOO, "shell", "-d", database, "--no-http", "--log-level=error"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(script)
    process.stdin.close()
    return process


def wait_for(process, word):
    """Read what ``process`` prints until ``word`` comes; raise AssertionError if it ends without."""
    for line in process.stdout:
        if word in line:
            return
    raise AssertionError(f"the process ended without “{word}”")


def kill_half_way(database, script):
    """Run ``script`` until it says that it is half-way, and kill it there."""
    process = start(database, script)
    try:
        wait_for(process, HALF_WAY)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait()


def finish(database, script):
    """Run ``script`` to its end."""
    process = start(database, script)
    wait_for(process, FINISHED)
    assert process.wait(60) == 0
