"""Sources with names: what the file may say of them, and that writing one loses nothing."""

import stat
from pathlib import Path

import pytest

from mltrack_tui.config.named import TAKEN
from mltrack_tui.config.settings import Config, load
from mltrack_tui.config.source import SourceSetting
from mltrack_tui.config.writing import WritingError, add_source, remove_source

SECRET = "hunter2"  # noqa: S105
MINE = """# mine
theme = "mltrack-light"  # dark is for owls

[sources.lab]
uri = "https://lab.example"

[keys]
# r is far away
refresh = 'f5'"""


def loaded(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text)
    return load(path)


def test_all_that_a_source_may_say_is_read_in_the_files_order(tmp_path: Path, home: Path) -> None:
    text = (
        '[sources.prod]\nuri = "https://mlflow.example/path"\ntoken_env = "T"\nverify = "~/ca.pem"\nworkspace = "w"\n'
        '[sources.lab]\nuri = "http://lab:5000"\nverify = false\ntoken_command = "print-token lab"\n'
        '[sources."größe_2"]\nuri = "~/mlflow.db"\nkeyring = "mltrack"\n'
    )
    config = loaded(tmp_path, text)
    assert config.problems == ()
    assert list(config.sources.items()) == [
        ("prod", SourceSetting("https://mlflow.example/path", "T", verify=f"{home}/ca.pem", workspace="w")),
        ("lab", SourceSetting("http://lab:5000", token_command="print-token lab", verify=False)),  # noqa: S106
        ("größe_2", SourceSetting(f"{home}/mlflow.db", keyring="mltrack")),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources = 7", "sources: write [sources.NAME]"),
        ("[sources]\nlab = 'https://lab'", "sources.lab: write [sources.NAME]"),
        ("[sources.lab]", "sources.lab: it has no uri"),
        ("[sources.lab]\nuri = 7", "sources.lab: uri: write it in quotes"),
        ("[sources.lab]\nuri = ' '", "sources.lab: uri: write it in quotes"),
        ('[sources.lab]\nuri = "a\\u001b[2J"', "sources.lab: uri: write a path or a tracking URI"),
        ("[sources.lab]\nuri = 'http://[::1'", "sources.lab: uri: it is no URI"),
        (f"[sources.lab]\nuri = 'https://ada:{SECRET}@lab'", "sources.lab: uri: no user or password belongs in the"),
        (f"[sources.lab]\nuri = 'https://lab'\ntoken = '{SECRET}'", "sources.lab: token does not belong in the file"),
        (f"[sources.lab]\nuri = 'https://lab'\nPassword = '{SECRET}'", "sources.lab: Password does not belong"),
        ("[sources.lab]\nuri = 'https://lab'\nverify = 7", "sources.lab: verify: write true, false or"),
        ("[sources.lab]\nuri = 'a.db'\nartifacts = '/b'", "sources.lab: artifacts: write the address of the tracking"),
        (f"[sources.lab]\nuri = 'a'\nartifacts = 'http://ada:{SECRET}@lab'", "sources.lab: artifacts: no user or"),
        ("[sources.lab]\nuri = 'a'\ntoken_env = 'A'\nkeyring = 'B'", "sources.lab: it has token_env and keyring"),
        ("[sources.projects]\nuri = 'a'", "sources.projects: it is a command"),
        ("[sources.'a/b']\nuri = 'a'", "sources.a/b: a source's name is"),
        ("[sources.'a:b']\nuri = 'a'", "sources.a:b: a source's name is"),
        ("[sources.-a]\nuri = 'a'", "sources.-a: a source's name is"),
        ("[sources.'']\nuri = 'a'", "sources.: a source's name is"),
    ],
)
def test_a_source_that_cannot_be_is_left_out_and_told_without_its_secret(tmp_path: Path, text: str, told: str) -> None:
    config = loaded(tmp_path, f"theme = 'mltrack-light'\n{text}")
    assert len(config.problems) == 1
    assert config.problems[0].startswith(told)
    assert SECRET not in repr(config)
    assert (config.theme, config.sources) == ("mltrack-light", {})


