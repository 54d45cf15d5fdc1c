"""`[mail]` of lifecycle.toml: each mistake is told with its key, and stops none who sends none."""

import tomllib
from pathlib import Path

import pytest

from cli.mail.credentials import PASSWORD, USER, Login, login
from cli.mail.settings import MailSettings, Security, mail_settings, needed
from states.problem import InvalidInputError, Problem
from tests.builders import ROOT
from tests.cli.mail.posting import configured, credentials
from tests.cli.running import run
from tests.stage import Stage

SOUND = '[mail]\nhost = "smtp.city.example"\nfrom = "lifecycle@city.example"\n'


def problems(text: str, home: Path) -> tuple[Problem, ...]:
    """Return everything that is wrong with a lifecycle.toml."""
    configured(home, text)
    with pytest.raises(InvalidInputError) as caught:
        mail_settings()
    return caught.value.problems


def sound(text: str, home: Path) -> MailSettings:
    """Return what a lifecycle.toml says."""
    configured(home, text)
    settings = mail_settings()
    assert settings is not None
    return settings


def test_what_is_left_out_is_the_usual(home: Path) -> None:
    """STARTTLS on its port; nobody has an address, and nobody logs in."""
    settings = sound(SOUND, home)
    assert (settings.security, settings.port, settings.timeout) == (Security.STARTTLS, 587, 30)
    assert settings.address_of("anna") is None
    assert login(settings, {}) is None
    assert sound(f'{SOUND}security = "tls"', home).port == 465
    local = sound(SOUND.replace("smtp.city.example", "localhost"), home)
    assert (local.security, local.port) == (Security.NONE, 25)


def test_addresses_are_the_persons_however_the_name_is_written(home: Path) -> None:
    """One that is named counts; else the name at the domain, if that makes an address."""
    settings = sound(
        f'{SOUND}domain = "city.example"\n[mail.addresses]\n"Anna Li" = "a.li@city.example"', home
    )
    assert settings.address_of(" anna LI") == "a.li@city.example"
    assert settings.address_of("ben") == "ben@city.example"
    for name in ("ben smith", "ben@evil.example", "b>,x", "Łucja", "", "a\r\nb", "x" * 250):
        assert settings.address_of(name) is None


def test_a_sender_may_have_a_name(home: Path) -> None:
    """Which is no part of the address, nor of what Message-IDs end with."""
    settings = sound(
        SOUND.replace("lifecycle@city.example", "Alliances, City <lifecycle@city.example>"), home
    )
    assert settings.sender == "lifecycle@city.example"
    assert (settings.sender_name, settings.sender_domain) == ("Alliances, City", "city.example")


