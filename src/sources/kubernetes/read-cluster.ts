import { fieldsOf, textOf } from '../../../compiler/cluster/loose-fields.ts'
import { IGNORE_ANNOTATION, objectText } from '../../../compiler/lint/silencer.ts'
import { decodeIdentity, describeObject as describeFields } from '../../../compiler/objects/decode-metadata.ts'
import { decodePodHost } from '../../../compiler/objects/decode-pod-host.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { checkDnsSubdomain } from '../../../compiler/objects/name-syntax.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { createProblems } from '../../../compiler/objects/problems.ts'
import { type Fields, isFields } from '../../../compiler/objects/read-fields.ts'
import type { OtherObject } from '../../../compiler/objects/read-objects.ts'
import { createClusterAccess } from './cluster-access.ts'
import { ClusterError } from './cluster-error.ts'
import { decodeItem, type WatchedKind } from './decode-item.ts'
import { createDecodeMemory } from './decode-memory.ts'
import { describeFailure } from './describe-failure.ts'
import { listPages } from './list-pages.ts'
import type { ConfigOptions } from './load-kubeconfig.ts'
import { ENDPOINT_SLICES, INGRESSES, NAMESPACES, NODES, PODS, POLICIES, type Resource, SERVICES } from './resources.ts'
import { REAL_SEAMS } from './seams.ts'
import { createTransport } from './transport.ts'

/** As readObjects gives it for files, so that a command need not care where its input came from. */
export interface ClusterRead {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
  readonly diagnostics: readonly Diagnostic[]
  /** What annotations say to lint, by the name that it gives to objects. */
  readonly lintIgnores: ReadonlyMap<string, string>
}

const JUDGED: readonly (readonly [WatchedKind, Resource])[] = [
  ['NetworkPolicy', POLICIES],
  ['Pod', PODS],
  ['Namespace', NAMESPACES],
]

/** Without these there are answers, only fewer; beside each, what is not known then. */
const NAMING: readonly (readonly [Resource, string])[] = [
  [SERVICES, 'their names, addresses and node ports are not known'],
  [INGRESSES, 'their names are not known'],
  [NODES, 'which addresses are those of nodes is not known'],
  [ENDPOINT_SLICES, 'what is behind Services without a selector is not known'],
]

/**
 * Everything in a cluster that the reading commands look at, once and as it is now (the newest version, not the watch
 * cache's). What only lends names may be missing, and a note says so where the right to it is; without the rest there is
 * no true answer: then it throws a ClusterError.
 */
export async function readCluster(options: ConfigOptions, signal?: AbortSignal): Promise<ClusterRead> {
  const { timings } = REAL_SEAMS
  const transport = createTransport(createClusterAccess(options), timings.keepAlive)
  const objects: ClusterObject[] = []
  const others: OtherObject[] = []
  const diagnostics: Diagnostic[] = []
  const lintIgnores = new Map<string, string>()
  const memory = createDecodeMemory()

  async function list(resource: Resource): Promise<readonly unknown[]> {
    let items: unknown[] = []
    try {
      await listPages({
        transport,
        resource,
        from: '',
        signal: signal ?? new AbortController().signal,
        timeout: timings.list,
        onItem: (item) => void items.push(item),
        onRestart: () => {
          items = []
        },
      })
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      throw new ClusterError(error.failure, describeFailure(error, resource, 'list'), { cause: error })
    }
    return items
  }

  try {
    for (const [kind, resource] of JUDGED) {
      for (const item of await list(resource)) {
        const decoded = decodeItem(kind, item, memory)
        const { object } = decoded
        const ignored = object && isFields(item) ? ignoredIn(item) : undefined
        if (object !== undefined && ignored !== undefined) lintIgnores.set(objectText(object), ignored)
        if (object?.kind === 'Pod' && isFields(item)) objects.push(decodePodHost(object, item))
        else if (object !== undefined) objects.push(object)
        for (const diagnostic of decoded.diagnostics) diagnostics.push(diagnostic)
      }
    }
    for (const [resource, missing] of NAMING) {
      try {
        for (const item of await list(resource)) {
          const other = readOther(resource, item, (diagnostic) => diagnostics.push(diagnostic))
          if (other !== undefined) others.push(other)
        }
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error
        const problem = `${resource.plural} cannot be listed: ${error.message}`
        const isForbidden = error.failure.kind === 'status' && error.failure.status === 403
        diagnostics.push({ severity: isForbidden ? 'note' : 'warning', code: 'cannot-list', problem, hint: missing })
      }
    }
  } finally {
    transport.close()
  }
  return { objects, others, diagnostics, lintIgnores }
}

/** Policy does not depend on it, so no decoded object has it. */
function ignoredIn(item: Fields): string | undefined {
  return textOf(fieldsOf(fieldsOf(item, 'metadata'), 'annotations'), IGNORE_ANNOTATION)
}

/** As it would stand in a file: the items of lists do not say their kind. */
function readOther(
  resource: Resource,
  item: unknown,
  report: (diagnostic: Diagnostic) => void,
): OtherObject | undefined {
  const { kind, apiVersion } = resource
  const value = { ...(isFields(item) ? item : {}), apiVersion, kind }
  const context = { report, place: () => undefined, internLabels: neverAsked }
  const problems = createProblems(context, () => describeFields(kind, value, context))
  const identity = decodeIdentity(value, checkDnsSubdomain, problems)
  if (identity === undefined) return undefined
  return { kind, name: identity.name, namespace: kind === 'Node' ? '' : identity.namespace, value }
}

function neverAsked(): never {
  throw new Error('labels of what only lends names are not decoded')
}
