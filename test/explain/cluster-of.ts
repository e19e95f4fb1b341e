import { type Cluster, createCluster } from '../../compiler/cluster/create-cluster.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { assignAddresses } from '../../compiler/cluster/assign-addresses.ts'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import type { ClusterObject, Pod } from '../../compiler/objects/objects.ts'
import { type OtherObject, readObjects } from '../../compiler/objects/read-objects.ts'

export interface ObjectsOfText {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
}

/** The objects of one file called `f`, as the reading commands take them; throws for a text with an error. */
export function objectsOf(text: string): ObjectsOfText {
  const { objects, others, diagnostics } = readObjects([{ file: 'f', text }], { defaultNamespace: 'default' })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(formatDiagnostic).join('\n'))
  const podRange = parseBlock('10.244.0.0/16')?.block
  const pods = objects.filter((object): object is Pod => object.kind === 'Pod')
  const addressed = podRange && assignAddresses(pods, podRange, () => true)
  if (addressed === undefined) throw new Error('the pod range is full')
  return { objects: [...objects.filter(({ kind }) => kind !== 'Pod'), ...addressed], others }
}

/** The cluster of one file. */
export function clusterOf(text: string): Cluster {
  const { objects, others } = objectsOf(text)
  return createCluster(objects, others)
}
