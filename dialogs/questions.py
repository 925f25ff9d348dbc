"""Every question, by the step that asks it."""

from collections.abc import Mapping

from dialogs import anywhere, clarify, forgetting, safety
from dialogs.stages import (
    check_in,
    follow_up,
    interviews,
    learning,
    opening,
    perspective,
    planning,
    rhythm,
    send_off,
    venting,
)
from dialogs.steps import Step
from dialogs.talk import Question

QUESTIONS: Mapping[Step, Question] = {
    question.step: question
    for place in (
        *(opening, venting, perspective, learning, planning, send_off),
        *(rhythm, check_in, interviews, follow_up, anywhere, clarify, forgetting, safety),
    )
    for question in place.QUESTIONS
}
