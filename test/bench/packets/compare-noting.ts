import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { benchRun, type RunPlan } from './bench-run.ts'
import { compiledRuleset } from './compiled-ruleset.ts'
import { type Flow, flowKey } from './flow.ts'
import { grantsOf, policyOf } from './grants.ts'
import { podAddress, remotePod } from './pods.ts'
import { ratioTable } from './report.ts'
import { sizeCases } from './size-cases.ts'

const FREE = { isolated: 0, unselected: 0, established: 0 }

/** What counting grants, observing, and noting what is denied cost: each against the same ruleset without it. */
export async function compareNoting(): Promise<void> {
  const sized = sizeCases([100], FREE)
  const counting = sized[0]?.ruleset
  if (counting === undefined) throw new Error('no case')
  const flows = sized.filter(({ ruleset }) => ruleset === counting)
  const under = (ruleset: BenchRuleset) => flows.map((one): BenchCase => ({ ...one, ruleset, must: undefined }))
  const plain = { ...counting, name: 'uncounted', text: withoutCounters(counting.text) }
  await print('A counter on each rule that grants', {
    baseline: plain,
    cases: [...under({ ...plain, name: 'uncounted again (noise)' }), ...under(counting)],
  })

  const policies = grantsOf(100, 'over the pods').map(policyOf)
  const observing = compiledRuleset('--observe', policies, [], { ...DEFAULT_OPTIONS, observe: true })
  await print('Observing what is allowed', {
    baseline: counting,
    cases: [...under({ ...counting, name: 'not observing again (noise)' }), ...under(observing)],
  })

  const silent = { ...counting, name: 'nothing is noted', text: withoutRecording(counting.text) }
  const full = { ...counting, name: 'noted, every set full', text: counting.text.replaceAll(/size \d+/g, 'size 16') }
  const denied = (ruleset: BenchRuleset) => deniedFlows().map((one): BenchCase => ({ ...one, ruleset }))
  await print('Denied packets', {
    baseline: silent,
    cases: [...denied({ ...silent, name: 'nothing again (noise)' }), ...denied(counting), ...denied(full)],
    isDenied: true,
  })
}

async function print(title: string, plan: Pick<RunPlan, 'baseline' | 'cases' | 'isDenied'>): Promise<void> {
  const { machine, measurements, sender } = await benchRun({ ...plan, alike: flowKey, fewestRounds: 5, seconds: 45 })
  const rounds = measurements[0]?.under.length ?? 0
  console.log(
    `\n${title}: ${machine.facts}; CPU ${machine.cpu}; medians of about ${rounds} rounds, and the middle half\n`,
  )
  console.log(ratioTable(measurements, sender).join('\n'))
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
