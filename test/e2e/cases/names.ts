import { type Case, skipped, type Theme } from '../case.ts'
import type { Json } from '../kubectl.ts'
import type { Caller } from '../pods.ts'
import { createPolicies, inTeam, type Policy, podNamed, policy, subject, underPolicies } from '../policies.ts'
import { createService } from '../services.ts'
import { changeWays, type Way, waysTo } from '../ways.ts'
import { withServices } from '../with-services.ts'
import type { World } from '../world.ts'

const DNS_PODS = '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns'

const byName = (from: Caller, host: string, port: number, allowed: boolean): Way => ({
  from,
  to: host,
  target: { protocol: 'tcp', host, port },
  allowed,
})

const out = (name: string, to: Json): Policy =>
  policy('x', name, { podSelector: subject('a'), policyTypes: ['Egress'], egress: [to] })

const toDns = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
}

async function lookups(world: World): Promise<number> {
  const xa = world.place('x/a')
  await createService(world, 'y', 'web', 'a', {})
  const host = `web.${world.namespaceOf('y')}.svc.cluster.local`
  const without = [
    byName(xa, host, 80, false),
    byName(world.place('x/b'), host, 80, true),
    ...waysTo(world, xa, world.place('y/a'), 8080, true),
  ]
  await underPolicies(world, [out('out', { to: [inTeam('y')] })], without)
  const withRule = [byName(xa, host, 80, true)]
  return changeWays(withRule, () => createPolicies(world, [out('dns', toDns)]), withRule)
}

const dns: Case = {
  name: 'lookups: closed with egress, open by a rule for the DNS pods',
  run: async (world) => {
    const { items } = (await world.kubectl.request('GET', DNS_PODS)) as { readonly items: readonly Json[] }
    if (items.length === 0) return skipped('no pods k8s-app=kube-dns in kube-system')
    return withServices('', lookups).run(world)
  },
}

const headless = withServices('headless and ExternalName Services', async (world) => {
  await createService(world, 'x', 'headless', 'a', { clusterIP: 'None' })
  const external = `headless.${world.namespaceOf('x')}.svc.cluster.local`
  await createService(world, 'y', 'elsewhere', 'a', { type: 'ExternalName', externalName: external })
  const hosts = [external, `elsewhere.${world.namespaceOf('y')}.svc.cluster.local`]
  const ways = hosts.flatMap((host) =>
    ['x/b', 'y/a', 'y/b'].map((from) => byName(world.place(from), host, 8080, from === 'x/b')),
  )
  const ingress = [{ from: [podNamed('b')], ports: [{ port: 8080 }] }]
  return underPolicies(world, [policy('x', 'from-b', { podSelector: subject('a'), ingress })], ways)
})

export const names: Theme = { name: 'names', cases: [headless, dns] }
