"""What everything else may use: errors, files, the command line of a stage. Nothing of the project lies below it."""
