import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from './kubectl.ts'

const PROBE = join(import.meta.dirname, 'probe')

/** Container port names by pod: what the third pod calls `web` is what the others call `admin`. */
export const PORT_NAMES = {
  a: { web: 8080, admin: 8081 },
  b: { web: 8080, admin: 8081 },
  c: { web: 8081, admin: 8080 },
}

export function namespace(name: string, labels: Readonly<Record<string, string>>): Json {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

/** The probe's files, for the pods of a namespace. */
export function probeFiles(inNamespace: string): Json {
  const data = Object.fromEntries(readdirSync(PROBE).map((file) => [file, readFileSync(join(PROBE, file), 'utf8')]))
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe', namespace: inNamespace }, data }
}

export interface ProbePod {
  readonly namespace: string
  readonly name: string
  readonly image: string
  readonly labels?: Readonly<Record<string, string>>
  readonly node?: string
  readonly hostNetwork?: boolean
  /** Words like tcp:8080. */
  readonly listen?: readonly string[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: string }[]
  /** Further fields of the container: probes. */
  readonly container?: Json
}

/** A Deployment of one pod that serves, and in which a session can be opened. */
export function probePod(pod: ProbePod): Json {
  const labels = { probe: pod.name, ...pod.labels }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: pod.name, namespace: pod.namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { probe: pod.name } },
      template: { metadata: { labels }, spec: podSpec(pod) },
    },
  }
}

function podSpec(pod: ProbePod): Json {
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    ...(pod.hostNetwork === true ? { hostNetwork: true } : {}),
    ...(pod.node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': pod.node } }),
    containers: [probeContainer(pod.image, pod.listen ?? [], { ports: pod.ports ?? [], ...pod.container })],
    volumes: [PROBE_VOLUME],
  }
}

export const PROBE_VOLUME: Json = { name: 'probe', configMap: { name: 'probe' } }

export function probeContainer(image: string, listen: readonly string[], fields: Json): Json {
  return {
    name: 'probe',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/usr/bin/node', '/probe/probe.ts', 'serve', ...listen],
    volumeMounts: [{ name: 'probe', mountPath: '/probe' }],
    ...fields,
  }
}

/** The nine pods x/a to z/c, as the conformance tests of Kubernetes have them. Every second one is on the other node. */
export function ninePods(prefix: string, image: string, nodes: readonly [string, string]): readonly Json[] {
  return (['x', 'y', 'z'] as const).flatMap((team, row) =>
    (['a', 'b', 'c'] as const).map((name, column) =>
      probePod({
        namespace: prefix + team,
        name,
        image,
        labels: { pod: name },
        node: nodes[(row + column) % 2] ?? nodes[0],
        listen: ['tcp:8080', 'tcp:8081', 'udp:8080', 'udp:8081'],
        ports: [
          ...Object.entries(PORT_NAMES[name]).map(([port, containerPort]) => ({ name: port, containerPort })),
          { name: 'ask', containerPort: 8080, protocol: 'UDP' },
        ],
      }),
    ),
  )
}
