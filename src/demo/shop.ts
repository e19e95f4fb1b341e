import { parseAllDocuments } from 'yaml'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { readPaths } from '../sources/files/read-paths.ts'
import { DemoError } from './demo-error.ts'

/** An object as the API has it. */
export type Manifest = Readonly<Record<string, unknown>>

export interface ShopPolicy {
  readonly name: string
  readonly manifest: Manifest
}

/** The manifests of a folder, taken apart: what stands from the start, and the policies that come one by one. */
export interface Shop {
  readonly namespaces: readonly Manifest[]
  /** By name of the Deployment: what a pod of its template looks like. */
  readonly templates: ReadonlyMap<string, Pod>
  /** As they stand in the files. */
  readonly policies: readonly ShopPolicy[]
}

/** Throws DemoError when there is no such folder, or something in it cannot be read. */
export function readShop(folder: string): Shop {
  const { sources, diagnostics } = readPaths([folder])
  const read = readObjects(sources, { defaultNamespace: 'default' })
  const wrong = [...diagnostics, ...read.diagnostics].find(({ severity }) => severity === 'error')
  if (wrong !== undefined) throw new DemoError(`the example is not as it was shipped: ${formatDiagnostic(wrong)}`)
  const manifests = sources.flatMap(({ text }) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest),
  )
  const ofKind = (kind: string): readonly Manifest[] => manifests.filter((each) => each['kind'] === kind)
  const pods = read.objects.filter((object): object is Pod => object.kind === 'Pod')
  return {
    namespaces: ofKind('Namespace'),
    templates: new Map(pods.map((pod) => [pod.workload?.name ?? pod.name, pod])),
    policies: ofKind('NetworkPolicy').map((manifest) => ({ name: nameOf(manifest), manifest })),
  }
}

function nameOf({ metadata }: Manifest): string {
  return (metadata as { readonly name: string }).name
}
