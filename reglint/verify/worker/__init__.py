"""The worker: builds models of the user's code, in processes of their own, and measures their losses.

It runs in the interpreter that the user's project runs in, where reglint need not be installed: this folder
needs the standard library and TensorFlow with Keras, and nothing else.
"""
