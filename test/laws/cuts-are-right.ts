import { deepStrictEqual } from 'node:assert'
import { cutFlows } from '../../compiler/flows/cut-flows.ts'
import { portText } from '../../compiler/flows/fold-rows.ts'
import { recordedEndText } from '../../compiler/flows/recorded-end-text.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { oracle } from '../oracle/oracle.ts'
import { ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPolicy } from '../oracle/raw-cluster.ts'
import { askedCluster } from './ask-cluster.ts'
import { recordedFlow } from './recorded-flows.ts'

/** How many flows a change cuts, how many it leaves, and of how many it says nothing. */
export interface Fates {
  readonly cut: number
  readonly kept: number
  readonly others: number
}

/** Throws unless what is told to be cut, of all that was seen, is exactly what the oracle allowed before and denies after. */
export function cutsAreRight(cluster: RawCluster, policies: readonly RawPolicy[]): Fates {
  const changed = { ...cluster, policies }
  const [was, is] = [oracle(cluster), oracle(changed)]
  const seen = interestingConnections(cluster, 120)
  const told = cutFlows(askedCluster(cluster), askedCluster(changed), {
    flows: seen.map((one) => recordedFlow(cluster, one)),
    folded: [],
  })
  const cut = seen.filter((one) => was(one).allowed && !is(one).allowed)
  const counts = new Map<string, number>()
  for (const one of cut) {
    const { source, destination, carries } = recordedFlow(cluster, one)
    const key = `${recordedEndText(source)} ${recordedEndText(destination)} ${portText(carries)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  deepStrictEqual(new Map(told.cuts.map(({ from, to, port, count }) => [`${from} ${to} ${port}`, count])), counts)
  // Of a pod to itself no policy is asked, and addresses of nobody are none of its business.
  const governed = seen.filter(({ source, destination }) => {
    return source !== destination && [source, destination].some((end) => ownerOf(end, cluster.pods) !== undefined)
  })
  deepStrictEqual([told.unresolved, told.kept], [[], governed.length - cut.length])
  return { cut: cut.length, kept: told.kept, others: seen.length - governed.length }
}
