import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { readPaths } from '../sources/files/read-paths.ts'
import type { Manifest } from './shop.ts'

/** A folder of manifests: what stands in for the cluster. */
export interface ManifestFolder {
  readonly path: string
  /** Writes or replaces a file, whole at once. */
  put(name: string, manifests: readonly Manifest[]): void
  /** What the files say now, read as every command reads them. */
  read(): readonly ClusterObject[]
}

export function createManifestFolder(path: string): ManifestFolder {
  mkdirSync(path, { recursive: true })
  return {
    path,
    put(name, items) {
      // Hidden files are not read.
      const draft = join(path, `.${name}`)
      writeFileSync(draft, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
      renameSync(draft, join(path, `${name}.json`))
    },
    read() {
      return readObjects(readPaths([path]).sources, { defaultNamespace: 'default' }).objects
    },
  }
}
