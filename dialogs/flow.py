"""The flow as a diagram, drawn from the table of moves that every turn is checked against."""

from dialogs.steps import ANYWHERE, PATHS, STAGES


def mermaid() -> str:
    """Return the state machine as a Mermaid flowchart: a box per stage, and one for what can come up anywhere."""
    lines = ["flowchart TD"]
    for stage, steps in STAGES.items():
        lines.append(f"  subgraph {stage}_stage [{stage}]")
        lines.extend(f"    {step.value}" for step in sorted(steps))
        lines.append("  end")
    lines.append("  subgraph anywhere_stage [anywhere, and back again]")
    lines.extend(f"    {step.value}" for step in sorted(ANYWHERE))
    lines.append("  end")
    for before, afters in PATHS.items():
        lines.extend(f"  {before.value} --> {after.value}" for after in sorted(afters) if after is not before)
    return "\n".join(lines) + "\n"
