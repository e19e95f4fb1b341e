import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { formatBlock } from '../../../compiler/addresses/format-block.ts'
import type { HoldChange, Sandbox, SandboxChange } from '../../../compiler/objects/sandbox.ts'
import { type CniSourceOptions, type CniState, createCniSource } from '../../../src/sources/cni/create-cni-source.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export interface SandboxFile {
  readonly id: string
  readonly uid?: string
  /** Of the pod, in the namespace shop. */
  readonly name?: string
  readonly addresses?: readonly string[]
  readonly ifName?: string
  readonly netns?: string | undefined
  readonly annotations?: Readonly<Record<string, string>>
}

/** A node as its runtime and Flannel leave it on disk: folders that a source reads, with the real inotify. */
export interface CniNode {
  readonly folder: string
  readonly cacheFolder: string
  /** Every batch that was told. */
  readonly batches: (readonly (SandboxChange | HoldChange)[])[]
  /** What a listener knows: `namespace/name address…` by the name of its file. */
  readonly known: ReadonlyMap<string, Sandbox>
  /** The subnets that are held; `off`. */
  readonly held: () => string
  readonly states: CniState[]
  readonly losses: string[]
  start(options?: Partial<CniSourceOptions>): void
  /** As Flannel does: a file beside it, then its name. */
  setSubnets(...lines: readonly string[]): void
  /** The network namespace comes before CNI ADD; false: it has gone. */
  setNamespace(id: string, exists: boolean): void
  /** CNI ADD: the namespace, then the file, in so many writes. Returns its name. */
  add(file: SandboxFile, pieces?: number): string
  /** CNI DEL has ended. */
  remove(name: string): void
  /** host-local's note of an address. */
  allocate(address: string, id: string): void
}

export function createCniNode(): CniNode {
  const folder = temporaryFolder()
  const cacheFolder = join(folder, 'cni', 'results')
  const places = {
    subnetFile: join(folder, 'flannel', 'subnet.env'),
    netns: join(folder, 'netns'),
    networks: join(folder, 'cni', 'networks'),
    proc: join(folder, 'proc'),
  }
  for (const path of [cacheFolder, dirname(places.subnetFile), places.netns, places.networks, places.proc])
    mkdirSync(path, { recursive: true, mode: 0o700 })
  writeFileSync(join(places.proc, 'stat'), 'cpu 1 2 3\nbtime 1000000000\n')
  const batches: (readonly (SandboxChange | HoldChange)[])[] = []
  const known = new Map<string, Sandbox>()
  const states: CniState[] = []
  const losses: string[] = []
  let held = 'nothing told'

  function note(change: SandboxChange | HoldChange): void {
    if (change.type === 'hold')
      held = change.subnets.kind === 'off' ? 'off' : change.subnets.blocks.map(formatBlock).join()
    else if (change.type === 'put') known.set(change.object.key, change.object)
    else if (!known.delete(change.key)) throw new Error(`removed what was never told: ${change.key}`)
  }

  return {
    folder,
    cacheFolder,
    batches,
    known,
    held: () => held,
    states,
    losses,
    start(options = {}) {
      const source = createCniSource({
        mode: 'auto',
        blocks: [],
        excepts: [],
        cacheFolder,
        places,
        bridgePrefixes: () => [],
        ...options,
      })
      onTestFinished(() => source.stop())
      source.start({
        changes: (changes) => {
          batches.push(changes)
          for (const change of changes) note(change)
        },
        state: (state) => states.push(state),
        lost: (reason) => losses.push(reason),
      })
    },
    setSubnets(...lines) {
      const beside = join(dirname(places.subnetFile), '.subnet.env')
      writeFileSync(
        beside,
        `FLANNEL_NETWORK=10.244.0.0/16\n${lines.join('\n')}\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n`,
      )
      renameSync(beside, places.subnetFile)
    },
    setNamespace(id, exists) {
      if (exists) writeFileSync(join(places.netns, `cni-${id}`), '')
      else rmSync(join(places.netns, `cni-${id}`))
    },
    add(file, pieces = 1) {
      const { id, ifName = 'eth0' } = file
      if (!('netns' in file)) this.setNamespace(id, true)
      const name = `cbr0-${id}-${ifName}`
      const text = cacheText(file)
      const size = Math.ceil(text.length / pieces)
      const path = join(cacheFolder, name)
      writeFileSync(path, text.slice(0, size), { mode: 0o600 })
      for (let from = size; from < text.length; from += size) appendFileSync(path, text.slice(from, from + size))
      return name
    },
    remove: (name) => rmSync(join(cacheFolder, name)),
    allocate(address, id) {
      mkdirSync(join(places.networks, 'cbr0'), { recursive: true })
      writeFileSync(join(places.networks, 'cbr0', address), `${id}\r\neth0`)
    },
  }
}

/** A file of libcni's cache, in the order in which it writes its fields. */
export function cacheText({
  id,
  uid = `uid-${id}`,
  name = `pod-${id}`,
  addresses = [],
  ifName = 'eth0',
  annotations = {},
  ...file
}: SandboxFile): string {
  return JSON.stringify({
    kind: 'cniCacheV1',
    containerId: id,
    config: 'eyJuYW1lIjoiY2JyMCJ9',
    ifName,
    networkName: 'cbr0',
    netns: 'netns' in file ? file.netns : `/var/run/netns/cni-${id}`,
    cniArgs: [
      ['IgnoreUnknown', '1'],
      ['K8S_POD_NAMESPACE', 'shop'],
      ['K8S_POD_NAME', name],
      ['K8S_POD_INFRA_CONTAINER_ID', id],
      ['K8S_POD_UID', uid],
    ],
    capabilityArgs: { 'io.kubernetes.cri.pod-annotations': annotations, portMappings: [] },
    result: {
      cniVersion: '0.3.1',
      dns: {},
      interfaces: [{ mac: 'f2:ad:4a:f5:4d:a3', name: 'cni0' }],
      ips: addresses.map((address) => ({
        address: `${address}/24`,
        gateway: '10.244.1.1',
        interface: 2,
        version: '4',
      })),
    },
  })
}
