"""The mappings of a case: kept in its folder ``mappings``, logged when they are added."""

import hashlib
from pathlib import Path

from clew.casefile import Case
from clew.casefile.files import sync, write_text, writing
from clew.errors import EvidenceError, UsageError, machine_error
from clew.facts.mapping import LARGEST, Mapping, mapping_of

FOLDER = "mappings"


def load(file: Path) -> tuple[str, Mapping]:
    """Text and meaning of a mapping's file; ``UsageError`` where it can't be used."""
    try:
        with file.open(encoding="utf-8-sig") as opened:
            text = opened.read(LARGEST + 1)
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is no UTF-8 text", do="Save it as UTF-8.") from error
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {file}", do="Check the path of the mapping.") from error
    except OSError as error:
        raise machine_error(error, f"reading {file.name}") from error
    return text, mapping_of(text, file.name)


def add(case: Case, file: Path) -> Mapping:
    """Take a mapping into the case, under its name; what it is meant for is read with it."""
    text, mapping = load(file)
    target = case.folder / FOLDER / f"{mapping.name}.yaml"
    digest = hashlib.sha256(text.encode()).hexdigest()
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        raise UsageError(
            f"{mapping.name} is in the case already, with this content",
            do="Nothing was changed; go on with: clew run CASE",
        )
    staged = target.with_name(f"{target.name}.staged")
    case.custody.append("taking a mapping in", name=mapping.name, sha256=digest)
    write_text(staged, text)
    case.custody.append(
        "mapping taken in", name=mapping.name, sha256=digest, replaces=target.is_file(),
        files=list(mapping.files),
    )  # fmt: skip
    with writing("taking a mapping in"):
        staged.replace(target)
        sync(target.parent)
    return mapping


def of_case(folder: Path) -> list[tuple[str, Mapping]]:
    """Text and meaning of every mapping of a case, by name."""
    found = []
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            found.append(load(file))
        except UsageError as error:
            raise EvidenceError(
                f"the case holds a mapping that can't be used: {error}",
                do=f"Mend or remove {file}, then run again.",
            ) from error
    return found
