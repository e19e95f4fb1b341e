import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { addressOf, type PodName } from '../../kernel/kernel-lab.ts'
import { pod } from '../../oracle/make-objects.ts'
import type { RawPod } from '../../oracle/raw-cluster.ts'
import { cacheText } from '../../sources/cni/cni-node.ts'

/** What stands in for the runtime of node-1: a folder with the files that it would write. */
export interface Runtime {
  /** The flags of an agent that holds by it. */
  readonly flags: readonly string[]
  /** CNI ADD: a sandbox of this id, of a pod by name and uid, has the address of a place in the lab. */
  give(place: PodName, id: string, name: string, uid: string): void
  /** CNI DEL. */
  take(id: string): void
}

/** Gone when the tests of the file are over. */
export function createRuntime(): Runtime {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-cache-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const pathOf = (id: string) => join(folder, `cbr0-${id}-eth0`)
  return {
    flags: ['--hold', 'on', '--hold-cidr', '10.244.1.0/24', '--cni-cache', folder],
    give(place, id, name, uid) {
      const text = cacheText({ id, name, uid, addresses: [addressOf(place, 'IPv4')], netns: undefined })
      writeFileSync(pathOf(id), text, { mode: 0o600 })
    },
    take: (id) => rmSync(pathOf(id)),
  }
}

/** A pod of node-1 as the API shows it before it has an address. */
export function pendingPod(name: string): RawPod {
  const spec = { nodeName: 'node-1', containers: [{ name: 'main' }] }
  return { ...pod(`shop/${name}`, '', { labels: { app: name }, spec }), status: { phase: 'Pending' } }
}
