"""How lines are written on PostgreSQL: by functions of the database's own, and by nothing else.

`append`, `append_program` and `restate` run with the rights of the tables' owner (SECURITY
DEFINER) and hold every line against what the database knows by itself: who is connected, which
roles they hold, where the agreement stands, what the stream's last line is. No working role may
write a line or move a row past them (`store.grants`). Whether a guard spoke the truth they can't
tell: that `log verify` works out anew.

The functions' text stands in the files beside this one, in PL/pgSQL. Every name in them is looked
up in pg_catalog alone, or is written with its schema. `current_user` is the tables' owner there,
and `session_user` who is connected, whatever SET ROLE says. Who owns the tables could take them
away, and is held to the form of lines only: founding, restoring and upgrading are theirs.

`words` is what the transition table and the deeds say, `functions` how the functions are set and
looked at, `calls` how the unit of work calls them.
"""
