import type { Block } from '../../../compiler/addresses/block.ts'
import type { Change } from '../../../compiler/engine/change.ts'
import { assignAddresses } from '../../../compiler/cluster/assign-addresses.ts'
import type { ClusterObject, Pod } from '../../../compiler/objects/objects.ts'
import type { ObjectClaims } from './object-claims.ts'
import { objectKey, removalOf } from './object-key.ts'
import { equalMeaning } from '../../../compiler/objects/equal-meaning.ts'

/** What the listener has been told, so that it hears of nothing twice. */
export interface ToldObjects {
  /** The events that follow from what stands for these names now. */
  update(keys: ReadonlySet<string>): readonly Change[]
  /** The pods that stand for workloads have no addresses: the range has fewer than the files have pods. */
  rangeFull(): boolean
}

export function createToldObjects(claims: ObjectClaims, podCidr: Block): ToldObjects {
  const told = new Map<string, ClusterObject>()
  const standIns = new Set<string>()
  let full = false

  /** Where stand-ins have their addresses depends on all pods: they step around addresses in use. */
  function withAddresses(): ReadonlyMap<string, Pod> {
    const pods = [...claims.keys()].map((key) => claims.standing(key)).filter((object) => object?.kind === 'Pod')
    const addressed = assignAddresses(pods, podCidr)
    full = addressed === undefined
    return new Map((addressed ?? pods).filter(({ standIn }) => standIn).map((pod) => [objectKey(pod), pod]))
  }

  return {
    rangeFull: () => full,

    update(keys) {
      const affected = new Set(keys)
      let podsMoved = false
      for (const key of keys) {
        const object = claims.standing(key)
        podsMoved ||= object?.kind === 'Pod' || told.get(key)?.kind === 'Pod'
        if (object?.kind === 'Pod' && object.standIn) standIns.add(key)
        else standIns.delete(key)
      }
      let addressed: ReadonlyMap<string, Pod> = new Map()
      if (podsMoved && standIns.size === 0) full = false
      if (podsMoved && standIns.size > 0) {
        addressed = withAddresses()
        for (const key of standIns) affected.add(key)
      }

      const changes: Change[] = []
      for (const key of affected) {
        const before = told.get(key)
        const now = addressed.get(key) ?? claims.standing(key)
        if (now === undefined) {
          if (before === undefined) continue
          told.delete(key)
          changes.push(removalOf(before))
        } else if (before === undefined || !equalMeaning(before, now)) {
          told.set(key, now)
          changes.push({ type: 'put', object: now })
        }
      }
      return changes
    },
  }
}
