"""The kinds of rules over scorecard rows, one file a kind: `params.yaml` and `gate.yaml` name them; others come in `keepfit.rules`."""
