"""``clew custody``: show, check and prove the log of who did what."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.options import FILE, key_options
from clew.cli.output import (
    case_argument,
    force_option,
    how_many,
    json_option,
    log_reading,
    say,
    write_json,
    write_table,
)
from clew.cli.signing import signer_of
from clew.cli.unlocking import passphrase
from clew.cli.visible import escaped, put
from clew.cli.witnessing import kept_checkpoint, witness
from clew.errors import Ending, EvidenceError

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.casefile.custody import Entry
    from clew.casefile.custody.checkpoint import Note

GROUP = "Check"
_EVERYWHERE = ("uid", "host", "key", "legal_basis", "signature")
"""What most entries say alike: it stands behind what an entry is about."""


@click.group(no_args_is_help=True)
def custody() -> None:
    r"""Show the custody log, check it, prove what it holds, and sign checkpoints of it.

    \b
    clew custody show cases/op-17
    clew custody verify cases/op-17 --against report.txt
    clew custody checkpoint cases/op-17 --key agency.pem --name es.example/custody
    """


custody.add_command(witness)


@custody.command(no_args_is_help=True)
@case_argument
@click.option("--action", help="Only entries of this action, such as read.")
@click.option("--limit", type=click.IntRange(0), default=50, help="Latest entries; 0 for all.")
@json_option
def show(case: Path, action: str | None, limit: int, as_json: bool) -> None:
    r"""Show the latest entries: when, who, what.

    \b
    clew custody show cases/op-17 --action read
    """
    from clew.casefile import open_case

    with open_case(case) as opened:
        log_reading(opened, "custody show")
        rows = [
            {"number": e.number, **_content(e)}
            for e in opened.custody.entries()
            if action in (None, e.content.get("action"))
        ][-limit:]
    if as_json:
        write_json(rows)
        return
    kept = ("number", "at", "by", "action")
    write_table([{**{k: r.get(k) for k in kept}, "detail": _detail(r, kept)} for r in rows])


@custody.command(no_args_is_help=True)
@case_argument
@click.option(
    "--against", type=FILE,
    help="A checkpoint kept elsewhere: its file, or a text or report that shows it.",
)  # fmt: skip
@click.option("--verifier", "verifiers", multiple=True, help="NAME+ID+KEY that must have signed.")
@json_option
def verify(case: Path, against: Path | None, verifiers: tuple[str, ...], as_json: bool) -> Ending:
    r"""Rebuild the tree from every entry; with --against show a log that was cut or rewritten.

    Without a checkpoint that was kept elsewhere nobody can tell a log that was rewritten as a
    whole. Exit code 3 if anything is wrong.

    \b
    clew custody verify cases/op-17 --against checkpoint.txt --verifier es.example/custody+…
    """
    from clew.casefile import open_case
    from clew.errors import UsageError

    if verifiers and not against:
        raise UsageError(
            "there is no signature to check", do="Give the checkpoint too: --against FILE"
        )
    with open_case(case) as opened:
        outside = [_read_checked(against, verifiers)] if against else []
        problems = list(opened.custody.problems(outside))
        notices = [] if problems else list(opened.custody.notices())
        found = None if problems else opened.custody.checkpoint()
    signed = [name for note in outside for name in note.signed_by]
    if as_json:
        write_json([{"what": "problem", "detail": p} for p in problems])
        write_json([{"what": "notice", "detail": n} for n in notices])
        result = {"size": found.size, "root": found.root.hex()} if found else {}
        about = {"what": "result", "problems": len(problems), "signed_by": signed}
        write_json([{**about, **result}])
    for line in (*problems, *notices):
        say(line)
    if problems:
        say("{problems}: the log is not as it was written.",
            problems=how_many("problems", len(problems)))  # fmt: skip
        return Ending.DAMAGED
    assert found is not None
    say("{size} entries, root {hex}: as they were written.", size=found.size, hex=found.root.hex())
    _say_signatures(outside)
    return Ending.DONE


@custody.command(no_args_is_help=True)
@case_argument
@key_options("Key that signs, as made with `clew custody key`.")
@click.option("--cosign", type=FILE,
              help="Keep a checkpoint of this log that another agency has signed too.")  # fmt: skip
@click.option("--verifier", "verifiers", multiple=True, help="NAME+ID+KEY that must have cosigned.")
@json_option
def checkpoint(
    case: Path, key: Path | None, name: str | None, module: str | None, label: str | None,
    cosign: Path | None, verifiers: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    r"""Print a checkpoint: size and root of the log, signed if a key is given.

    Send it to whoever should be able to tell later that nothing was changed.

    \b
    clew custody checkpoint cases/op-17 --key agency.pem --name es.example/custody > point.txt
    """
    from clew.casefile import open_case
    from clew.casefile.custody import checkpoint

    signer = signer_of(key, name, module, label)
    with open_case(case) as opened:
        if cosign:
            names = _keep_cosigned(opened, cosign, verifiers)
            if as_json:
                write_json([{"kept": True, "signed_by": names}])
            say("The checkpoint, signed by {names}, is kept in the log.", names=", ".join(names))
            return
        for earlier in opened.custody.kept():
            opened.custody.belongs(checkpoint.parse(earlier).checkpoint)
        opened.custody.append("checkpoint", signer=signer.name if signer else None)
        text, is_signed = kept_checkpoint(opened, signer)
    if as_json:
        write_json([{"checkpoint": text, "signed": is_signed}])
    else:
        put(text, nl=False)
    if not is_signed:
        say("It is not signed: give --key and --name for a signature.")


@custody.command(no_args_is_help=True)
@click.argument("file", metavar="NEW.pem", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", required=True, help="Name of the signer, such as es.example/custody.")
@json_option
def key(file: Path, name: str, as_json: bool) -> None:
    r"""Make a signing key in a new file, under a passphrase, and print its verifier key.

    The passphrase is asked for, or read from the file that CLEW_PASSPHRASE_FILE names.

    \b
    clew custody key agency.pem --name es.example/custody
    """
    from clew.casefile.custody import checkpoint, keys
    from clew.casefile.outputs import output

    checkpoint.check_name(name)
    with output(file) as made:
        public = keys.make(made, passphrase("Passphrase for the new key", confirm=True))
    verifier = checkpoint.verifier(name, public)
    write_json([{"verifier": verifier}]) if as_json else put(verifier)
    say("Hand this line over in person: with it others check what the key signs.")


@custody.command(no_args_is_help=True)
@click.argument("case", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--entry", type=click.IntRange(1), help="Prove that the log holds this entry.")
@click.option("--from", "earlier", type=click.IntRange(0), help="Prove that it was only added to "
              "since it had so many entries.")  # fmt: skip
@click.option("--check", type=FILE,
              help="Check a proof, without the case.")  # fmt: skip
@json_option
def prove(
    case: Path | None, entry: int | None, earlier: int | None, check: Path | None, as_json: bool
) -> Ending:
    r"""Prove that the log holds an entry, or that it was only added to; or check such a proof.

    \b
    clew custody prove cases/op-17 --entry 12 > entry-12.json
    clew custody prove --check entry-12.json
    """
    from clew.casefile import open_case
    from clew.errors import UsageError

    if check:
        return _check(check, as_json=as_json)
    if case is None or (entry is None) == (earlier is None):
        raise UsageError(
            "a proof is of one thing", do="Give a case and either --entry or --from; or --check."
        )
    with open_case(case) as opened:
        point = opened.custody.checkpoint()
        if max(entry or 0, earlier or 0) > point.size:
            raise UsageError(f"the log has {point.size} entries", do="Name a smaller number.")
        proof: dict[str, Any] = {"checkpoint": point.text}
        if entry is not None:
            body = _body(opened, entry)
            hashes = opened.custody.inclusion(entry, point.size)
            proof |= {"entry": entry, "body": body}
        else:
            assert earlier is not None
            hashes = opened.custody.consistency(earlier, point.size)
            proof |= {"earlier": earlier, "earlier_root": _earlier_root(opened, earlier)}
        proof["proof"] = [base64.b64encode(h).decode() for h in hashes]
    if as_json:
        write_json([proof])
    else:
        put(escaped(json.dumps(proof, ensure_ascii=False, indent=1)))
    return Ending.DONE


@custody.command(no_args_is_help=True)
@case_argument
@click.option("--request", type=click.Path(path_type=Path, dir_okay=False),
              help="Write a request to a time-stamping authority to this file.")  # fmt: skip
@click.option("--token", type=FILE,
              help="The authority's answer.")  # fmt: skip
@click.option("--authority", type=FILE,
              help="The authority's root certificate (PEM).")  # fmt: skip
@force_option
@json_option
def stamp(
    case: Path, request: Path | None, token: Path | None, authority: Path | None, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    r"""Have a checkpoint time-stamped by an authority (RFC 3161), by files.

    Clew connects to nothing: carry the request to the authority, and its answer back.

    \b
    clew custody stamp cases/op-17 --request point.tsq
    clew custody stamp cases/op-17 --token point.tsr --authority root.pem
    """
    from clew.casefile import open_case
    from clew.casefile.custody import timestamps
    from clew.casefile.outputs import output
    from clew.errors import UsageError

    with open_case(case) as opened:
        if request:
            with output(request, case, force=force) as made:
                opened.custody.append("checkpoint", signer=None)
                point = opened.custody.checkpoint()
                made.write_bytes(timestamps.request(point.text.encode()))
            opened.custody.keep(point.text)
            if as_json:
                write_json([{"request": str(request), "size": point.size}])
            say(
                "The request is in {request}; the checkpoint it is about is kept in the log.",
                request=request,
            )
        elif token and authority:
            answer = token.read_bytes()
            stamped = timestamps.check(answer, authority.read_bytes(), list(opened.custody.kept()))
            opened.custody.append(
                "checkpoint stamped", stamped_at=stamped.at, size=stamped.size,
                token=base64.b64encode(answer).decode(),
            )  # fmt: skip
            if as_json:
                write_json([{"size": stamped.size, "at": stamped.at}])
            say("The log of {size} entries was there at {at}.", size=stamped.size, at=stamped.at)
        else:
            raise UsageError(
                "nothing to do", do="Give --request, or --token together with --authority."
            )


def _say_signatures(outside: list[Note]) -> None:
    """Say who signed the checkpoints that a log was compared with."""
    signed = [name for note in outside for name in note.signed_by]
    if signed:
        say("The checkpoint is signed by {names}.", names=", ".join(signed))
    elif any(note.signatures for note in outside):
        say("Its signatures were not checked: give --verifier for each.")
    if not outside:
        say("To tell a log that was rewritten as a whole, compare with a checkpoint: --against")


def _content(entry: Entry) -> dict[str, Any]:
    """What an entry says; nothing in it can stand for its number or hash."""
    return {**{k: v for k, v in entry.content.items() if k != "number"}, "leaf": entry.hash}


def _detail(row: dict[str, Any], shown: tuple[str, ...]) -> str:
    ordered = sorted(row.items(), key=lambda n: (n[0] != "what", n[0] in _EVERYWHERE))
    return "; ".join(
        f"{name}: {json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value}"
        for name, value in ordered
        if name not in (*shown, "leaf") and value not in (None, {}, [])
    )[:200]


def _read_checked(file: Path, verifiers: tuple[str, ...]) -> Note:
    from clew.casefile.custody import checkpoint

    note = checkpoint.parse(checkpoint.read(file))
    for verifier in verifiers:
        checkpoint.check(note, verifier)
    return note


def _keep_cosigned(opened: Case, file: Path, verifiers: tuple[str, ...]) -> list[str]:
    """Keep a checkpoint whose signatures were checked; who signed it."""
    from clew.casefile.custody import checkpoint
    from clew.errors import UsageError

    if not verifiers:
        raise UsageError(
            "a signature counts only when it was checked; nothing was kept",
            do="Give the key of who signed: --verifier NAME+ID+KEY",
        )
    note = _read_checked(file, verifiers)
    if note.problems:
        raise EvidenceError(
            f"{'; '.join(note.problems)}; nothing was kept",
            do="Ask the other agency for its signature again.",
        )
    opened.custody.belongs(note.checkpoint)
    opened.custody.append("checkpoint cosigned", file=file.name, signed_by=note.signed_by)
    opened.custody.keep(checkpoint.read(file))
    return note.signed_by


def _body(opened: Case, number: int) -> str:
    for entry in opened.custody.entries():
        if entry.number == number:
            return entry.body
    raise EvidenceError(
        f"entry {number} is missing from the custody log", do="Run: clew custody verify CASE"
    )


def _earlier_root(opened: Any, size: int) -> str:
    from clew.casefile.custody import tree

    frontier = tree.Frontier()
    for entry in opened.custody.entries():
        if entry.number <= size:
            frontier.add(bytes.fromhex(entry.hash), entry.number - 1)
    return base64.b64encode(frontier.root).decode()


def _check(file: Path, *, as_json: bool) -> Ending:
    """Check a proof by itself."""
    from clew.casefile.custody import checkpoint, tree
    from clew.errors import UsageError

    try:
        proof = json.loads(file.read_text("utf-8"))
        point = checkpoint.parse(proof["checkpoint"]).checkpoint
        hashes = [base64.b64decode(h) for h in proof["proof"]]
        if "entry" in proof:
            said = "Right: entry {entry} is in the log of {size} entries: {body}"
            hashed = tree.leaf(proof["body"].encode())
            right = tree.holds(hashed, proof["entry"] - 1, point.size, hashes, point.root)
        else:
            said = "Right: the log of {size} entries continues that of {earlier}"
            before = (proof["earlier"], base64.b64decode(proof["earlier_root"]))
            right = tree.continues(before, (point.size, point.root), hashes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{file} is no proof ({error})", do="Give a file made with `clew custody prove`."
        ) from error
    if as_json:
        write_json([{"right": right, "checkpoint": point.text}])
    if right:
        say(said, size=point.size, **proof)
    else:
        say("Wrong: the proof does not fit its checkpoint.")
    say("Compare the checkpoint with one that you trust:\n{text}", text=point.text)
    return Ending.damage(not right)
