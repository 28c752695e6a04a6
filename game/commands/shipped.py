"""What is shipped: scenarios, policies and games, a line each."""

from game.core.game_file import game_names, load_game
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import load_policy, policy_names


def list_shipped() -> None:
    """Print names, and what they are about."""
    print("Scenarios (python run.py run NAME)")
    for name in scenario_names():
        print(f"  {name:24s} {load_scenario(name).question}")
    print("\nPolicies (--policy NAME)")
    for name in policy_names():
        policy = load_policy(name)
        print(f"  {name:24s} {getattr(policy, 'description', None) or policy.title}")
    print("\nGames (python run.py play NAME)")
    for name in game_names():
        game = load_game(name)
        print(f"  {name:24s} {game.title}: {len(game.seats)} seats, {game.turns * game.quarters / 4:g} years")
