// Everything as the guide has it.
