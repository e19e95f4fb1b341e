import type { Source, SourceListener } from '../source.ts'
import { createAheadStore } from './create-ahead-store.ts'
import { createAskForPod } from './ask-for-pod.ts'
import { nodeOffset } from './backoff.ts'
import { createClusterAccess } from './cluster-access.ts'
import { createDecodeMemory } from './decode-memory.ts'
import type { WatchedKind } from './decode-item.ts'
import type { ConfigOptions } from './load-kubeconfig.ts'
import { createCatchUp } from './create-catch-up.ts'
import { createObjectStore } from './object-store.ts'
import { pause } from './pause.ts'
import { createProblemBook } from './problem-book.ts'
import { createReflector, type Reflector } from './reflector.ts'
import { NAMESPACES, PODS, POLICIES, type Resource } from './resources.ts'
import { REAL_SEAMS, type Seams } from './seams.ts'
import { createTransport } from './transport.ts'
import { versionNumber } from './version-number.ts'

export interface KubernetesSourceOptions extends ConfigOptions {
  /** The first request waits from 0 up to so many seconds, each node its own time. */
  readonly startJitterSeconds: number
  readonly nodeName: string
  readonly seams?: Seams | undefined
}

/** NetworkPolicies, Pods and Namespaces of a cluster, for as long as it is not stopped. It starts once. */
export function createKubernetesSource(options: KubernetesSourceOptions): Source {
  const { seams = REAL_SEAMS } = options
  const stopping = new AbortController()
  const stop = stopping.signal
  const transport = createTransport(createClusterAccess(options), seams.timings.keepAlive)
  const memory = createDecodeMemory()
  let listener: SourceListener | undefined
  let running: Promise<unknown> = Promise.resolve()

  function follow(kind: WatchedKind, resource: Resource) {
    const book = createProblemBook((of, diagnostics) => listener?.problems(of, diagnostics))
    const version = (): string => reflector.status().resourceVersion
    const store = createAheadStore(kind, createObjectStore(kind, memory, book), version)
    const reflector: Reflector = createReflector({
      resource,
      transport,
      seams,
      store,
      changes: (changes) => listener?.changes(changes),
      synced: () => {
        if (isSynced()) listener?.synced()
      },
    })
    return { reflector, store, version }
  }
  const namespaces = follow('Namespace', NAMESPACES)
  const policies = follow('NetworkPolicy', POLICIES)
  const pods = follow('Pod', PODS)
  const reflectors: readonly Reflector[] = [namespaces, policies, pods].map(({ reflector }) => reflector)

  function isSynced(): boolean {
    return reflectors.every((reflector) => reflector.status().synced)
  }

  async function run(reflector: Reflector): Promise<void> {
    await pause(nodeOffset(options.nodeName) * options.startJitterSeconds * 1000, stop)
    try {
      await reflector.run(stop)
    } catch (error) {
      // A listener that throws is a bug: nothing goes on as if it had not, and nothing here may hide it.
      stopping.abort()
      queueMicrotask(() => {
        throw error
      })
    }
  }

  const askForPod = createAskForPod({
    transport,
    stop,
    timeout: seams.timings.list,
    tell(pod) {
      const change = pods.store.tell(pod)
      if (change !== undefined) listener?.changes([change])
    },
  })

  /** Of the watch, or of a pod that was asked for. */
  function podVersion(): bigint | undefined {
    const [watched, asked] = [versionNumber(pods.version()), pods.store.newest()]
    return asked !== undefined && (watched === undefined || asked > watched) ? asked : watched
  }

  return {
    start(to) {
      listener = to
      running = Promise.all(reflectors.map(run))
    },
    async stop() {
      listener = undefined
      stopping.abort()
      await running
      transport.close()
    },
    caughtUp: createCatchUp({
      transport,
      seams,
      stop,
      podVersion,
      policies: { version: policies.version, names: (namespace) => policies.store.namesIn(namespace) },
      namespaces: {
        version: namespaces.version,
        names: (name) => (namespaces.store.has({ namespace: '', name }) ? [name] : []),
      },
    }),
    lookFor: askForPod,
    status: () => ({ synced: isSynced(), streams: reflectors.map((reflector) => reflector.status()) }),
  }
}
