import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pathOfManifest, rbacManifests } from '../service-account.ts'
import { until } from '../until.ts'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'
import { statusOf } from './fault-proxy.ts'
import { grant, revoke } from './grants.ts'

const TIMINGS = { firstBackoff: 200, longestBackoff: 1_000 }

describeFaults(
  'requests that are refused',
  (cluster) => {
    test('500 for a while: it goes on from the last version, and lists nothing', async () => {
      const { api, proxy, readyz, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        proxy.treat(() => ({ kind: 'answer', status: 500, reason: 'InternalError' }))
        proxy.cut()
        await grant(api, 8_001)
        await everyStreamSays(cluster(), 'answers 500: made up: InternalError')
        await asked(cluster(), before, 4)
        expect((await readyz()).status).toBe(200)
        proxy.treat(() => undefined)
        await enforced({ open: [8_001] })
        expect(proxy.wholesSince(before)).toEqual([])
      })
    })

    test('an ERROR event 500: the same', async () => {
      const { api, proxy, agent, unharmed, enforced } = cluster()
      await grant(api, 8_002)
      await enforced({ open: [8_002] })
      await unharmed(async () => {
        const before = proxy.requests.length
        for (const watch of proxy.watches()) {
          watch.say(JSON.stringify({ type: 'ERROR', object: statusOf(500, 'InternalError') }))
        }
        await revoke(api, 8_002)
        await enforced({ closed: [8_002] })
        await asked(cluster(), before, 1)
        expect(proxy.wholesSince(before)).toEqual([])
      })
      for (const { relists } of (await agent().status()).streams) expect(relists).toEqual({})
    })

    test.each([
      [429, 'TooManyRequests'],
      [503, 'ServiceUnavailable'],
    ])('%i with Retry-After: nothing is asked before it is over', async (status, reason) => {
      const { api, proxy, unharmed, enforced } = cluster()
      const seconds = 3
      await unharmed(async () => {
        const before = proxy.requests.length
        const refused = new Set<string>()
        proxy.treat(({ plural }) => {
          if (refused.has(plural)) return undefined
          refused.add(plural)
          return { kind: 'answer', status, reason, retryAfterSeconds: seconds }
        })
        proxy.cut()
        await grant(api, status)
        await enforced({ open: [status] })
        await asked(cluster(), before, 2)
        for (const [, [first, second]] of byStream(cluster(), before)) {
          // A timer may be a hair early.
          expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(seconds * 1_000 - 50)
        }
      })
    })

    test('rights taken away and given back: it names the verb that is missing, and goes on', async () => {
      const { api, proxy, readyz, unharmed, enforced } = cluster()
      const binding = rbacManifests().find(({ kind }) => kind === 'ClusterRoleBinding')
      if (binding === undefined) throw new Error('the deployment binds its role')
      await unharmed(async () => {
        await api.ask('DELETE', `${pathOfManifest(binding)}/${binding.metadata.name}`)
        // The server's authorizer hears of it a moment later.
        await until('the agent may do nothing any more', async () => {
          proxy.cut()
          const { truth } = (await readyz()).body
          return truth.every(({ state }) => state.includes('grant the verb "watch" on '))
        })
        expect((await readyz()).status).toBe(200)
        await grant(api, 8_004)
        await api.ask('POST', pathOfManifest(binding), binding)
        await enforced({ open: [8_004] })
      })
    })

    test('an expired token: it says so, and takes the renewed one from its file', async () => {
      const { api, proxy, tokenFile, readyz, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        const expired = proxy.requests[0]?.token
        proxy.treat(({ token }) =>
          token === expired ? { kind: 'answer', status: 401, reason: 'Unauthorized' } : undefined,
        )
        proxy.cut()
        await grant(api, 8_005)
        await everyStreamSays(cluster(), 'renew the token or the certificate')
        expect((await readyz()).status).toBe(200)
        const path = '/api/v1/namespaces/kube-system/serviceaccounts/selvedge/token'
        const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' }
        const answer = await api.ask('POST', path, { ...kind, spec: { expirationSeconds: 1_200 } })
        writeFileSync(tokenFile, `${(answer as { readonly status: { readonly token: string } }).status.token}\n`)
        await enforced({ open: [8_005] })
        expect(proxy.wholesSince(before)).toEqual([])
      })
    })
  },
  TIMINGS,
)

function byStream({ proxy }: FaultCluster, before: number) {
  return Map.groupBy(proxy.requests.slice(before), ({ plural }) => plural)
}

/** Waits until each stream has asked so often, and holds that none of them asked without a pause. */
async function asked(cluster: FaultCluster, before: number, times: number): Promise<void> {
  await until(`each stream has asked ${times} times`, () => {
    const streams = [...byStream(cluster, before).values()]
    return streams.length === 3 && streams.every(({ length }) => length >= times)
  })
  for (const [plural, { length }] of byStream(cluster, before)) {
    expect(length, plural).toBeLessThan(100)
  }
}

async function everyStreamSays({ readyz }: FaultCluster, words: string): Promise<void> {
  let said: readonly string[] = []
  await until(
    () => `every stream says ${words}: ${said.join('; ')}`,
    async () => {
      said = (await readyz()).body.truth.map(({ state }) => state)
      return said.length === 3 && said.every((state) => state.includes(words))
    },
  )
}
