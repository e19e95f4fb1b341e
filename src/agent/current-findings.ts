import type { Finding } from '../kernel/finding.ts'
import type { AgentRecord } from './agent-record.ts'

/** What the node lacks, as looked for and as met. */
export function currentFindings(record: AgentRecord): readonly Finding[] {
  return record.uncertainGeneration ? [...record.findings, UNCERTAIN_GENERATION] : record.findings
}

const UNCERTAIN_GENERATION: Finding = {
  id: 'generation-uncertain',
  severity: 'warns',
  problem:
    'live flows could not be asked for the number that they carry, or carry every number there is: one may keep a right that was taken from it until it ends',
  cure: 'install conntrack (conntrack-tools); give --mark-mask more bits',
}
