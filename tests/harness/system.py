"""Install the system packages that only tests need, where this user may."""

import os
import shutil
import subprocess
import sys

PACKAGES = {
    "chromium": "/usr/bin/chromium",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto",
}


def main() -> int:
    missing = [name for name, path in PACKAGES.items() if not os.path.exists(path)]  # noqa: PTH110
    if not missing:
        return 0
    prefix = _prefix()
    if prefix is None or not shutil.which("apt-get"):
        print(f"not installed: {', '.join(missing)} (no right to); tests that need them will skip")
        return 0
    print(f"installing {', '.join(missing)}")
    apt = [*prefix, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-q"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        done = subprocess.run([*apt, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"apt-get {command[0]} failed: {done.stderr.strip()[-300:]}")
            return 0
    return 0


def _prefix() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    may = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if may.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
