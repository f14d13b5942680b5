"""What is sealed is known again; what was altered is found; torn lines and forgotten files count for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.library.seals import SUMS, put_in_order, seal, sealed, seals, unsealed, whole


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "pictures" / "01 đỏ.png"
    file.parent.mkdir()
    file.write_bytes(b"a picture")
    return file


def test_a_sealed_file_is_whole_until_it_is_altered_or_gone(page: Path):
    assert whole(page) and sealed(page) == ""
    assert seal(page) == sealed(page) != "" and whole(page)
    page.write_bytes(b"A picture")
    assert not whole(page)
    page.unlink()
    assert not whole(page) and sealed(page)


def test_the_programs_of_others_read_the_sums(page: Path):
    seal(page)
    unsealed(page.with_name("never.png"))
    assert (
        subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=page.parent, capture_output=True).returncode == 0
    )


def test_the_last_line_about_a_name_holds(page: Path):
    first = seal(page)
    page.write_bytes(b"drawn anew")
    assert seal(page) != first and whole(page)
    unsealed(page)
    assert sealed(page) == "" and whole(page)
    assert seal(page) == sealed(page)


def test_a_line_torn_by_a_power_cut_spoils_no_other(page: Path):
    noted, sums = seal(page), page.with_name(SUMS)
    sums.write_bytes(sums.read_bytes() + b"0123456789abcdef  02.p")
    other = page.with_name("03.png")
    other.write_bytes(b"another")
    seal(other)
    assert seals(page.parent) == {page.name: noted, "03.png": sealed(other)}


def test_sums_in_order_hold_one_line_for_each_file_that_is_there(page: Path):
    for content in (b"1", b"2", b"3"):
        page.write_bytes(content)
        seal(page)
    noted = sealed(page)
    put_in_order(page.parent)
    assert page.with_name(SUMS).read_text(encoding="utf-8") == f"{noted}  {page.name}\n"
    page.unlink()
    put_in_order(page.parent)
    assert list(page.parent.iterdir()) == []


def test_a_file_of_old_is_read_once_and_again_when_it_changes(page: Path):
    seal(page)
    long_ago = time.time() - 100
    os.utime(page, (long_ago, long_ago))
    assert whole(page)
    page.write_bytes(b"A picture")
    os.utime(page, (long_ago, long_ago))
    assert not whole(page)


def test_many_processes_seal_in_one_folder_at_once(tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from studio.library.seals import seal\n"
        "for n in range(25): p = Path(sys.argv[1]) / f'{sys.argv[2]}-{n}'; p.write_text(str(p)); seal(p)"
    )
    work = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(at)]) for at in range(3)]
    assert [one.wait() for one in work] == [0, 0, 0]
    assert len(seals(tmp_path)) == 75 and all(whole(tmp_path / name) for name in seals(tmp_path))
