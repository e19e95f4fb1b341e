import type { Connection } from './connection.ts'
import { type Local, oracle, type Verdict } from './oracle.ts'
import type { RawCluster } from './raw-cluster.ts'

/** One connection's verdict; for many of one cluster, `oracle(cluster)` looks owners up only once. */
export function allowed(cluster: RawCluster, connection: Connection, local?: Local): Verdict {
  return oracle(cluster, local)(connection)
}
