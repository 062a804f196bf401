"""A child process leaves behind what it does not need before it looks at what others wrote."""

import codecs
import ctypes
import os
import resource
import signal
from dataclasses import dataclass

# Not `nobody`: as root the embedded servers run as that user, and their files are its own.
PARSER_USER_ID = 65533

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
# Codecs are modules, found by name when first used: by then the disk may be out of reach.
_CODECS = (
    "utf-8-sig",
    "utf-16",
    "gb18030",
    "idna",
    "latin-1",
    "cp437",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "rot13",
    "punycode",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the kernel lets a child take."""

    memory_bytes: int
    cpu_seconds: int
    output_bytes: int


def give_up_rights(limits: Limits, *, cpu_seconds_max: int = 0) -> None:
    """Leave network, privileges and room to grow behind.

    A child that is asked several things may allow itself time for each of them, but no more than
    `cpu_seconds_max` for all.
    """
    for codec in _CODECS:
        codecs.lookup(codec)
    cpu_seconds_max = max(cpu_seconds_max, limits.cpu_seconds) + 1
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        libc.unshare(_CLONE_NEWNET)
        os.setgroups([])
        os.setresgid(PARSER_USER_ID, PARSER_USER_ID, PARSER_USER_ID)
        os.setresuid(PARSER_USER_ID, PARSER_USER_ID, PARSER_USER_ID)
    else:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, cpu_seconds_max))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    os.chdir("/")