def test_the_example_of_the_documentation_is_sound(home: Path) -> None:
    """And every key is in it."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    text = page.partition("\n## Mail")[2].partition("```toml\n")[2].partition("```")[0]
    settings = sound(text, home)
    assert settings.address_of("ben smith") == "b.smith@city.example"
    assert settings.address_of("anna") == "anna@city.example"
    [problem] = problems(f'{SOUND}nothing = "x"\n', home)
    assert {*tomllib.loads(text)["mail"]} == {*problem.allowed}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("[mail]\n", {"mail.host", "mail.from"}),
        ("mail = 'x'\n", {"mail"}),
        (SOUND.replace('"smtp.city.example"', "25"), {"mail.host"}),
        (SOUND.replace("smtp.city.example", "smtp city"), {"mail.host"}),
        (SOUND.replace("lifecycle@", "lifecycle at "), {"mail.from"}),
        (SOUND.replace("from =", "sender ="), {"mail.from", "mail.from_"}),
        (f"{SOUND}port = 0\ntimeout = 900\n", {"mail.port", "mail.timeout"}),
        (f'{SOUND}security = "ssl"\n', {"mail.security"}),
        (f'{SOUND}security = "none"\ncredentials = "x"\n', {"mail.security"}),
        (f'{SOUND}domain = "@city"\n', {"mail.domain"}),
        (f'{SOUND}password = "x"\n', {"mail.password"}),
        (f'{SOUND}[mail.addresses]\nanna = "a@b@c"\n', {"mail.addresses.anna"}),
        (
            f'{SOUND}[mail.addresses]\nanna = "a@b.c"\nANNA = "b@b.c"\n',
            {"mail.addresses.ANNA"},
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(home: Path, text: str, keys: set[str]) -> None:
    """All of it at once."""
    found = problems(text, home)
    assert {problem.key for problem in found} == keys
    assert all((problem.file or "").endswith("lifecycle.toml") for problem in found)


def test_the_systems_settings_count_where_the_users_have_none(home: Path) -> None:
    """A table comes whole from one file."""
    configured(home, 'database = "x.db"\n')
    file = home / "system" / "lifecycle" / "lifecycle.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SOUND)
    assert needed().file == file


def test_a_mistake_in_mail_stops_no_command_that_sends_none(stage: Stage, home: Path) -> None:
    """The doctor tells of it."""
    configured(home, f'database = "{stage.path}"\n[mail]\nhost = 5\n')
    run("list").well()
    checks = run("--json", "doctor").badly(1).json
    found = [check["message"] for check in checks if check["name"] == "mail"]
    assert any("mail.host" in message for message in found)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644])
def test_a_password_that_others_can_read_or_change_is_refused(home: Path, mode: int) -> None:
    """Before anything is sent; what to do is told, and nothing of what is in it."""
    file = credentials(home, "swordfish", mode=mode)
    settings = sound(f'{SOUND}credentials = "{file.name}"\n', home)
    with pytest.raises(InvalidInputError) as caught:
        login(settings, {})
    [problem] = caught.value.problems
    assert (problem.code, problem.hint) == ("too_open", f"chmod 600 {file}")
    assert "swordfish" not in str(caught.value)
    ran = run("notices", "test", "anna@city.example").badly(2)
    assert f"{mode:04o}" in ran.err
    checks = run("--json", "doctor").badly(1).json
    assert any(check["name"] == "mail" and check["fix"] == f"chmod 600 {file}" for check in checks)


@pytest.mark.parametrize(
    "text",
    ["user = 'a'\n", "swordfish", "user = 'a'\npassword = 'b'\nswordfish = 1\n", "password = 5"],
)
def test_a_file_that_holds_no_login_is_told_without_what_it_holds(home: Path, text: str) -> None:
    """It may be a password in a wrong place."""
    file = credentials(home, "x")
    file.write_text(text)
    settings = sound(f'{SOUND}credentials = "{file.name}"\n', home)
    with pytest.raises(InvalidInputError) as caught:
        login(settings, {})
    for problem in caught.value.problems:
        assert problem.file == str(file)
        assert "swordfish" not in f"{problem}"


def test_a_file_of_credentials_that_is_not_there_is_told(home: Path) -> None:
    """With how to make it; a folder is none either."""
    settings = sound(f'{SOUND}credentials = "nowhere.toml"\n', home)
    with pytest.raises(InvalidInputError, match="can't be read"):
        login(settings, {})
    settings = sound(f'{SOUND}credentials = "."\n', home)
    with pytest.raises(InvalidInputError, match="not a file"):
        login(settings, {})


def test_the_environment_comes_first_and_takes_both(home: Path) -> None:
    """A name without a password is a mistake, and so is a login over a line that all can read."""
    file = credentials(home, "of-file")
    settings = sound(f'{SOUND}credentials = "{file.name}"\n', home)
    both = {USER: "anna", PASSWORD: "of-environment"}
    assert login(settings, both) == Login("anna", "of-environment")
    assert login(settings, {}) == Login("lifecycle", "of-file")
    for one in both:
        with pytest.raises(InvalidInputError, match="takes both"):
            login(settings, {one: "x"})
    with pytest.raises(InvalidInputError, match="everybody to read"):
        login(sound(f'{SOUND}security = "none"\n', home), both)
    with pytest.raises(InvalidInputError, match="ASCII"):
        login(settings, {USER: "anna", PASSWORD: "Ł"})
    assert "of-environment" not in repr(login(settings, both))


def test_certificates_that_can_not_be_read_are_told(home: Path) -> None:
    """By the doctor, and by whoever wants to send."""
    configured(home, f'{SOUND}ca_file = "nowhere.pem"\n')
    assert "mail.ca_file" in run("notices", "test", "anna@city.example").badly(2).err
    assert "nowhere.pem" in run("doctor").badly(1).out


def test_the_doctor_tells_how_mail_goes_and_who_can_read_it(home: Path) -> None:
    """Whether anybody has an address, too."""
    for text, name, said in (
        ("", "mail", "mail is not set up"),
        (f'{SOUND}security = "none"\n', "mail", "everybody on the way can read it"),
        (SOUND, "mail addresses", "nobody has an address"),
        (f'{SOUND}domain = "city.example"\n', "mail", "by starttls, from lifecycle@city.example"),
    ):
        configured(home, text)
        checks = run("--json", "doctor").json
        assert any(one["name"] == name and said in one["message"] for one in checks), checks
