import { keyOf, type ObjectKey } from '../arbitraries/events.ts'
import type { RawCluster, RawObject, RawPod } from '../oracle/raw-cluster.ts'
import { type ApiAnswer, type ApiClient, ApiRefusal, type Method } from './api-client.ts'

export type Kind = RawObject['kind']

/** The objects of the cluster, written as anybody would. Every method throws ApiRefusal when the API server says no. */
export interface ApiObjects {
  /** A pod's status is written after it, as the kubelet does. */
  create(object: RawObject): Promise<void>
  /** The whole object anew; not for pods, of which hardly anything may change. */
  replace(object: RawObject): Promise<void>
  /** A merge patch. */
  patch(key: ObjectKey, patch: unknown): Promise<void>
  /** A merge patch of `status`. */
  patchStatus(key: ObjectKey, status: unknown): Promise<void>
  /** Gone when it resolves; a pod that is given time only terminates, since no kubelet ends it. */
  remove(key: ObjectKey, gracePeriodSeconds?: number): Promise<void>
  /** All that stands now, but for what `settled` needs for itself. */
  snapshot(): Promise<RawCluster>
  /** The version of the last write of a kind, as the API answered it; 0 before the first. */
  lastWritten(kind: Kind): bigint
}

/** What `settled` keeps for itself; nothing of it can meet a policy or a pod of a test. */
export const MARKER_NAMESPACE = 'selvedge-marker'

const API_VERSIONS = { Pod: 'v1', Namespace: 'v1', NetworkPolicy: 'networking.k8s.io/v1' } as const

/** Where the API has a kind: all of it, or of one namespace. */
export function pathOfKind(kind: Kind, namespace = ''): string {
  const within = namespace === '' ? '' : `/namespaces/${namespace}`
  switch (kind) {
    case 'Namespace':
      return '/api/v1/namespaces'
    case 'Pod':
      return `/api/v1${within}/pods`
    case 'NetworkPolicy':
      return `/apis/networking.k8s.io/v1${within}/networkpolicies`
  }
}

export function createApiObjects(client: ApiClient): ApiObjects {
  const written = new Map<Kind, bigint>()
  const pathOf = ({ kind, namespace, name }: ObjectKey) => `${pathOfKind(kind, namespace)}/${name}`

  async function must(method: Method, path: string, body?: unknown): Promise<unknown> {
    const answer: ApiAnswer = await client.ask(method, path, body)
    if (answer.status >= 300) throw new ApiRefusal(`${method} ${path}`, answer)
    return answer.body
  }

  function note(kind: Kind, resourceVersion: string): void {
    const version = BigInt(resourceVersion)
    if (version > lastWritten(kind)) written.set(kind, version)
  }

  async function write(kind: Kind, method: Method, path: string, body: unknown): Promise<void> {
    note(kind, versionOf(await must(method, path, body)))
  }

  const lastWritten = (kind: Kind): bigint => written.get(kind) ?? 0n

  const patchStatus = (key: ObjectKey, status: unknown) => write(key.kind, 'PATCH', `${pathOf(key)}/status`, { status })

  /** An answer to DELETE does not say which version it made; a watch from before does. */
  async function noteRemoval(key: ObjectKey, from: string): Promise<void> {
    const query = `watch=1&resourceVersion=${from}&fieldSelector=metadata.name=${key.name}`
    for await (const { type, object } of client.watch(`${pathOfKind(key.kind, key.namespace)}?${query}`)) {
      if (type !== 'DELETED') continue
      note(key.kind, object.metadata.resourceVersion)
      return
    }
    throw new Error(`the watch ended before ${pathOf(key)} was gone`)
  }

  async function list<Item extends RawObject>(kind: Item['kind']): Promise<readonly Item[]> {
    const { items } = (await must('GET', pathOfKind(kind))) as { readonly items: readonly Omit<Item, 'kind'>[] }
    const whole = items.map((item) => ({ ...item, apiVersion: API_VERSIONS[kind], kind }) as unknown as Item)
    return whole.filter(({ metadata }) => ![metadata.namespace, metadata.name].includes(MARKER_NAMESPACE))
  }

  return {
    async create(object) {
      const key = keyOf(object)
      if (object.kind !== 'Pod') return write(key.kind, 'POST', pathOfKind(key.kind, key.namespace), object)
      const { status, ...rest } = object
      await write('Pod', 'POST', pathOfKind('Pod', key.namespace), creatable(rest))
      if (status) await patchStatus(key, status)
    },
    replace: (object) => write(object.kind, 'PUT', pathOf(keyOf(object)), object),
    patch: (key, patch) => write(key.kind, 'PATCH', pathOf(key), patch),
    patchStatus,
    async remove(key, gracePeriodSeconds = 0) {
      const before = versionOf(await must('GET', pathOf(key)))
      await must('DELETE', `${pathOf(key)}?gracePeriodSeconds=${gracePeriodSeconds}`)
      // There is no controller that empties a namespace: what is left in it stays.
      if (key.kind === 'Namespace') await must('PUT', `${pathOf(key)}/finalize`, { metadata: { name: key.name } })
      const left = await client.ask('GET', pathOf(key))
      if (left.status === 404) await noteRemoval(key, before)
      else note(key.kind, versionOf(left.body))
    },
    async snapshot() {
      const [pods, namespaces, policies] = await Promise.all([
        list<RawCluster['pods'][number]>('Pod'),
        list<RawCluster['namespaces'][number]>('Namespace'),
        list<RawCluster['policies'][number]>('NetworkPolicy'),
      ])
      return { pods, namespaces, policies }
    },
    lastWritten,
  }
}

function versionOf(object: unknown): string {
  return (object as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion
}

/** A container needs an image, and the server says itself when a pod was made and that it ends. */
function creatable({ metadata, spec, ...rest }: Omit<RawPod, 'status'>): unknown {
  const { uid: _, creationTimestamp: __, deletionTimestamp: ___, ...kept } = metadata
  const containers = (spec?.containers ?? [{ name: 'main' }]).map((container) => ({ image: 'none', ...container }))
  return { ...rest, metadata: kept, spec: { ...spec, containers } }
}
