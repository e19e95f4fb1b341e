import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { RawObject, RawPolicy } from '../oracle/raw-cluster.ts'
import { CLUSTER } from './fault-lab.ts'

/** A folder for `selvedge agent -f`: the lab's pods, and policies that change in one instant. Gone after the test. */
export interface Manifests {
  readonly folder: string
  /** These are the policies from now on. */
  become(policies: readonly RawPolicy[]): void
  /** Any other text, as a file of its own. */
  write(name: string, text: string): void
}

export function makeManifests(policies: readonly RawPolicy[]): Manifests {
  const outer = mkdtempSync(join(tmpdir(), 'selvedge-faults-'))
  onTestFinished(() => rmSync(outer, { recursive: true, force: true }))
  const folder = join(outer, 'manifests')
  mkdirSync(folder)
  const write = (name: string, text: string) => {
    const draft = join(outer, name)
    writeFileSync(draft, text)
    renameSync(draft, join(folder, name))
  }
  const list = (items: readonly RawObject[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const become = (some: readonly RawPolicy[]) => write('policies.json', list(some))
  write('cluster.json', list(CLUSTER))
  become(policies)
  return { folder, become, write }
}
