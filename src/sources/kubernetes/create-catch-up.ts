import { isFields } from '../../../compiler/objects/read-fields.ts'
import { createAtMost } from './at-most.ts'
import { createBackoff } from './backoff.ts'
import { ClusterError } from './cluster-error.ts'
import { createDeadline } from './deadline.ts'
import { isCredentialFailure } from './describe-failure.ts'
import { listPages } from './list-pages.ts'
import { pause } from './pause.ts'
import { namespaceNamed, policiesOf, type Resource } from './resources.ts'
import type { Seams } from './seams.ts'
import type { Transport } from './transport.ts'
import { versionNumber } from './version-number.ts'

/**
 * Resolves when the watches have told all policies of a namespace, and the namespace itself, as new as the last pod that was told
 * before the call. `missing` is called at most once, when a list shows a policy that has not been told yet. Rejects for a bug alone.
 */
export type CatchUp = (namespace: string, missing?: () => void) => Promise<void>

/** How far a watch has come, and what it has told. */
export interface WatchProgress {
  /** The resourceVersion up to which everything has been told; empty: there is none. */
  version(): string
  /** Names of what stands in the namespace, by this watch. */
  names(namespace: string): Iterable<string>
}

export interface CatchUpOptions {
  readonly transport: Transport
  readonly seams: Seams
  readonly stop: AbortSignal
  /** The newest version of a pod that was told; undefined: they are no numbers. */
  readonly podVersion: () => bigint | undefined
  readonly policies: WatchProgress
  /** Of Namespaces: `names` gives the namespace, where it is known. */
  readonly namespaces: WatchProgress
}

interface Question {
  readonly podVersion: bigint
  readonly missing: (() => void) | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The version of a list, and that of each of its items by name. */
interface Listed {
  readonly version: bigint
  readonly items: ReadonlyMap<string, bigint>
}

const LIST_MILLISECONDS = 5_000
const POLL_MILLISECONDS = 20
const LISTS_AT_ONCE = 8

/**
 * Nothing is asked of the API server while the watches are as new as the pod by their own word. Else the namespace is listed, once for
 * all who ask meanwhile, and what the list shows is waited for. Where versions are no numbers there is nothing to compare, and nobody
 * waits.
 */
export function createCatchUp({ transport, seams, stop, podVersion, policies, namespaces }: CatchUpOptions): CatchUp {
  const questions = new Map<string, Question[]>()
  const atMost = createAtMost(LISTS_AT_ONCE)

  const reached = (version: bigint): boolean =>
    [policies, namespaces].every((watch) => (versionNumber(watch.version()) ?? -1n) >= version)

  async function list(resource: Resource, signal: AbortSignal): Promise<Listed> {
    let items = new Map<string, string>()
    const version = await listPages({
      transport,
      resource,
      // The newest: a server before 1.31 answers 'not older than that' for a kind at rest only after seconds.
      from: '',
      signal,
      timeout: Math.min(seams.timings.list, LIST_MILLISECONDS),
      onItem: (item) => {
        const metadata = isFields(item) && isFields(item['metadata']) ? item['metadata'] : {}
        items.set(String(metadata['name']), String(metadata['resourceVersion']))
      },
      onRestart: () => {
        items = new Map()
      },
    })
    const whole = versionNumber(version) ?? 0n
    return { version: whole, items: new Map([...items].map(([name, of]) => [name, versionNumber(of) ?? whole])) }
  }

  async function listNamespace(namespace: string): Promise<readonly [Listed, Listed]> {
    const deadline = createDeadline(stop)
    try {
      const [own, itself] = [policiesOf(namespace), namespaceNamed(namespace)]
      return await Promise.all([list(own, deadline.signal), list(itself, deadline.signal)])
    } finally {
      deadline.end()
    }
  }

  /** Until the watches have told what stands, whichever says so first: they themselves, or a list and they. */
  async function wait(namespace: string, version: bigint, missing: () => void): Promise<void> {
    const backoff = createBackoff(seams)
    while (!stop.aborted && !reached(version)) {
      try {
        const [own, itself] = await atMost(() => listNamespace(namespace))
        const isTold = () => hasTold(policies, own, namespace) && hasTold(namespaces, itself, namespace)
        if (lacks(policies, own)) missing()
        while (!stop.aborted && !isTold()) await pause(POLL_MILLISECONDS, stop)
        return
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error
        if (isCredentialFailure(error)) transport.refresh()
        const atLeast = error.failure.kind === 'status' ? error.failure.retryAfterMilliseconds : 0
        await pause(backoff.next(atLeast), stop)
      }
    }
  }

  async function answer(namespace: string): Promise<void> {
    for (let batch = questions.get(namespace) ?? []; batch.length > 0; batch = questions.get(namespace) ?? []) {
      // Who asks from here on may know of a newer pod than the list that is about to begin.
      questions.set(namespace, [])
      try {
        await wait(
          namespace,
          batch.reduce((newest, { podVersion }) => (podVersion > newest ? podVersion : newest), 0n),
          () => batch.forEach(({ missing }) => missing?.()),
        )
      } catch (error) {
        for (const { reject } of batch) reject(error)
        continue
      }
      if (stop.aborted) return
      for (const { resolve } of batch) resolve()
    }
    questions.delete(namespace)
  }

  return (namespace, missing) =>
    new Promise((resolve, reject) => {
      const version = podVersion()
      if (version === undefined || reached(version)) return resolve()
      const asked = questions.get(namespace)
      if (asked !== undefined) return void asked.push({ podVersion: version, missing, resolve, reject })
      questions.set(namespace, [{ podVersion: version, missing, resolve, reject }])
      void answer(namespace)
    })
}

/** The list shows what has not been told. */
function lacks(watch: WatchProgress, { items }: Listed): boolean {
  const heard = versionNumber(watch.version()) ?? -1n
  return [...items.values()].some((item) => item > heard)
}

/** All of the list has been told, and what it lacks has gone. */
function hasTold(watch: WatchProgress, { version, items }: Listed, namespace: string): boolean {
  const heard = versionNumber(watch.version())
  if (heard === undefined) return false
  if (heard >= version) return true
  return (
    [...items.values()].every((item) => item <= heard) && [...watch.names(namespace)].every((name) => items.has(name))
  )
}
