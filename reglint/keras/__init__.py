"""What Keras means: the layer catalog, regularizers as values, and the layer constructors of a module."""
