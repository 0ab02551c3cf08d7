"""What the tests' own page says of mutants and of damaged files, from the files that hold it."""

from __future__ import annotations

from tests.docs.parts import read


def robustness_figures() -> dict[str, str]:
    """What has to stand there, by name."""
    mutants, fuzz = read("tests/mutants.json"), read("model/study/results/fuzz.json")
    noticed = sum(mutants[kind] for kind in ("killed", "timeout", "segfault", "suspicious"))
    return {
        "mutants": f"{mutants['total']:,}",
        "mutants noticed": f"{noticed:,} ({100 * noticed / mutants['total']:.0f} %)",
        "fuzz": f"{fuzz['files']:,}",
        "fuzz originals": str(fuzz["damaged_from"]),
        "fuzz heard": f"{fuzz['outcomes']['heard']:,}",
        "fuzz faults": str(sum(len(numbers) for numbers in fuzz["faults"].values())),
        "fuzz longest": f"{fuzz['longest_seconds']:.1f} s",
        "fuzz memory": f"{fuzz['peak_memory_mib']:.0f} MiB",
    }
