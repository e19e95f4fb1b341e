import type { NodeCheckOptions } from './check-node.ts'
import { checkLegacyRules } from './check-rulesets.ts'
import type { Finding } from './finding.ts'
import { readValue } from './read-value.ts'
import { runProgram } from './run-program.ts'

/** nft does not show these rules. The tools are asked only where such tables exist: asking makes them. */
export async function checkLegacyIptables(options: NodeCheckOptions): Promise<readonly Finding[]> {
  const { procFolder = '/proc', markMask, timeoutMilliseconds, signal } = options
  const findings: Finding[] = []
  for (const tool of ['iptables-legacy-save', 'ip6tables-legacy-save'] as const) {
    const names = readValue(`${procFolder}/net/${tool.startsWith('ip6') ? 'ip6' : 'ip'}_tables_names`)
    if (names === undefined || names === '') continue
    const end = await runProgram([tool], { timeoutMilliseconds, signal })
    if (end.kind === 'exited' && end.exitCode === 0)
      for (const finding of checkLegacyRules(end.stdout, markMask)) findings.push(finding)
    else {
      findings.push({
        id: 'legacy-iptables-unseen',
        severity: 'warns',
        problem: `legacy iptables has tables here (${names.split('\n').join(', ')}), and ${tool} does not show them`,
        cure: `run ${tool} on the node and look for what other engines left (KUBE-ROUTER-, KUBE-NWPLCY-, cali-, WEAVE-NPC)`,
      })
    }
  }
  return findings
}
