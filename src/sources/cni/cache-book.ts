import { addressWidth } from '../../../compiler/addresses/address.ts'
import type { Block } from '../../../compiler/addresses/block.ts'
import { parseAddress } from '../../../compiler/addresses/parse-address.ts'
import { type CachedSandbox, decodeSandbox } from '../../../compiler/objects/decode-sandbox.ts'
import type { Sandbox, SandboxChange } from '../../../compiler/objects/sandbox.ts'
import type { CacheFile } from './read-cache-file.ts'

export interface CacheBookOptions {
  /** Does the sandbox live? Asked once for each file. */
  readonly isAlive: (sandbox: CachedSandbox, writtenAt: number) => boolean
}

/** What each file of the cache said when it was last read, and which of them count. No I/O. */
export interface CacheBook {
  /** Has this state of the file been read, with an end? */
  isKnown(key: string, fingerprint: string): boolean
  /** A file as it is now. `again`: it is being written, and is to be looked at again soon. */
  take(key: string, file: CacheFile): 'done' | 'again'
  /** Files that are gone. */
  forget(keys: readonly string[]): void
  /** The subnets of the hold: addresses outside are nobody's here, but those of sandboxes that were told already. */
  limitTo(blocks: readonly Block[]): void
  /** What has changed since this was last asked, in an order in which no address has two sandboxes. */
  takeChanges(): readonly SandboxChange[]
  /** The sandboxes that count, by the name of their files. */
  readonly told: ReadonlyMap<string, Sandbox>
  /** All names that are known. */
  keys(): Iterable<string>
}

interface Entry {
  readonly fingerprint: string
  /** Of a file that has no end yet: how often it was looked at in this state. 0: it has one. */
  readonly attempts: number
  /** Undefined: it says nothing that counts, or another has taken its place; that never changes for this state of the file. */
  readonly sandbox: Sandbox | undefined
}

/** So often a file that is no JSON is looked at before it is left alone; written on, it is looked at anew. */
const MOST_ATTEMPTS = 20

export function createCacheBook({ isAlive }: CacheBookOptions): CacheBook {
  const entries = new Map<string, Entry>()
  const told = new Map<string, Sandbox>()
  let blocks: readonly Block[] = []
  let changes: SandboxChange[] = []
  let order = 0

  function retract(key: string): void {
    if (told.delete(key)) changes.push({ type: 'remove', kind: 'Sandbox', key })
  }

  /** Of one pod, and of one address, the newest sandbox counts; the older never does again, though its file may outlive the newer. */
  function supersede(key: string, { uid, addresses }: Pick<Sandbox, 'uid' | 'addresses'>): void {
    for (const [other, { sandbox, fingerprint }] of entries) {
      if (other === key || sandbox === undefined) continue
      if (sandbox.uid !== uid && !sandbox.addresses.some((address) => addresses.includes(address))) continue
      entries.set(other, { fingerprint, attempts: 0, sandbox: undefined })
      retract(other)
    }
  }

  /** Of its addresses those that are inside the subnets, or were: a sandbox lives on when the node gets another subnet. */
  function tell(key: string, sandbox: Sandbox): void {
    const before = told.get(key)
    const known = before?.order === sandbox.order ? before.addresses : []
    const isOurs = (address: string) => known.includes(address) || blocks.some((block) => isInside(address, block))
    const addresses = sandbox.addresses.filter(isOurs)
    if (addresses.length === 0) return retract(key)
    if (before?.order === sandbox.order && before.addresses.join() === addresses.join()) return
    const object = { ...sandbox, addresses }
    told.set(key, object)
    changes.push({ type: 'put', object })
  }

  return {
    isKnown: (key, fingerprint) => {
      const entry = entries.get(key)
      return entry?.fingerprint === fingerprint && entry.attempts === 0
    },

    take(key, { fingerprint, writtenAt, text }) {
      const before = entries.get(key)
      if (text === undefined) {
        // Known, or nothing that is read: a file that was told and grows beyond the bound is told no more.
        if (before?.fingerprint === fingerprint) return 'done'
        entries.set(key, { fingerprint, attempts: 0, sandbox: undefined })
        retract(key)
        return 'done'
      }
      const decoded = decodeSandbox(text)
      if (decoded === 'not yet') {
        const attempts = before?.fingerprint === fingerprint ? before.attempts + 1 : 1
        const isOver = attempts >= MOST_ATTEMPTS
        // What it said before it is written anew still holds.
        entries.set(key, { fingerprint, attempts: isOver ? 0 : attempts, sandbox: before?.sandbox })
        return isOver ? 'done' : 'again'
      }
      if (decoded === 'not ours' || !isAlive(decoded, writtenAt)) {
        entries.set(key, { fingerprint, attempts: 0, sandbox: undefined })
        retract(key)
        return 'done'
      }
      order += 1
      const { id, uid, namespace, name, addresses } = decoded
      const sandbox = { kind: 'Sandbox', key, id, uid, namespace, name, addresses, order, writtenAt } as const
      supersede(key, sandbox)
      entries.set(key, { fingerprint, attempts: 0, sandbox })
      tell(key, sandbox)
      return 'done'
    },

    forget(keys) {
      for (const key of keys) {
        entries.delete(key)
        retract(key)
      }
    },

    limitTo(now) {
      blocks = now
      for (const [key, { sandbox }] of entries) if (sandbox !== undefined) tell(key, sandbox)
    },

    takeChanges() {
      const taken = changes
      changes = []
      return taken
    },

    told,
    keys: () => entries.keys(),
  }
}

function isInside(text: string, { family, first, prefix }: Block): boolean {
  const address = parseAddress(text)
  if (address?.family !== family) return false
  const hostBits = BigInt(addressWidth(family) - prefix)
  return address.value >> hostBits === first >> hostBits
}
