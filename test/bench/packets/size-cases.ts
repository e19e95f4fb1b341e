import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { compiledRuleset } from './compiled-ruleset.ts'
import type { Flow, FlowState } from './flow.ts'
import { type Grant, grantsFor, grantsOf, policyOf, type Spread } from './grants.ts'
import { linearRuleset } from './linear-ruleset.ts'
import { LOCAL_SUBNETS, podAddress, remotePod, UNSELECTED } from './pods.ts'

/** At most this many times the bare baseline. */
export interface Musts {
  readonly isolated: number
  readonly unselected: number
  readonly established: number
}

const ISOLATED = 'isolated pod'
const SPREADS: readonly Spread[] = ['over the pods', 'on one pod']

/** Our layout for each number of policies: an isolated pod, by its last grant, and a pod that no policy selects. */
export function sizeCases(sizes: readonly number[], musts: Musts): readonly BenchCase[] {
  return sizes.flatMap((policies) =>
    SPREADS.flatMap((spread) => {
      const grants = grantsOf(policies, spread)
      const ruleset = compiledRuleset(`${count(policies)} ${spread}`, grants.map(policyOf))
      return casesOf(ruleset, grants, musts)
    }),
  )
}

/** The same with the hold, whose rules every new flow walks. */
export function heldCases(policies: number, musts: Musts): readonly BenchCase[] {
  const grants = grantsOf(policies, 'over the pods')
  const ruleset = compiledRuleset(`${count(policies)} over the pods, held`, grants.map(policyOf), LOCAL_SUBNETS)
  return casesOf(ruleset, grants, musts)
}

/** The classic layout for the same policies. */
export function linearCases(sizes: readonly number[]): readonly BenchCase[] {
  return sizes.flatMap((policies) =>
    SPREADS.flatMap((spread) => {
      const grants = grantsOf(policies, spread)
      return casesOf(linearRuleset(`linear: ${count(policies)} ${spread}`, grants), grants, undefined).filter(
        ({ name, state }) => name === ISOLATED || state === 'new',
      )
    }),
  )
}

function casesOf(ruleset: BenchRuleset, grants: readonly Grant[], musts: Musts | undefined): readonly BenchCase[] {
  const row = (name: string, state: FlowState, must: number | undefined, flow: (family: Family) => Flow) =>
    FAMILIES.map((family): BenchCase => ({ ruleset, name, state, flow: flow(family), must }))
  const isolated = lastGranted(grants)
  const unselected = (family: Family): Flow => ({ ...isolated(family), destination: podAddress(UNSELECTED, family) })
  return [
    ...row(ISOLATED, 'new', musts?.isolated, isolated),
    ...row(ISOLATED, 'established', musts?.established, isolated),
    ...row('unselected pod', 'new', musts?.unselected, unselected),
    ...row('unselected pod', 'established', musts?.established, unselected),
  ]
}

/** The flow that only the last grant of the last isolated pod lets through. */
function lastGranted(grants: readonly Grant[]): (family: Family) => Flow {
  const pods = Array.from({ length: UNSELECTED }, (_, index) => UNSELECTED - 1 - index)
  const pod = pods.find((one) => grantsFor(grants, one).length > 0)
  const grant = pod === undefined ? undefined : grantsFor(grants, pod).at(-1)
  if (pod === undefined || grant === undefined) throw new Error('no policy selects a pod of the node')
  return (family) => ({
    source: podAddress(remotePod(grant.from), family),
    destination: podAddress(pod, family),
    destinationPort: grant.port,
  })
}

function count(policies: number): string {
  return policies.toLocaleString('en')
}
