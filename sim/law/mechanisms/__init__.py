"""The mechanisms, one small file each, in the order in which a quarter runs through them (see sim/law/quarter.py).

threats       1  threats arise
response      2  states answer in response groupings
council       3  the Alliance decides by consensus and silence procedure
participation 4  places become activities: what partners take up and who pays
activities    5  activities work
operations    6  operations together
trust         7  trust moves
rivals        8  rivals move and are provoked
time_passes   9  time passes
arrangements  10 arrangements and accession change
"""
