import { enterNamespace } from '../../../src/lab/namespaces.ts'
import { mustRun } from '../../../src/lab/run-command.ts'
import { type BurstSettings, sendBurst } from './burst.ts'
import type { Flow } from './flow.ts'
import type { Router } from './routers.ts'

const DROP = 'table netdev door { chain in { type filter hook ingress device "in" priority 0; policy drop; }; }\n'

/** What the sender itself takes for a packet, in nanoseconds: the router drops it at its door. Spoils the router. */
export async function senderCost(
  settings: BurstSettings,
  router: Router,
  flow: Flow,
  packets: number,
): Promise<number> {
  await mustRun(enterNamespace(router.namespace, ['nft', '-f', '-']), { input: DROP })
  const costs: number[] = []
  for (let round = 0; round < 7; round += 1) {
    const { nanoseconds, arrived } = await sendBurst(settings, { router, flow, state: 'new', packets })
    if (arrived !== 0) throw new Error(`${arrived} packets passed a closed door`)
    costs.push(nanoseconds)
  }
  return Math.min(...costs)
}
