import { checkRulesets, hasForeignSets } from './check-rulesets.ts'
import type { Finding } from './finding.ts'
import { faultOf } from './known-faults.ts'
import type { NftFailure } from './nft-result.ts'
import type { NftVersion } from './nft-version.ts'
import { createNft, failureOf } from './run-nft.ts'
import { runProgram } from './run-program.ts'

export interface NftCheckOptions {
  readonly command: readonly string[]
  readonly kernelRelease: string
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
    ct direction reply ip daddr . ip protocol . th sport @blocks accept;
    ip saddr vmap @verdicts;
  }
}
`

/** What IPv6 has otherwise: the protocol in a key is not the header's field. */
const IPV6_PROBE = PROBE.replace('ipv4_addr', 'ipv6_addr').replace('ip daddr . ip protocol', 'ip6 daddr . meta l4proto')

export interface NftCheck {
  readonly findings: readonly Finding[]
  /** Only where this nft can be used. */
  readonly usable?: { readonly version: NftVersion; readonly tables: string }
}

/** Is there an nft that can do our work, and may it? A few short runs, whatever else is in the kernel's rulesets. */
export async function checkNft(options: NftCheckOptions): Promise<NftCheck> {
  const { command, timeoutMilliseconds, signal, kernelRelease } = options
  const answer = await createNft({ command, timeoutMilliseconds, signal }).version()
  if (answer.kind !== 'version') return { findings: [unusable(answer)] }
  const { version } = answer
  const tooOld = faultOf({ whose: 'own', nft: version, kernel: kernelRelease, seen: 'version' })
  if (tooOld !== undefined) return { findings: [tooOld] }

  // Neither reads what others made, so neither can stumble over it.
  const tables = await run(options, ['-j', 'list', 'tables'])
  if (tables.kind !== 'exited' || tables.exitCode !== 0) return { findings: [unusable(failureOf(tables))] }
  const usable = { version, tables: tables.stdout }
  const failure = await refusalOf(options, PROBE)
  if (failure !== undefined) return { findings: [refused(failure)], usable }
  const inIPv6 = await refusalOf(options, IPV6_PROBE)
  if (inIPv6 === undefined) return { findings: [], usable }
  const met = { whose: 'own', nft: version, kernel: kernelRelease, seen: 'refused IPv6' } as const
  return { findings: [faultOf({ ...met, message: inIPv6.message }) ?? refused(inIPv6)], usable }
}

/** undefined: it would be taken. */
async function refusalOf(options: NftCheckOptions, text: string): Promise<NftFailure | undefined> {
  const ended = await run(options, ['-c', '-f', '-'], text)
  return ended.kind === 'exited' && ended.exitCode === 0 ? undefined : failureOf(ended, text)
}

/** What else is in the kernel's rulesets? Lists all of them: beside kube-proxy that is tens of megabytes on a large node. */
export async function checkOthers(
  options: NftCheckOptions & { readonly markMask: number },
  version: NftVersion,
): Promise<readonly Finding[]> {
  const own = { whose: 'own', nft: version, kernel: options.kernelRelease } as const
  const rulesets = await run(options, ['-j', '-t', 'list', 'ruleset'])
  if (rulesets.kind === 'killed') {
    const crash = faultOf({ ...own, seen: 'crash', message: rulesets.signal })
    return [crash ?? unseen(`nft was ended by ${rulesets.signal}`)]
  }
  const listing = rulesets.kind === 'exited' && rulesets.exitCode === 0 ? parse(rulesets.stdout) : undefined
  if (listing === undefined) return [unseen(failureOf(rulesets).message)]
  const crashable = hasForeignSets(listing) ? faultOf({ ...own, seen: 'foreign sets' }) : undefined
  return [...(crashable === undefined ? [] : [crashable]), ...checkRulesets(listing, options.markMask)]
}

function run({ command, timeoutMilliseconds, signal }: NftCheckOptions, argv: readonly string[], input?: string) {
  return runProgram([...command, ...argv], { timeoutMilliseconds, signal, ...(input === undefined ? {} : { input }) })
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

function refused({ message, lineText }: NftFailure): Finding {
  return {
    id: 'kernel-refuses',
    severity: 'blocks',
    problem: `a small ruleset of our kind is refused: ${message}${lineText === undefined ? '' : ` at: ${lineText.trim()}`}`,
    cure: 'a kernel with nf_tables (inet, conntrack, concatenated intervals: 5.10 or later) is needed',
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
