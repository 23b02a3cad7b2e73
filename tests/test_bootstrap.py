"""What the set-up decides, before it touches anything."""

import pytest

from fazhimap import bootstrap, debian
from fazhimap.console import ProblemError, run

STATES = "postgresql-15 installed\nfonts-noto-cjk config-files\n"


def test_python_311_and_node_20_are_enough():
    bootstrap.check_versions((3, 11), "v20.0.0")
    bootstrap.check_versions((3, 11), "v24.1.0")


@pytest.mark.parametrize("python", [(3, 10), (3, 12), (2, 7)])
def test_another_python_is_named_beside_the_one_that_is_needed(python):
    with pytest.raises(ProblemError, match=rf"3\.11 is needed, this is {python[0]}\.{python[1]}"):
        bootstrap.check_versions(python, "v20.0.0")


@pytest.mark.parametrize("node", ["v18.20.4", "v9.1.0", ""])
def test_an_old_or_missing_node_is_named(node):
    with pytest.raises(ProblemError, match=f"20 or later.*found {node or 'none'}"):
        bootstrap.check_versions((3, 11), node)


def test_a_package_whose_configuration_alone_is_left_is_missing():
    wanted = ["postgresql-15", "postgresql-15-postgis-3", "fonts-noto-cjk"]
    assert debian.missing_packages(wanted, STATES) == wanted[1:]


def test_a_remote_database_needs_the_libraries_but_no_server():
    wanted = debian.wanted_packages(dev=False, private_database=False, venv=True)
    assert "libgdal32" in wanted
    assert "postgresql-15" not in wanted


def test_only_development_needs_a_browser():
    run_packages = debian.wanted_packages(dev=False, private_database=True, venv=True)
    test_packages = debian.wanted_packages(dev=True, private_database=True, venv=True)
    assert set(test_packages) - set(run_packages) == {"chromium"}


def test_english_pages_need_gettext():
    assert "gettext" in debian.wanted_packages(dev=False, private_database=False, venv=True)


def test_a_python_without_venv_needs_its_package():
    assert "python3-venv" in debian.wanted_packages(dev=False, private_database=True, venv=False)


def test_the_sentence_about_missing_packages_can_be_typed():
    sentence = debian.ask_for(["postgresql-15", "fonts-noto-cjk"])
    command = "sudo apt-get install --no-install-recommends postgresql-15 fonts-noto-cjk"
    assert sentence.splitlines()[-1].strip() == command


def test_uv_takes_the_index_of_the_last_of_pips_files(tmp_path):
    machine, person = tmp_path / "machine.conf", tmp_path / "person.conf"
    machine.write_text("[global]\nindex-url = https://a.example/simple\ncert = /etc/a.pem\n")
    person.write_text("[global]\nindex-url = https://b.example/simple%20x\n")
    assert bootstrap.uv_settings({}, [machine, person, tmp_path / "none.conf"]) == {
        "UV_DEFAULT_INDEX": "https://b.example/simple%20x",
        "SSL_CERT_FILE": "/etc/a.pem",
    }


def test_pips_variables_win_over_its_files_and_uvs_own_over_both(tmp_path):
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://a.example/simple\n")
    pip = {"PIP_INDEX_URL": "https://b.example/simple"}
    assert bootstrap.uv_settings(pip, [file]) == {"UV_DEFAULT_INDEX": "https://b.example/simple"}
    both = {**pip, "UV_DEFAULT_INDEX": "https://c.example/simple"}
    assert bootstrap.uv_settings(both, [file]) == {}


def test_a_command_that_goes_well_says_nothing():
    assert run(["sh", "-c", "echo hello"]) == ""


def test_a_command_that_fails_leaves_its_last_lines():
    assert run(["sh", "-c", "seq 9; exit 3"]) == "7\n8\n9"


def test_a_command_that_fails_silently_is_still_a_failure():
    assert run(["false"]) == "—"
