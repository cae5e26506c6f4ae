"""Events: what subscribers may hear of, made from the records of what happened, with the text that was true then. A file a subject."""
