"""The network of SupplyNetPy's published benchmark, run by SupplyNetPy itself: sizes N, days L, and a number of seeds as arguments.

Prints one JSON object: CPU seconds of each run (its garbage collector off, as in its own benchmark; building the network left out), and
what was measured, one list of samples for each echelon and figure. Written from the description of that benchmark; the arguments of the
library are its own.
"""

import gc
import json
import random
import sys
import time
from importlib.metadata import version

import SupplyNetPy.Components as scm
from SupplyNetPy.Components.core import Product, RawMaterial

TO_STORE = {
    "M": dict(capacity=1000, initial_level=200, policy_param={"s": 200, "S": 800}, product_sell_price=15),
    "D": dict(capacity=500, initial_level=150, policy_param={"s": 100, "S": 400}, product_sell_price=13, product_buy_price=10),
    "R": dict(capacity=200, initial_level=80, policy_param={"s": 40, "S": 150}, product_sell_price=18, product_buy_price=13),
}
TYPES = {"M": "manufacturer", "D": "distributor", "R": "retailer"}


def network(size, in_turn):
    counts = {"S": size // 5, "M": size // 10, "D": size // 7}
    counts["R"] = size - sum(counts.values())
    ore = RawMaterial(ID="ore", name="ore", extraction_quantity=1000, extraction_time=1, mining_cost=1, cost=2)
    nodes = [{"ID": f"S{i}", "name": f"S{i}", "node_type": "infinite_supplier", "raw_material": ore} for i in range(counts["S"])]
    for echelon, store in TO_STORE.items():
        for i in range(counts[echelon]):
            node = {"ID": f"{echelon}{i}", "name": f"{echelon}{i}", "node_type": TYPES[echelon], **store}
            node |= {"inventory_holding_cost": 0.5, "replenishment_policy": scm.SSReplenishment}
            if echelon == "M":
                node["product"] = Product(
                    ID=f"P{i}", name="goods", manufacturing_cost=1, manufacturing_time=1, sell_price=15,
                    raw_materials=[(ore, 1)], batch_size=100,
                )
            nodes.append(node)
    links = []
    for above, below in ("SM", "MD", "DR"):
        for j in range(counts[below]):
            sources = [j % counts[above]] if in_turn else range(counts[above])
            links += [
                {
                    "ID": f"{above}{i}-{below}{j}", "source": f"{above}{i}", "sink": f"{below}{j}", "cost": 3,
                    "lead_time": lambda: random.expovariate(1 / 3),
                }
                for i in sources
            ]
    demands = [
        {
            "ID": f"C{i}", "name": "customers", "demand_node": f"R{i}",
            "order_arrival_model": lambda: random.expovariate(1), "order_quantity_model": lambda: 10,
        }
        for i in range(counts["R"])
    ]
    return nodes, links, demands


def figures(net):
    found = {}
    for node in net["nodes"].values():
        if node.ID[0] == "S":
            continue
        stats = node.stats
        found.setdefault(node.ID[0], []).append(
            {
                "stock": stats.avg_inventory_level,
                "delivered": stats.demand_fulfilled[1],
                "orders": stats.demand_placed[0],
                "arrived": stats.fulfillment_received[1],
                "lost": stats.lost_sales[1],
            }
        )
    return {echelon: {name: sum(node[name] for node in nodes) for name in nodes[0]} for echelon, nodes in found.items()}


def main():
    size, days, seeds = (int(word) for word in sys.argv[1:4])
    parts = network(size, "in-turn" in sys.argv)
    cpu, samples = [], []
    for seed in range(seeds):
        random.seed(seed)
        net = scm.create_sc_net(*parts)
        gc.collect()
        gc.disable()
        started = time.process_time()
        scm.simulate_sc_net(net, sim_time=days, logging=False)
        cpu.append(time.process_time() - started)
        gc.enable()
        samples.append(figures(net))
    print(json.dumps({"version": version("supplynetpy"), "cpuSeconds": cpu, "samples": samples}))


if __name__ == "__main__":
    main()
