import { expect, test } from 'vitest'
import { addressOf } from '../../kernel/kernel-lab.ts'
import { probe } from '../../kernel/passing.ts'
import { app, tcp } from '../../kernel/policies.ts'
import { pod, policy } from '../../oracle/make-objects.ts'
import { createApiClient } from '../api-client.ts'
import { createApiObjects, pathOfKind } from '../api-objects.ts'
import { until } from '../until.ts'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'

/** Long enough for all that is done meanwhile, on a busy machine too. */
const TIMINGS = { watchSilence: 25_000, firstBackoff: 200, longestBackoff: 1_000 }
const HOLD = ['--hold', 'on', '--hold-cidr', '10.244.1.0/24']
const POLICIES = pathOfKind('NetworkPolicy', 'shop')
const ADDRESS = addressOf('idle', 'IPv4')
const ONCE = { attempts: 1, settleMilliseconds: 250 } as const
const SOME_ROUNDS = 12

/** idle's place in the lab, of a pod that is new. */
const fresh = (name: string) =>
  pod(`shop/${name}`, ADDRESS, {
    labels: { app: name },
    spec: { nodeName: 'node-1', containers: [{ name: 'main' }] },
  })
const FROM_FAR = probe('IPv4', 'far', 'idle', { protocol: 'TCP', port: 80 })
const FROM_WEB = probe('IPv4', 'web', 'idle', { protocol: 'TCP', port: 80 })

describeFaults(
  'pods that start while the watch of policies lags',
  (cluster) => {
    /** Whose ADDRESS is. */
    let owner = 'idle'
    async function replaceBy(name: string): Promise<void> {
      await using client = disposable(createApiClient(cluster().api.adminKubeconfig))
      const objects = createApiObjects(client.value)
      await objects.remove({ kind: 'Pod', namespace: 'shop', name: owner })
      // An address that nobody has is held; before that it is still the old one's.
      await until('the old pod is gone from the kernel', async () => !(await cluster().lab.probe([FROM_FAR], ONCE))[0])
      await objects.create(fresh(name))
      owner = name
    }

    const watches = () => cluster().proxy.watches('networkpolicies')
    const closings = async () => {
      const { streams } = await cluster().agent().status()
      return streams.find(({ name }) => name === 'networkpolicies')?.restarts ?? {}
    }

    test('nothing missed: a list says so, and they pass while the watch is still frozen', async () => {
      const { lab, proxy } = cluster()
      await until('policies are watched', () => watches().length === 1)
      const before = [await closings(), proxy.requests.length] as const
      for (const watch of watches()) watch.silence()
      await replaceBy('one')
      await until('far reaches the new pod', async () => (await lab.probe([FROM_FAR], ONCE))[0] === true)
      expect(await closings()).toEqual(before[0])
      expect(proxy.requests.slice(before[1]).map(({ plural, verb }) => `${verb} ${plural}`)).toContain(
        'list networkpolicies',
      )
      await recovered(cluster())
    })

    test('a policy missed: nothing passes before the agent has it, and then what it grants', async () => {
      const { api, lab } = cluster()
      await until('policies are watched', () => watches().length === 1)
      const before = await closings()
      for (const watch of watches()) watch.silence()
      await api.ask(
        'POST',
        POLICIES,
        policy('shop/two', {
          podSelector: { matchLabels: { app: 'two' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: [app('web')], ports: [tcp(80)] }],
        }),
      )
      await replaceBy('two')
      const arrived: (readonly boolean[])[] = []
      for (let round = 0; round < SOME_ROUNDS; round += 1) arrived.push(await lab.probe([FROM_FAR], ONCE))
      expect(await closings()).toEqual(before)
      await until('web reaches the new pod', async () => {
        const [far, web] = await lab.probe([FROM_FAR, FROM_WEB], ONCE)
        arrived.push([far === true])
        return web
      })
      expect(arrived.flat()).not.toContain(true)
      // Nobody passed before the frozen watch was given up and the next one had brought the policy.
      expect(await closings()).not.toEqual(before)
    })
  },
  TIMINGS,
  HOLD,
)

async function recovered({ proxy }: FaultCluster): Promise<void> {
  const old = proxy.watches('networkpolicies')
  await until('policies are watched anew', () => proxy.watches('networkpolicies').some((watch) => !old.includes(watch)))
}

function disposable<Value extends { close(): void | Promise<void> }>(value: Value) {
  return { value, [Symbol.asyncDispose]: async () => value.close() }
}
