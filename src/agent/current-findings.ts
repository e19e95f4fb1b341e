import type { Engine } from '../../compiler/engine/engine.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { bridgeLocalFindings } from '../kernel/bridge-local-finding.ts'
import type { Finding } from '../kernel/finding.ts'
import type { AgentRecord } from './agent-record.ts'

/** What the node lacks, as looked for and as met. */
export function currentFindings(record: AgentRecord): readonly Finding[] {
  const { findings, holdFindings, staticPods, differing, uncertainGeneration, unlisted } = record
  return [
    ...findings,
    ...holdFindings,
    ...staticPods,
    ...differing,
    ...(uncertainGeneration ? [UNCERTAIN_GENERATION] : []),
    ...(unlisted === undefined ? [] : [tableUnlisted(unlisted)]),
  ]
}

/** The same, and what follows from whom the node closes. */
export function findingsNow(
  record: AgentRecord,
  engine: Pick<Engine, 'local' | 'holdState'>,
  bridgeLocal: RulesetOptions['bridgeLocal'],
): readonly Finding[] {
  const { ingress, egress } = engine.local.counts().isolatedPods
  const isAnyClosed = ingress + egress > 0 || engine.holdState() !== 'off'
  return [...currentFindings(record), ...bridgeLocalFindings({ bridgeLocal, isAnyClosed })]
}

const UNCERTAIN_GENERATION: Finding = {
  id: 'generation-uncertain',
  severity: 'warns',
  problem:
    'live flows could not be asked for the number that they carry, or carry every number there is: one may keep a right that was taken from it until it ends',
  cure: 'install conntrack (conntrack-tools); give --mark-mask more bits',
}

function tableUnlisted(message: string): Finding {
  return {
    id: 'table-unlisted',
    severity: 'warns',
    problem: `our table cannot be listed, so nobody sees what others change in it: ${message}`,
    cure: 'run `nft -j list table inet selvedge` by hand',
  }
}
