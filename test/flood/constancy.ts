import type { Connection } from '../oracle/connection.ts'
import { oracle, type Verdict } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { addressOf } from './flood-lab.ts'
import type { FloodProbe } from './flood-probe.ts'

/**
 * What a packet has to get while clusters follow each other, when each direction has the verdict of before or of after:
 * always to pass, never to pass; or now this and now that, since its verdict changes or two directions change at once.
 */
export type Constancy = 'always' | 'never' | 'changes' | 'free'

/** The verdicts of node-1, which judges only for its own pods. */
export function verdictsOf(states: readonly RawCluster[], probe: FloodProbe): readonly Verdict[] {
  const { family, protocol, port } = probe
  const [source, destination] = [addressOf(probe.from, family), addressOf(probe.to, family)]
  const connection: Connection = { source, destination, protocol, port }
  return states.map((state) => oracle(state, (pod) => pod.spec?.nodeName === 'node-1')(connection))
}

/** By the verdicts of clusters that follow each other, round and round. */
export function constancyOf(verdicts: readonly Verdict[]): Constancy {
  if (verdicts.every(({ allowed }) => allowed)) return 'always'
  if (verdicts.some(({ allowed }) => allowed)) return 'changes'
  const mayPass = verdicts.some((old, index) => {
    const now = verdicts[(index + 1) % verdicts.length] ?? old
    return (old.egress.allowed || now.egress.allowed) && (old.ingress.allowed || now.ingress.allowed)
  })
  return mayPass ? 'free' : 'never'
}
