"""One known paragraph, scored before a service calls itself ready.

Its labels are recorded in a model's manifest when the model is saved, so that a build of numpy or onnxruntime that
computes something else on the serving machine is found at start-up and not by a client.
"""

from __future__ import annotations

from typing import Final

GOLDEN_TEXT: Final = (
    "Russian missiles struck a children's hospital in the Ukrainian capital before dawn, killing nine patients, and "
    "rescuers wept as they dug through the rubble with bare hands. “This is a war crime, and Moscow will answer for "
    "it,” said the head of the regional prosecutor's office. The White House gave no comment on the attack."
)
"""Written for this purpose: Russia is blamed, Ukraine suffers, the United States are merely mentioned."""
