import { checkRulesets, hasForeignSets } from './check-rulesets.ts'
import type { Finding } from './finding.ts'
import type { NftFailure } from './nft-result.ts'
import { isCrashedByForeignObjects, isOlder, type NftVersion, OLDEST_VERSION } from './nft-version.ts'
import { createNft, failureOf } from './run-nft.ts'
import { runProgram } from './run-program.ts'

export interface NftCheckOptions {
  readonly command: readonly string[]
  readonly markMask: number
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
}

/** One of each that our rulesets are made of; only checked, never committed. */
const PROBE = `table inet selvedge-probe {
  set blocks { type ipv4_addr . inet_proto . inet_service; flags interval; }
  map verdicts { typeof ip saddr : verdict; elements = { 192.0.2.1 : jump allow }; }
  chain allow { ct mark set ct mark & 0x000fffff | 0x00100000 accept; }
  chain forward {
    type filter hook forward priority filter + 5; policy accept;
    ct state vmap { invalid : drop, established : accept };
    ct direction reply ip daddr . meta l4proto . th sport @blocks accept;
    ip saddr vmap @verdicts;
  }
}
`

/** Is there an nft that can do our work, may it, and what else is in the kernel's rulesets? */
export async function checkNft(options: NftCheckOptions): Promise<readonly Finding[]> {
  const { command, timeoutMilliseconds, signal } = options
  const run = (argv: readonly string[], input?: string) =>
    runProgram([...command, ...argv], { timeoutMilliseconds, signal, ...(input === undefined ? {} : { input }) })

  const answer = await createNft({ command, timeoutMilliseconds, signal }).version()
  if (answer.kind !== 'version') return [unusable(answer)]
  const { version } = answer
  if (isOlder(version, OLDEST_VERSION)) return [tooOld(version)]

  // Neither reads what others made, so neither can stumble over it.
  const tables = await run(['-j', 'list', 'tables'])
  if (tables.kind !== 'exited' || tables.exitCode !== 0) return [unusable(failureOf(tables))]
  const probe = await run(['-c', '-f', '-'], PROBE)
  const findings: Finding[] = []
  if (probe.kind !== 'exited' || probe.exitCode !== 0) findings.push(refused(failureOf(probe, PROBE)))

  const rulesets = await run(['-j', '-t', 'list', 'ruleset'])
  if (rulesets.kind === 'killed') return [...findings, crashes(version, rulesets.signal)]
  const listing = rulesets.kind === 'exited' && rulesets.exitCode === 0 ? parse(rulesets.stdout) : undefined
  if (listing === undefined) return [...findings, unseen(failureOf(rulesets).message)]
  if (isCrashedByForeignObjects(version) && hasForeignSets(listing)) findings.push(crashable(version))
  return [...findings, ...checkRulesets(listing, options.markMask)]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function unusable(failure: NftFailure): Finding {
  const problem = `nft: ${failure.message}`
  if (failure.kind === 'missing-nft') {
    return { id: 'nft-missing', severity: 'blocks', problem: 'nft is not installed', cure: 'install nftables' }
  }
  if (failure.kind === 'permission') {
    const cure = 'run as root of the network namespace: the capability NET_ADMIN is needed'
    return { id: 'no-permission', severity: 'blocks', problem, cure }
  }
  if (failure.message.includes('JSON support not compiled')) {
    const cure = 'install an nft that was built with JSON support'
    return { id: 'nft-without-json', severity: 'blocks', problem, cure }
  }
  return { id: 'nft-fails', severity: 'blocks', problem, cure: 'run `nft list tables` by hand and see to what it says' }
}

function tooOld(version: NftVersion): Finding {
  const problem = `nft ${version.join('.')} is older than ${OLDEST_VERSION.join('.')}`
  return { id: 'nft-too-old', severity: 'blocks', problem, cure: 'install a newer nftables, best 1.1.4 or later' }
}

function refused({ message, lineText }: NftFailure): Finding {
  return {
    id: 'kernel-refuses',
    severity: 'blocks',
    problem: `a small ruleset of our kind is refused: ${message}${lineText === undefined ? '' : ` at: ${lineText.trim()}`}`,
    cure: 'a kernel with nf_tables (inet, conntrack, concatenated intervals: 5.10 or later) is needed',
  }
}

function crashes(version: NftVersion, signal: string): Finding {
  return {
    id: 'nft-crashes',
    severity: 'warns',
    problem: `nft ${version.join('.')} crashes (${signal}) on what another table holds; changes may fail, what stands is enforced`,
    cure: 'use nft 1.1.4, 1.0.6.1 or later',
  }
}

function crashable(version: NftVersion): Finding {
  return {
    id: 'nft-crashable',
    severity: 'warns',
    problem: `nft ${version.join('.')} crashes on sets that a newer nft makes, and other tables here have sets`,
    cure: 'use nft 1.1.4, 1.0.6.1 or later',
  }
}

function unseen(message: string): Finding {
  return {
    id: 'rulesets-unseen',
    severity: 'warns',
    problem: `the rulesets of others cannot be listed, so nothing is known about them: ${message}`,
    cure: 'run `nft list ruleset` by hand and see to what it says',
  }
}
