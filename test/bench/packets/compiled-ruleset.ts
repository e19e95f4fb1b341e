import { DEFAULT_OPTIONS, type RulesetOptions } from '../../../compiler/nftables/options.ts'
import type { RawPolicy } from '../../oracle/raw-cluster.ts'
import { engineOf, textOf } from '../../laws/compile-cluster.ts'
import { holdChanges } from '../../laws/hold-changes.ts'
import type { BenchRuleset, GrowingSet } from './bench-case.ts'
import { namespaces, NODE, pods } from './pods.ts'

/** What our compiler makes of the policies, for the node with the local pods; with the hold, where these are its subnets. */
export function compiledRuleset(
  name: string,
  policies: readonly RawPolicy[],
  subnets: readonly string[] = [],
  options: RulesetOptions = DEFAULT_OPTIONS,
): BenchRuleset {
  const engine = engineOf({ namespaces: namespaces(), pods: pods(), policies }, ({ node }) => node === NODE, options)
  if (subnets.length > 0) engine.apply(holdChanges({ node: NODE, subnets, sandboxes: [] }))
  const problems = engine.problems()
  if (problems.length > 0) throw new Error(`${name}: ${JSON.stringify(problems[0])}`)
  return { name, text: textOf(engine, options), growing: growingSet([...engine.ruleset().sets.keys()]) }
}

/** A set of peers: of addresses, or of endpoints where the grants were merged. */
function growingSet(names: readonly string[]): GrowingSet | undefined {
  const table = 'inet selvedge'
  const endpoints = names.find((name) => name.startsWith('x4-'))
  if (endpoints !== undefined) return { table, set: endpoints, element: (turn) => `10.99.0.${turn + 1} . udp . 5000` }
  const addresses = names.find((name) => name.startsWith('p4-'))
  return addresses === undefined ? undefined : { table, set: addresses, element: (turn) => `10.99.0.${turn + 1}` }
}
