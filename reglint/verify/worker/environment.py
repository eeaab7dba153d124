"""Prints what a build depends on beside its sources: the interpreter and the packages that it has.

Run as a script; it imports neither TensorFlow nor Keras.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import distributions

if __name__ == "__main__":
    packages = sorted({f"{each.metadata['Name']}=={each.version}" for each in distributions()})
    print(json.dumps({"python": sys.version, "executable": sys.executable, "packages": packages}))
