import { release } from 'node:os'
import { checkBridges } from './check-bridges.ts'
import { checkHostNft } from './check-host-nft.ts'
import { checkLegacyIptables } from './check-legacy-iptables.ts'
import { checkNft, checkOthers } from './check-nft.ts'
import { checkNode, type NodeCheckOptions } from './check-node.ts'
import type { Finding } from './finding.ts'

export interface PreflightOptions extends Omit<NodeCheckOptions, 'timeoutMilliseconds'> {
  /** As for `createNft`. */
  readonly command?: readonly string[]
  /** For each program that is asked; default 10,000. A node with many rules takes seconds to list them. */
  readonly timeoutMilliseconds?: number
  /** As for `checkHostNft`. */
  readonly hostFolders?: readonly string[]
}

/**
 * Can this node enforce, and what stands in the way? Runs in the node's network namespace, changes nothing, and asks only
 * for what the node has: no bridge, no br_netfilter. `blocks` come first.
 */
export function preflight(options: PreflightOptions): Promise<readonly Finding[]> {
  return createPreflight(options)()
}

/**
 * The same, to be asked again and again. What is dear (the rulesets of others, all of them; legacy iptables) is looked at
 * the first time, and again when tables came or went: otherwise what was found about it stands.
 */
export function createPreflight(options: PreflightOptions): () => Promise<readonly Finding[]> {
  const { command = ['nft'], timeoutMilliseconds = 10_000, kernelRelease = release() } = options
  const all = { ...options, command, timeoutMilliseconds, kernelRelease }
  let others: { readonly tables: string; readonly findings: readonly Finding[] } | undefined

  const aroundNft = async (): Promise<readonly Finding[]> => {
    const { findings, usable } = await checkNft(all)
    const tables = usable?.tables ?? 'unknown'
    if (others?.tables !== tables) {
      const ofOthers = usable === undefined ? [] : await checkOthers(all, usable.version)
      others = { tables, findings: [...ofOthers, ...(await checkLegacyIptables(all))] }
    }
    return [...findings, ...others.findings]
  }

  return async () => {
    const [ofNft, ofHost, ofNode] = await Promise.all([aroundNft(), checkHostNft(all), checkNode(all)])
    const findings = [...ofNft, ...ofHost, ...checkBridges(options), ...ofNode]
    return [...findings.filter(isBlocking), ...findings.filter((finding) => !isBlocking(finding))]
  }
}

function isBlocking({ severity }: Finding): boolean {
  return severity === 'blocks'
}
