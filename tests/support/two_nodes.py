"""Run by tests: a Ray cluster of two nodes of one core each, on loopback.

Prints its address. Each line of input ends the second node like a power cut, and starts another instead.
It ends when its input ends.
"""

import os
import sys

os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}

from ray.cluster_utils import Cluster

if __name__ == "__main__":
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        node = cluster.add_node(num_cpus=1)
        print(cluster.address, flush=True)
        for _ in sys.stdin:
            cluster.remove_node(node, allow_graceful=False)
            node = cluster.add_node(num_cpus=1)
            print("lost", flush=True)
    finally:
        cluster.shutdown()
