"""`./relais chat` with lines from a pipe, over the whole road."""

import subprocess

import pytest

from tests.stack import ROOT, Stack

pytestmark = pytest.mark.stack

GRACE, SAMI = "+242061234567", "+21620123456"
LONGEST_SECONDS = 60


def typed(stack: Stack, *words: str, lines: tuple[str, ...]) -> str:
    done = subprocess.run(
        [str(ROOT / "relais"), "chat", *words],
        input="\n".join(lines) + "\n",
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_reads_taps_a_number_and_reads_the_answer(stack: Stack) -> None:
    stack.forget_conversations()
    said = typed(stack, "--as", GRACE, lines=("où est COUR-20250127-061", "1", ":photo"))
    asked, tapped, photographed = said.split("› ")[1:]
    assert "DEMANDE COUR-20250127-061" in asked
    assert "[1] Contacter le livreur" in asked
    assert "[contact: Jean Malonga · " in tapped
    assert photographed.strip() != ":photo"


def test_another_business_is_chosen_by_its_name(stack: Stack) -> None:
    assert "Jasmin Livraison" in typed(stack, "--as", SAMI, "--business", "jasmin", lines=("bonjour",))
