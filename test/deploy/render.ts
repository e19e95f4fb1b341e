import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** A manifest, of which nothing is known but that it is one. */
export interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}

/** Where kubectl is; undefined when it has not been built (scripts/kube-assets). */
export function kubectlPath(): string | undefined {
  try {
    const assets = execFileSync(join(PROJECT_ROOT, 'scripts', 'kube-assets'), ['--check'], { encoding: 'utf8' }).trim()
    return join(assets, 'kubectl')
  } catch {
    return undefined
  }
}

/** What `kubectl apply -k` would send. */
export function renderKustomization(kubectl: string, folder: string): readonly Manifest[] {
  const text = execFileSync(kubectl, ['kustomize', folder], { encoding: 'utf8', cwd: PROJECT_ROOT })
  return manifestsOf(text)
}

/** The documents of a YAML text. */
export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const value = document.toJS() as Manifest | null
    return value === null ? [] : [value]
  })
}
