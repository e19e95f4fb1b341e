import { deepStrictEqual } from 'node:assert'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { reusedElements } from '../../compiler/nftables/hold-sets.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { isEmptyChange, type Ruleset } from '../../compiler/nftables/ruleset.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { namespace, pod } from '../oracle/make-objects.ts'

const ADDRESSES = ['10.244.1.10', 'fd44::10']

/** A pod of this uid that has its addresses by its runtime. */
function standing(uid: string): Ruleset {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const web = pod('shop/web', ADDRESSES.join(' '), { metadata: { uid } })
  const objects = [namespace('shop', {}), web].flatMap((raw) => decodeRaw(raw) ?? [])
  const sandbox = { key: 'k', uid, namespace: 'shop', name: 'web', addresses: ADDRESSES, order: 1 }
  const hold = { node: 'node-1', subnets: ['10.244.1.0/24', 'fd44::/64'], sandboxes: [sandbox] }
  engine.apply([...objects.map((object) => ({ type: 'put' as const, object })), ...holdChanges(hold)])
  return engine.ruleset()
}

/** What the kernel lets pass as of one pod is not taken for another's, with and without knowing the cluster. */
export function reusedAddressesGo(): void {
  const one = standing('one')
  const reusedBy = (uid: string) => [...reusedElements(one, [{ uid, addresses: ADDRESSES }]).values()].flat().sort()
  deepStrictEqual(reusedBy('one'), [])
  deepStrictEqual(reusedBy('two'), ['10.244.1.10 comment "one"', 'fd44::10 comment "one"'])
  deepStrictEqual(isEmptyChange(compareRulesets(one, standing('one'))), true)
  const change = compareRulesets(one, standing('two'))
  deepStrictEqual(change.narrows, true)
  deepStrictEqual(change.elements.get('local4'), {
    added: ['10.244.1.10 comment "two"'],
    removed: ['10.244.1.10 comment "one"'],
  })
}
