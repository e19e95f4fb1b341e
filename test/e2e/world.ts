import { join } from 'node:path'
import { execa } from 'execa'
import { awaitGone } from './await-gone.ts'
import type { Json, Kubectl } from './kubectl.ts'
import { namespace, ninePods, probeFiles, probePod } from './manifests.ts'
import type { Options } from './options.ts'
import { type Caller, type Family, type Place, placeOf, PREFIX, runningPods } from './pods.ts'
import { openSession, type Session } from './session-client.ts'

export interface World {
  readonly kubectl: Kubectl
  readonly options: Options
  /** The image of Selvedge, whose Node runs the probes. */
  readonly image: string
  readonly nodes: readonly [string, string]
  readonly families: readonly Family[]
  /** `x/a`: the pod a of the namespace x; `hosts/one` and `hosts/two`: on the nodes' own networks. */
  readonly place: (name: string) => Place
  readonly nine: () => readonly Place[]
  readonly namespaceOf: (team: string) => string
  /** The pods of further namespaces, once their Deployments are there; of a pod without the label `probe`, its `tier`. */
  readonly placesIn: (namespaces: readonly string[]) => Promise<readonly Place[]>
  /** Reads again which pods there are: after new ones, or after a reboot. */
  readonly refresh: () => Promise<void>
  /** A caller beside the nodes; undefined where the runner was not told how. */
  readonly outside: Caller | undefined
  /** Runs words on the host of a node; undefined where the runner was not told how. */
  readonly onNode: ((node: string, words: readonly string[]) => Promise<string>) | undefined
  /** Reboots a node, and waits until it is back; undefined where the runner was not told how. */
  readonly restartNode: ((node: string) => Promise<void>) | undefined
  readonly close: () => void
}

const TEAMS = ['x', 'y', 'z', 'hosts']

export const NAMESPACES: readonly string[] = TEAMS.map((team) => PREFIX + team)

/** Makes the namespaces and pods of the suite, and waits until they run. */
export async function createWorld(kubectl: Kubectl, options: Options, image: string): Promise<World> {
  const nodes = await twoNodes(kubectl)
  await awaitGone(kubectl, NAMESPACES)
  await kubectl.apply(
    TEAMS.map((team) =>
      namespace(PREFIX + team, {
        team,
        'pod-security.kubernetes.io/enforce': team === 'hosts' ? 'privileged' : 'baseline',
      }),
    ),
  )
  await kubectl.apply([
    ...NAMESPACES.map(probeFiles),
    ...ninePods(PREFIX, image, nodes),
    ...nodes.map((node, index) =>
      probePod({
        namespace: `${PREFIX}hosts`,
        name: index === 0 ? 'one' : 'two',
        image,
        node,
        hostNetwork: true,
        listen: ['tcp:18080'],
      }),
    ),
  ])
  const places = new Map<string, Place>()
  const sessions = new Map<string, Session>()
  const sessionOf = (key: string, file: string, argv: readonly string[]): Session => {
    const standing = sessions.get(key)
    if (standing?.open() === true) return standing
    const fresh = openSession(key, file, argv)
    sessions.set(key, fresh)
    return fresh
  }
  const placesIn = async (namespaces: readonly string[]): Promise<readonly Place[]> => {
    await Promise.all(
      namespaces.map((name) => kubectl.run(['-n', name, 'rollout', 'status', 'deployment', '--timeout=180s'])),
    )
    const pods = (await Promise.all(namespaces.map((name) => runningPods(kubectl, name)))).flat()
    return pods.map((pod) => {
      const { name, namespace: its } = pod.metadata
      const words = ['--kubeconfig', kubectl.kubeconfig, '-n', its, 'exec', '-i', name, '-c', 'probe', '--']
      const argv = [...words, '/usr/bin/node', '/probe/probe.ts', 'session']
      return placeOf(pod, () => sessionOf(`${its}/${name}`, kubectl.file, argv))
    })
  }
  const refresh = async (): Promise<void> => {
    places.clear()
    for (const place of await placesIn(NAMESPACES)) places.set(place.name, place)
  }
  await refresh()
  const place = (name: string): Place => {
    const found = places.get(name)
    if (found === undefined) throw new Error(`there is no pod ${name}`)
    return found
  }
  const { outsideCommand, nodeCommand, restartNode } = options
  return {
    kubectl,
    options,
    image,
    nodes,
    families: [...place('x/a').addresses.keys()],
    place,
    nine: () => [...places.values()].filter(({ team, pod }) => team !== 'hosts' && pod.length === 1),
    namespaceOf: (team) => PREFIX + team,
    placesIn,
    refresh,
    outside:
      outsideCommand === undefined
        ? undefined
        : {
            name: 'outside',
            session: () =>
              sessionOf('outside', 'sh', [
                ...hook(outsideCommand),
                process.execPath,
                join(import.meta.dirname, 'probe', 'probe.ts'),
                'session',
              ]),
          },
    onNode:
      nodeCommand === undefined
        ? undefined
        : async (node, words) =>
            (await execa('sh', [...hook(nodeCommand), node, ...words], { timeout: 60_000 })).stdout,
    restartNode:
      restartNode === undefined
        ? undefined
        : async (node) => void (await execa('sh', [...hook(restartNode), node], { timeout: 300_000 })),
    close: () => {
      for (const session of sessions.values()) session.close()
    },
  }
}

/** Words for `sh` that run a command given as text with further words. */
export function hook(command: string): readonly string[] {
  return ['-c', `exec ${command} "$@"`, 'sh']
}

async function twoNodes(kubectl: Kubectl): Promise<readonly [string, string]> {
  const { items } = (await kubectl.request('GET', '/api/v1/nodes')) as unknown as {
    readonly items: readonly NodeObject[]
  }
  const usable = items.filter(({ spec }) => spec.unschedulable !== true && (spec.taints ?? []).length === 0)
  const [one, two] = usable.map(({ metadata }) => metadata.labels['kubernetes.io/hostname'] ?? '')
  if (one === undefined || two === undefined) throw new Error('the suite needs two nodes that take pods')
  return [one, two]
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Json[] }
}
