import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { awaitGone } from '../await-gone.ts'
import { skipped, type Theme } from '../case.ts'
import type { Json } from '../kubectl.ts'
import { PROBE_VOLUME, namespace, probeContainer, probeFiles, probePod } from '../manifests.ts'
import { changeWays, settleWays, type Way, waysTo } from '../ways.ts'
import type { Place } from '../pods.ts'
import type { World } from '../world.ts'

const SHOP = join(import.meta.dirname, '..', '..', '..', 'examples', 'shop')
const NAMESPACES = ['production', 'monitoring']
const PORTS: Readonly<Record<string, number>> = { frontend: 8080, backend: 8080, database: 5432 }

function documents(file: string): readonly Json[] {
  return parseAllDocuments(readFileSync(join(SHOP, file), 'utf8')).map((document) => document.toJS() as Json)
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly containers: readonly [{ readonly ports: readonly { readonly containerPort: number }[] }]
      }
    }
  }
}

/** The Deployment as it is, its container replaced by the probe on the same ports. */
function withProbe(object: Json, image: string): Json {
  if (object['kind'] !== 'Deployment') return object
  const { spec } = object as unknown as Deployment
  const { template } = spec
  const { ports } = template.spec.containers[0]
  const listen = ports.map(({ containerPort }) => `tcp:${containerPort}`)
  const pod = {
    terminationGracePeriodSeconds: 1,
    containers: [probeContainer(image, listen, { ports })],
    volumes: [PROBE_VOLUME],
  }
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } }
}

/** Who may call whom, as the four policies say: monitoring only when its namespace is labelled. */
function open(from: string, to: string, labelled: boolean): boolean {
  if (from === 'backend') return to === 'database'
  if (to === 'database') return false
  if (to === 'backend') return from !== 'prometheus' || labelled
  return true
}

function allWays(world: World, places: readonly Place[], labelled: boolean): readonly Way[] {
  return places.flatMap((from) =>
    places
      .filter((to) => to !== from && PORTS[to.pod] !== undefined)
      .flatMap((to) => waysTo(world, from, to, PORTS[to.pod] ?? 0, open(from.pod, to.pod, labelled))),
  )
}

/** Through the Services frontend, backend and database, by name. The backend may look up nothing. */
function byName(places: readonly Place[], labelled: boolean): readonly Way[] {
  return places.flatMap((from) => {
    const tier = from.pod
    return (['frontend:80', 'backend:80', 'database:5432'] as const).flatMap((word): readonly Way[] => {
      const [to = '', port] = word.split(':')
      if (tier === to) return []
      const host = `${to}.production.svc.cluster.local`
      const allowed = tier !== 'backend' && open(tier, to, labelled)
      return [{ from, to: host, target: { protocol: 'tcp', host, port: Number(port) }, allowed }]
    })
  })
}

export const shop: Theme = {
  name: 'the shop',
  cases: [
    {
      name: 'its four policies, by pod and by Service',
      run: async (world) => {
        const { kubectl, image } = world
        const taken = await awaitGone(kubectl, NAMESPACES)
        // They will be deleted: never one that somebody else has made.
        if (taken.length > 0) return skipped(`there is a namespace ${taken.join(', ')} already`)
        const files = readdirSync(SHOP).filter((file) => file.endsWith('.yaml') && file !== 'policies.yaml')
        try {
          await kubectl.apply([...documents('00-namespace.yaml'), namespace('monitoring', {})])
          await kubectl.apply([
            ...NAMESPACES.map(probeFiles),
            ...files.flatMap(documents).map((object) => withProbe(object, image)),
            probePod({ namespace: 'monitoring', name: 'prometheus', image, labels: { app: 'prometheus' } }),
          ])
          const places = await world.placesIn(NAMESPACES)
          const ways = (labelled: boolean) => [...allWays(world, places, labelled), ...byName(places, labelled)]
          await settleWays(
            ways(false).map((way) => ({ ...way, allowed: true })),
            60_000,
          )
          const shut = await changeWays(ways(false), async () => {
            await kubectl.run(['apply', '-f', join(SHOP, 'policies.yaml')])
          })
          const opening = ways(true).filter(({ allowed }, index) => allowed && ways(false)[index]?.allowed === false)
          const opened = await changeWays(
            ways(true),
            async () => {
              await kubectl.run(['label', 'namespace', 'monitoring', 'environment=production'])
            },
            opening,
          )
          return { kind: 'pass', milliseconds: Math.max(shut, opened) }
        } finally {
          await kubectl.run(['delete', 'namespace', '--wait=false', '--ignore-not-found', ...NAMESPACES])
        }
      },
    },
  ],
}
