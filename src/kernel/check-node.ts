import { access, constants } from 'node:fs/promises'
import { release } from 'node:os'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { Folders } from './check-bridges.ts'
import { checkServiceProxy } from './check-service-proxy.ts'
import type { Finding } from './finding.ts'
import { readValue } from './read-value.ts'
import { runProgram } from './run-program.ts'

export interface NodeCheckOptions extends Folders {
  readonly markMask: number
  /** What the ruleset is, or would be, laid out for. */
  readonly serviceProxy: RulesetOptions['serviceProxy']
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
  /** Default `['conntrack']`. */
  readonly conntrack?: readonly string[]
  /** Default: the running kernel's. */
  readonly kernelRelease?: string
}

const NEARLY_FULL = 0.9

/** What the node itself has that matters to us: kernel, IPVS, conntrack. Cheap, so that it can be asked again and again. */
export async function checkNode(options: NodeCheckOptions): Promise<readonly Finding[]> {
  const { procFolder = '/proc', kernelRelease = release() } = options
  return [
    ...checkKernel(kernelRelease),
    ...checkServiceProxy(options.serviceProxy, procFolder),
    ...(await checkConntrack(procFolder, options)),
  ]
}

function checkKernel(kernelRelease: string): readonly Finding[] {
  const [major = 0, minor = 0] = kernelRelease.split('.').map((part) => Number.parseInt(part, 10))
  if (major > 5 || (major === 5 && minor >= 10)) return []
  const problem = `Linux ${kernelRelease}: Selvedge is made for 5.10 and later`
  return [{ id: 'kernel-too-old', severity: 'warns', problem, cure: 'use a newer kernel; 5.13 or later is best' }]
}

async function checkConntrack(procFolder: string, options: NodeCheckOptions): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const valueOf = (name: string): number => Number(readValue(`${procFolder}/sys/net/netfilter/nf_conntrack_${name}`))
  const [count, most] = [valueOf('count'), valueOf('max')]
  if (most > 0 && count >= most * NEARLY_FULL) {
    findings.push({
      id: 'conntrack-nearly-full',
      severity: 'warns',
      problem: `conntrack knows ${count} of at most ${most} flows; beyond that new flows are lost, whatever policies allow`,
      cure: 'raise net.netfilter.nf_conntrack_max',
    })
  }
  return [...findings, ...(await checkConntrackTool(procFolder, options))]
}

/** A look for a flow of documentation addresses (RFC 5737): it costs nothing, and is asked as the list of all flows is. */
const ONE_FLOW = '-G -p udp -s 192.0.2.1 -d 192.0.2.2 --sport 9 --dport 9'.split(' ')

async function checkConntrackTool(procFolder: string, options: NodeCheckOptions): Promise<readonly Finding[]> {
  const { conntrack = ['conntrack'], timeoutMilliseconds, signal } = options
  // Without nf_conntrack there is nothing to list.
  if (readValue(`${procFolder}/sys/net/netfilter/nf_conntrack_count`) === undefined) return []
  const end = await runProgram([...conntrack, ...ONE_FLOW], { timeoutMilliseconds, signal })
  if (end.kind === 'exited' && (end.exitCode === 0 || end.stderr.includes("such conntrack doesn't exist"))) return []
  const hasProc = await access(`${procFolder}/net/nf_conntrack`, constants.R_OK).then(
    () => true,
    () => false,
  )
  return [
    {
      id: 'conntrack-unlisted',
      severity: 'warns',
      problem: hasProc
        ? 'live flows can only be read from /proc, which may pass some over: after a lost table one may keep a right that was taken from it'
        : 'live flows cannot be listed: after a lost table one in thousands may keep a right that was taken from it',
      cure: 'install conntrack (conntrack-tools); the image brings its own',
    },
  ]
}
