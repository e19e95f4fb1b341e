import { type Command as Program, Command, Option } from 'commander'
import { printable } from '../../compiler/objects/quote.ts'
import { isAgentAudit } from '../telemetry/is-agent-audit.ts'
import { auditJson } from '../views/audit-json.ts'
import { auditReport } from '../views/audit-report.ts'
import { auditText } from '../views/audit-text.ts'
import { addAskingOptions, askAndRead, type AskingFlags } from './ask-nodes.ts'
import { EXIT } from './exit-codes.ts'
import { withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags, saidNamespace } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface AuditFlags extends ReadingFlags, AskingFlags {
  readonly output: 'text' | 'json'
}

const HELP = `
A policy with the annotation selvedge.io/mode: audit isolates nobody; what it would deny passes, and is noted. Every agent of the
cluster is asked, by exec into its pod; on a node, or in an agent's pod, the one there.

'safe' is said only where every node has answered, all with the same text of each policy, and over one time in which nothing was lost, no
agent began anew and no table was built. It speaks of what was seen: a job that runs on Sundays was not.

Exit status: 0 safe, or nothing is audited, 1 something would be denied, 2 bad usage, 3 nobody answers, or nothing would be denied
as far as is known, and that is not all.`

/** `selvedge audit`: what policies that are only audited would deny and open, were they enforced. */
export function auditCommand(): Program {
  const command = new Command('audit').description('what audited policies would deny and open, were they enforced')
  return addAskingOptions(addReadingOptions(command, 'narrowing'))
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(audit)
}

async function audit(flags: AuditFlags, command: Program): Promise<void> {
  const found = await askAndRead({ word: 'audit', isAnswer: isAgentAudit }, { ...flags, tellsAudited: false })
  if (found === undefined) return
  const { asked, cluster } = found
  const answered = new Set(asked.answers.map(({ node }) => node))
  // By the socket of one node the others were not asked.
  const others = [...cluster.nodes.keys()].map(printable).filter((node) => !answered.has(node))
  const silent = [...new Set([...asked.silent.map(({ node }) => node), ...others])].sort()
  const namespace = saidNamespace(flags, command)
  const report = auditReport(
    asked.answers,
    silent,
    (policy) => namespace === undefined || policy.startsWith(`${namespace}/`),
  )
  process.exitCode = EXITS[report.verdict]
  process.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ ...auditJson(report), ...withNotes(cluster.notes) }, undefined, 2)}\n`
      : auditText(report, textStyle()),
  )
}

const EXITS = { denies: EXIT.no, safe: EXIT.done, 'nothing audited': EXIT.done, 'not told': EXIT.environment } as const
