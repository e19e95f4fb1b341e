import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import type { BenchCase, BenchRuleset } from './bench-case.ts'
import type { RunPlan } from './bench-run.ts'
import { compiledRuleset } from './compiled-ruleset.ts'
import type { Flow } from './flow.ts'
import { grantsOf, policyOf } from './grants.ts'
import { podAddress, remotePod } from './pods.ts'
import { sizeCases } from './size-cases.ts'

const FREE = { isolated: 0, unselected: 0, established: 0 }

export interface NotingPlan extends Pick<RunPlan, 'baseline' | 'cases' | 'isDenied'> {
  readonly title: string
}

/** What counting grants, observing, and noting what is denied cost: each against the same ruleset without it. */
export function notingPlans(): readonly NotingPlan[] {
  const sized = sizeCases([100], FREE)
  const counting = sized[0]?.ruleset
  if (counting === undefined) throw new Error('no case')
  const flows = sized.filter(({ ruleset }) => ruleset === counting)
  const under = (ruleset: BenchRuleset) => flows.map((one): BenchCase => ({ ...one, ruleset, must: undefined }))
  const plain = { ...counting, name: 'uncounted', text: withoutCounters(counting.text) }
  const counters: NotingPlan = {
    title: 'A counter on each rule that grants',
    baseline: plain,
    cases: [...under({ ...plain, name: 'uncounted again (noise)' }), ...under(counting)],
  }

  const policies = grantsOf(100, 'over the pods').map(policyOf)
  const observing = compiledRuleset('--observe', policies, [], { ...DEFAULT_OPTIONS, observe: true })
  const observed: NotingPlan = {
    title: 'Observing what is allowed',
    baseline: counting,
    cases: [...under({ ...counting, name: 'not observing again (noise)' }), ...under(observing)],
  }

  const silent = { ...counting, name: 'nothing is noted', text: withoutRecording(counting.text) }
  const full = { ...counting, name: 'noted, every set full', text: counting.text.replaceAll(/size \d+/g, 'size 16') }
  const denied = (ruleset: BenchRuleset) => deniedFlows().map((one): BenchCase => ({ ...one, ruleset }))
  const refused: NotingPlan = {
    title: 'Denied packets',
    baseline: silent,
    cases: [...denied({ ...silent, name: 'nothing again (noise)' }), ...denied(counting), ...denied(full)],
    isDenied: true,
  }
  return [counters, observed, refused]
}

/** One flow, and a scan of ports, at a pod that grants neither. */
function deniedFlows(): readonly Omit<BenchCase, 'ruleset'>[] {
  const flow = (family: Family): Flow => ({
    source: podAddress(remotePod(700), family),
    destination: podAddress(3, family),
    destinationPort: 9,
  })
  const made = (name: string, scans: boolean) =>
    FAMILIES.map((family) => ({ name, state: 'new' as const, flow: { ...flow(family), scans }, must: undefined }))
  return [...made('one flow', false), ...made('a scan', true)]
}

/** As it was before rules that grant were counted. */
function withoutCounters(text: string): string {
  return text.replaceAll(/ counter (return|goto allow)$/gm, ' $1')
}

/** As it was before denied packets were noted. */
function withoutRecording(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.includes('update @'))
    .join('\n')
}
