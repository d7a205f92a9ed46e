// Everything as in the guide.
