import type { Finding } from './finding.ts'
import { isOlder, type NftVersion } from './nft-version.ts'

/** What was met on a node: whose nft of which version on which kernel, and what made it a question. */
export interface Met {
  /** The one that we run, or the one that the node's other programs and its administrator run. */
  readonly whose: 'own' | 'host'
  readonly nft: NftVersion
  /** As `uname -r` says it. */
  readonly kernel: string
  readonly seen: 'version' | 'refused IPv6' | 'crash' | 'foreign sets'
  /** nft's own words, where something failed. */
  readonly message?: string
}

/** A pair of nft and kernel that is known not to work, and the cure that helps there. */
export interface KnownFault extends Pick<Finding, 'id' | 'severity'>, Pick<Met, 'whose' | 'seen'> {
  /** Versions from the first to before the second. */
  readonly nft: readonly [from: NftVersion, before: NftVersion]
  /** Stable branches in which it is mended, though they are within. */
  readonly mended?: readonly NftVersion[]
  /** Kernels from this one on; which of them have a backport, their version does not tell: `message` does. */
  readonly kernelFrom?: NftVersion
  readonly message?: RegExp
  readonly problem: string
  readonly cure: string
}

const FIRST: NftVersion = [0]

/** In `problem` {nft}, {kernel} and {message} stand for what was met. The first that fits is said. */
export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    id: 'nft-too-old',
    severity: 'blocks',
    whose: 'own',
    seen: 'version',
    nft: [FIRST, [1, 0, 1]],
    // It lists with other words, reads the whole ruleset for each transaction, and 0.9.8 does not read standard input.
    problem: 'nft {nft} is older than 1.0.1',
    cure: 'install a newer nftables, best 1.1.4 or later',
  },
  {
    id: 'ipv6-refused',
    severity: 'warns',
    whose: 'own',
    seen: 'refused IPv6',
    nft: [
      [1, 0, 1],
      [1, 1, 3],
    ],
    kernelFrom: [5, 10],
    message: /Operation not supported/,
    // In the key of an interval set nft 1.0.6 swaps the one byte of `meta l4proto` (`nft --debug=netlink` shows a byteorder), 1.1.3
    // does not. Kernels that check what nft_byteorder swaps refuse that: 6.12.117 and 7.2.13 do, and any stable kernel may
    // get the same fix. In IPv4 the text asks for `ip protocol`, which needs no swap.
    problem:
      'nft {nft} is broken on Linux {kernel} for pods with IPv6 addresses: what a policy with many ports or blocks needs there is refused ({message}), and with it every change of that moment',
    cure: 'use nft 1.1.4 or later (the image brings one); the kernel is not to blame. Where pods have IPv4 addresses only, nothing is refused',
  },
  {
    id: 'nft-crashes',
    severity: 'warns',
    whose: 'own',
    seen: 'crash',
    nft: [FIRST, [9_999]],
    problem: 'nft {nft} crashes ({message}) on what another table holds; changes may fail, what stands is enforced',
    cure: 'use nft 1.1.4, 1.0.6.1 or later',
  },
  {
    id: 'nft-crashable',
    severity: 'warns',
    whose: 'own',
    seen: 'foreign sets',
    // nftables be737a19.
    nft: [FIRST, [1, 1, 4]],
    mended: [[1, 0, 6]],
    problem: 'nft {nft} crashes on sets that a newer nft makes, and other tables here have sets',
    cure: 'use nft 1.1.4, 1.0.6.1 or later',
  },
  {
    id: 'host-nft-crashes',
    severity: 'warns',
    whose: 'host',
    seen: 'version',
    nft: [FIRST, [1, 0, 1]],
    problem:
      "the node's own nft {nft} crashes on maps with `typeof` and a verdict, which our table has: on `list tables` and `list ruleset`, whoever asks",
    cure: 'bring the node to nft 1.0.1 or later (Debian 12, Ubuntu 22.04), and use none before that; what stands is enforced, and iptables-nft is not concerned',
  },
]

/** The finding for what was met; undefined: nothing is known against it. */
export function faultOf(met: Met): Finding | undefined {
  const known = KNOWN_FAULTS.find((fault) => fits(fault, met))
  if (known === undefined) return undefined
  const { id, severity, cure } = known
  const words: Readonly<Record<string, string>> = {
    nft: met.nft.join('.'),
    kernel: met.kernel,
    message: met.message ?? '',
  }
  return { id, severity, problem: known.problem.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? ''), cure }
}

function fits(fault: KnownFault, met: Met): boolean {
  const [from, before] = fault.nft
  if (fault.whose !== met.whose || fault.seen !== met.seen) return false
  if (isOlder(met.nft, from) || !isOlder(met.nft, before)) return false
  if (fault.mended?.some((branch) => isMendedIn(branch, met.nft))) return false
  if (fault.kernelFrom !== undefined && isOlder(kernelVersion(met.kernel), fault.kernelFrom)) return false
  return fault.message === undefined || fault.message.test(met.message ?? '')
}

/** A stable branch has one number more than what it mends: 1.0.6.1. */
function isMendedIn(branch: NftVersion, version: NftVersion): boolean {
  return branch.every((number, index) => version[index] === number) && (version[branch.length] ?? 0) >= 1
}

/** `6.12.117-amd64` as [6, 12, 117]. */
export function kernelVersion(kernelRelease: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(kernelRelease)?.[0] ?? '').split('.').map(Number)
}
