import { expect, test } from 'vitest'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import { describeLab } from '../lab/describe-lab.ts'
import type { Connection } from '../oracle/connection.ts'
import { describeKubeApi } from '../support/kube-api.ts'
import { createApiCluster } from './api-cluster.ts'
import { planOfSlots, slotAddresses } from './slots.ts'
import { BEGINNING, STORY } from './story.ts'
import { compareVerdicts } from './verdicts.ts'

const SLOTS = 3

const SERVICES = [
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 8080 },
  { protocol: 'TCP', port: 8090 },
  { protocol: 'UDP', port: 53 },
  { protocol: 'ICMP' },
] as const

const OUTSIDE = {
  IPv4: ['203.0.113.7', '203.0.113.200'],
  IPv6: ['2001:db8:1::5', '2001:db8:2::5'],
} as const

/** Every slot with every other and with the outside, in both families, to every service. */
const CONNECTIONS: readonly Connection[] = FAMILIES.flatMap((family, index) => {
  const slots = [1, 2].flatMap((node) =>
    Array.from({ length: SLOTS }, (_, slot) => slotAddresses(node, slot)[index] ?? ''),
  )
  const strangers = OUTSIDE[family]
  const pairs = [...slots, ...strangers].flatMap((source) =>
    [...slots, ...strangers].map((end) => [source, end] as const),
  )
  return pairs.flatMap(([source, destination]) => SERVICES.map((service) => ({ source, destination, ...service })))
})

// trap 16: a pod, a namespace, a policy that changes its labels, goes and comes back
// trap 25: a finished pod gives its address away
// trap 26: a terminating one does not
// trap 27: a selected pod that gets its address later
// trap 49: the last policies go, and everything is open again
describeLab('a history of a cluster, told by its API', () => {
  describeKubeApi('on two nodes', () => {
    test('after every step packets get the oracle’s verdict', { timeout: 600_000 }, async () => {
      await using cluster = await createApiCluster(planOfSlots(SLOTS))
      const { lab, objects } = cluster
      for (const { name } of lab.nodes) await cluster.startAgent(name)
      for (const object of BEGINNING) await objects.create(object)

      async function look(title: string): Promise<string> {
        await cluster.settled()
        const { wrong, signature } = await compareVerdicts(lab, await objects.snapshot(), CONNECTIONS)
        if (wrong.length > 0) throw new Error([`after "${title}":`, ...wrong.slice(0, 20)].join('\n'))
        return signature
      }

      let before = await look('the beginning')
      expect(before).toMatch(/^\++$/)
      for (const { title, changes, act } of STORY) {
        await act(objects)
        const after = await look(title)
        expect({ title, changes: after !== before }).toEqual({ title, changes })
        before = after
      }
      expect(before).toMatch(/^\++$/)
    })
  })
})
