import { expect, onTestFinished } from 'vitest'
import type { Change } from '../../../compiler/engine/change.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { createKubernetesSource } from '../../../src/sources/kubernetes/create-kubernetes-source.ts'
import { DEFAULT_TIMINGS, type Timings } from '../../../src/sources/kubernetes/seams.ts'
import type { Source, StreamStatus } from '../../../src/sources/source.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'

/** A source that listens to a fake API server, and all that it has told. */
export interface Following {
  readonly source: Source
  readonly changes: Change[]
  /** Each call of the listener: the number of its changes, or `synced`. */
  readonly calls: (number | 'synced')[]
  readonly problems: Map<string, readonly Diagnostic[]>
  /** How often problems were told. */
  readonly toldProblems: () => number
  /** What stands after all changes, as `kind namespace/name`, sorted. */
  objects(): readonly string[]
  object(name: string): ClusterObject | undefined
  synced(): Promise<void>
  stream(plural: string): StreamStatus
}

/** Short enough for a test, long enough for a busy machine. */
export const SHORT: Partial<Timings> = {
  firstBackoff: 20,
  longestBackoff: 100,
  shortWatch: 5,
  initialSilence: 5_000,
  initialTotal: 20_000,
}

export interface FollowOptions {
  readonly timings?: Partial<Timings>
  readonly kubeconfig?: string
  readonly startJitterSeconds?: number
  readonly random?: () => number
  /** The source's clock; timers are the machine's all the same. */
  readonly now?: () => number
  readonly onChanges?: () => void
}

export function follow(api: { readonly url: string }, options: FollowOptions = {}): Following {
  const kubeconfig = options.kubeconfig ?? writeKubeconfig(api.url)
  const source = createKubernetesSource({
    kubeconfig,
    startJitterSeconds: options.startJitterSeconds ?? 0,
    nodeName: 'node1',
    seams: {
      now: options.now ?? (() => performance.now()),
      random: options.random ?? Math.random,
      timings: { ...DEFAULT_TIMINGS, ...SHORT, ...options.timings },
    },
  })
  const changes: Change[] = []
  const calls: (number | 'synced')[] = []
  let toldProblems = 0
  const problems = new Map<string, readonly Diagnostic[]>()
  const objects = new Map<string, ClusterObject>()
  source.start({
    changes(list) {
      calls.push(list.length)
      for (const change of list) {
        changes.push(change)
        const name = nameOfChange(change)
        if (change.type === 'put') objects.set(name, change.object)
        else objects.delete(name)
      }
      options.onChanges?.()
    },
    synced: () => void calls.push('synced'),
    problems: (of, diagnostics) => {
      toldProblems += 1
      if (diagnostics.length === 0) problems.delete(of)
      else problems.set(of, diagnostics)
    },
  })
  onTestFinished(() => source.stop())
  const stream = (plural: string): StreamStatus => {
    const found = source.status().streams.find(({ name }) => name === plural)
    if (found === undefined) throw new Error(`no stream ${plural}`)
    return found
  }
  return {
    source,
    changes,
    calls,
    problems,
    toldProblems: () => toldProblems,
    objects: () => [...objects.keys()].sort(),
    object: (name) => objects.get(name),
    synced: () => eventually(() => expect(calls).toContain('synced')),
    stream,
  }
}

export function nameOfChange(change: Change): string {
  const { kind, name } = change.type === 'put' ? change.object : change
  const of = change.type === 'put' ? change.object : change
  return of.kind === 'Namespace' ? `${kind} ${name}` : `${kind} ${of.namespace}/${name}`
}

/** Until the assertion holds; ten seconds at most. */
export async function eventually(assertion: () => void): Promise<void> {
  await expect.poll(() => (assertion(), true), { timeout: 10_000, interval: 5 }).toBe(true)
}
