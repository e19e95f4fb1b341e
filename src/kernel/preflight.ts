import { checkBridges } from './check-bridges.ts'
import { checkNft } from './check-nft.ts'
import { checkNode, type NodeCheckOptions } from './check-node.ts'
import type { Finding } from './finding.ts'

export interface PreflightOptions extends Omit<NodeCheckOptions, 'timeoutMilliseconds'> {
  /** As for `createNft`. */
  readonly command?: readonly string[]
  /** For each program that is asked; default 10,000. A node with many rules takes seconds to list them. */
  readonly timeoutMilliseconds?: number
}

/**
 * Can this node enforce, and what stands in the way? Runs in the node's network namespace, changes nothing, and asks only
 * for what the node has: no bridge, no br_netfilter. `blocks` come first.
 */
export async function preflight(options: PreflightOptions): Promise<readonly Finding[]> {
  const { command = ['nft'], timeoutMilliseconds = 10_000 } = options
  const found = await Promise.all([
    checkNft({ ...options, command, timeoutMilliseconds }),
    checkBridges(options),
    checkNode({ ...options, timeoutMilliseconds }),
  ])
  const findings = found.flat()
  return [...findings.filter(isBlocking), ...findings.filter((finding) => !isBlocking(finding))]
}

function isBlocking({ severity }: Finding): boolean {
  return severity === 'blocks'
}
