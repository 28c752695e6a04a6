"""How each role chooses: one compiled function a role, writing one row of orders.

alliance  the NATO staff: programme and Council agenda
member    an ally: stance, lead money, pledge, troops
partner   a partner: requests, offers taken, pledge, troops, application
rival     a rival: moves and whom they lean on
"""
