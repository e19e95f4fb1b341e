import type { Json } from './kubectl.ts'
import { PROBE_VOLUME } from './manifests.ts'
import type { Place } from './pods.ts'
import { createPolicies, inTeam, podNamed, policy } from './policies.ts'
import { CaseFailure } from './ways.ts'
import type { World } from './world.ts'

const PORT = 8090

/** Two who only listen, neither with a policy of its own: that nothing arrived is the word of their sockets, not of who speaks. */
export interface Witnesses {
  readonly allowed: Place
  readonly denied: Place
  /** Where to speak to both, in every family. */
  readonly targets: readonly string[]
  listen(): Promise<void>
  /** How often each text came to either, since `listen`. */
  heard(): Promise<readonly [allowed: Heard, denied: Heard]>
}

export type Heard = Readonly<Record<string, number>>

export function witnesses({ place }: World, allowedName: string, deniedName: string): Witnesses {
  const [allowed, denied] = [place(allowedName), place(deniedName)]
  const ask = async ({ session }: Place) => session().ask<'heard'>({ kind: 'heard', port: PORT })
  return {
    allowed,
    denied,
    targets: [allowed, denied].flatMap(({ addresses }) => [...addresses.values()]).map(withPort),
    async listen() {
      for (const { session } of [allowed, denied]) await session().ask<'listen'>({ kind: 'listen', port: PORT })
    },
    heard: async () => [await ask(allowed), await ask(denied)],
  }
}

/** Fails when somebody was heard who may not be, or one of these texts was not where it may. */
export function judgeWords(texts: readonly string[], [allowed, denied]: readonly [Heard, Heard]): void {
  const leaked = Object.entries(denied).map(([text, count]) => `${text}: ${count}`)
  if (leaked.length > 0) throw new CaseFailure(`heard by one who may not hear them: ${leaked.join(', ')}`)
  const unheard = texts.filter((text) => allowed[text] === undefined)
  if (unheard.length > 0) throw new CaseFailure(`not heard by one who may: ${unheard.join(', ')}`)
}

/** Says its text to each of the targets from its first instruction on. */
export function speech(text: string, milliseconds: number, targets: readonly string[]): readonly string[] {
  return ['/usr/bin/node', '/probe/probe.ts', 'first', String(milliseconds), text, ...targets]
}

/** A pod of namespace y for `suite` on a node, that may speak: `spec` says what runs in it. */
export function speakingPod(world: World, suite: string, { name, node, spec }: SpeakingPod): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: world.namespaceOf('y'), labels: { suite } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': node },
      volumes: [PROBE_VOLUME],
      ...spec,
    },
  }
}

export interface SpeakingPod {
  readonly name: string
  readonly node: string
  readonly spec: Json
}

/** Those of the suite, which may speak to who is called `heard` in namespace x and to nobody else, and to whom nobody may. */
export async function closeSpeakers(world: World, suite: string, heard: string): Promise<void> {
  await createPolicies(world, [
    policy('y', suite, {
      podSelector: { matchLabels: { suite } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ to: [{ ...inTeam('x'), ...podNamed(heard) }] }],
    }),
  ])
}

/** As the API server has them. */
export async function speakingPods<Pod>({ kubectl, namespaceOf }: World, suite: string): Promise<readonly Pod[]> {
  const path = `/api/v1/namespaces/${namespaceOf('y')}/pods?labelSelector=${encodeURIComponent(`suite=${suite}`)}`
  const { items } = (await kubectl.request('GET', path)) as unknown as { readonly items: readonly Pod[] }
  return items
}

export async function deleteSpeakers(
  { kubectl, namespaceOf }: World,
  suite: string,
  ...words: readonly string[]
): Promise<void> {
  await kubectl.run(['-n', namespaceOf('y'), 'delete', 'pod', '-l', `suite=${suite}`, '--grace-period=0', ...words])
}

export function speaker({ image }: World, name: string, command: readonly string[], fields: Json = {}): Json {
  const volumeMounts = [{ name: 'probe', mountPath: '/probe' }]
  return { name, image, imagePullPolicy: 'IfNotPresent', command, volumeMounts, ...fields }
}

function withPort(address: string): string {
  return address.includes(':') ? `[${address}]:${PORT}` : `${address}:${PORT}`
}
