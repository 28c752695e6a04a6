"""The analyst's page: move a lever, and see what it changes, paired, with its interval.

    address   what is asked, as the link writes it                  Asked
    drafts    policies and worlds of a link, as files that `validate` and `compare` take
    setting   what is compared: scenario, policies, arms            Setting
    shop      runs, in one bounded queue that is fair to all tabs
    picture   what a page draws, as numbers and words
    closer    one state or group, the ledger, mechanisms, ranges
    app       addresses of the server; serve starts it

One thing is computed from one text: what the page shows comes from the very files that it lets save.
"""
