import { enterNamespace } from '../../../src/lab/namespaces.ts'
import { mustRun } from '../../../src/lab/run-command.ts'
import type { Flow } from './flow.ts'
import { requestFrame } from './flow-frames.ts'
import type { RouterHandle } from './router-handle.ts'
import { median } from './statistics.ts'

const DROP = 'table netdev door { chain in { type filter hook ingress device "in" priority 0; policy drop; }; }\n'

/** What the sender itself takes for a packet, in nanoseconds: the router drops it at its door. Spoils the router. */
export async function senderCost({ router, sender }: RouterHandle, flow: Flow): Promise<number> {
  await mustRun(enterNamespace(router.namespace, ['nft', '-f', '-']), { input: DROP })
  const frames = Array.from({ length: 250 }, (_, index) => requestFrame(flow, 10_000 + index))
  const costs: number[] = []
  for (let round = 0; round < 41; round += 1) costs.push((await sender.send(frames)) / frames.length)
  return median(costs)
}