def test_what_is_no_setting_of_a_source_is_told_and_the_rest_holds(tmp_path: Path) -> None:
    config = loaded(tmp_path, "[sources.lab]\nuri = 'https://lab'\ntokenenv = 'T'")
    told = (
        "sources.lab: there is no setting tokenenv; "
        "there are uri, token_env, token_command, keyring, verify, workspace, artifacts"
    )
    assert config.problems == (told,)
    assert config.sources == {"lab": SourceSetting("https://lab")}


def test_the_names_that_are_taken_are_the_commands() -> None:
    from mltrack_tui.cli.names import COMMANDS

    assert set(COMMANDS) == TAKEN


@pytest.mark.parametrize(
    "setting",
    [
        SourceSetting("https://mlflow.example", "T", workspace="w"),
        SourceSetting('/home/ada/"odd" \\ größe.db', verify=False),
        SourceSetting("http://[::1]:5000", token_command="print 'a b'", verify="/etc/ca.pem"),  # noqa: S106
    ],
)
def test_a_source_is_added_below_everything_that_was_there(tmp_path: Path, setting: SourceSetting) -> None:
    path = tmp_path / "config.toml"
    path.write_text(MINE)
    path.chmod(0o640)
    add_source(path, "prod", setting)
    add_source(path, "größe", setting)
    assert path.read_text().startswith(MINE + "\n\n[sources.prod]\nuri = ")
    config = load(path)
    assert config.problems == ()
    assert config.sources == {"lab": SourceSetting("https://lab.example"), "prod": setting, "größe": setting}
    assert config.keys == {"refresh": "f5"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_made_is_for_its_user_alone_and_a_link_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "config" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "dotfiles" / "mltrack.toml")
    add_source(link, "lab", SourceSetting("https://lab"))
    assert link.is_symlink()
    assert link.read_text() == '[sources.lab]\nuri = "https://lab"\n'
    assert stat.S_IMODE(link.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "name", "uri", "told"),
    [
        (MINE, "lab", "https://lab", "there is a source lab already"),
        (MINE, "doctor", "https://lab", "doctor: it is a command"),
        (MINE, "a/b", "https://lab", "a/b: a source's name"),
        (MINE, "prod", f"https://ada:{SECRET}@lab", "prod: no user or password"),
        ("theme = ", "prod", "https://lab", "is no TOML"),
        ("sources = { lab = { uri = 'a' } }", "prod", "https://lab", "yourself: [sources.prod] uri ="),
    ],
)
def test_what_cannot_be_added_leaves_the_file_as_it_was(
    tmp_path: Path, text: str, name: str, uri: str, told: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(WritingError) as caught:
        add_source(path, name, SourceSetting(uri))
    assert told in str(caught.value)
    assert SECRET not in str(caught.value)
    assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WritingError, match="cannot be"):
        add_source(tmp_path / "file" / "config.toml", "lab", SourceSetting("https://lab"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (MINE, MINE.replace('\n[sources.lab]\nuri = "https://lab.example"\n', "")),
        ("[sources.lab]\nuri = 'a'\n", ""),
        ("[sources.lab]\nuri = 'a'\n# of b\n[sources.b]\nuri = 'b'\n", "# of b\n[sources.b]\nuri = 'b'\n"),
        ("mouse = true\r\n\r\n[ sources . 'lab' ] # mine\r\nuri = 'a'\r\n", "mouse = true\r\n"),
    ],
)
def test_a_source_is_taken_out_and_nothing_else(tmp_path: Path, text: str, left: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode())
    remove_source(path, "lab")
    assert path.read_bytes().decode() == left


@pytest.mark.parametrize(
    "text", ["", "sources.lab.uri = 'a'\n", "[sources.lab]\nuri = '''\n[a]'''\n", "[sources.b]\nuri='a'\n"]
)
def test_what_cannot_be_taken_out_leaves_the_file_as_it_was(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(WritingError):
        remove_source(path, "lab")
    assert path.read_text() == text
