import fc from 'fast-check'
import { cidrBits, inCidr } from '../oracle/in-block.ts'
import type { RawIpBlock, RawPeer } from '../oracle/raw-cluster.ts'
import { POD_LABELS } from './labels.ts'
import { SELECTABLE_NAMESPACE_LABELS } from './namespaces.ts'
import { orNull } from './optional.ts'
import { selector } from './selectors.ts'

/** Nested, adjacent and far blocks; the pods' subnets, single pods, nodes, the world; some with bits after the prefix. */
const BLOCKS = [
  ['0.0.0.0/0', '128.0.0.0/1', '10.0.0.0/8', '10.244.0.0/16', '10.244.1.0/24', '10.244.2.7/24', '10.244.1.8/30'],
  ['10.244.1.12/30', '10.244.2.12/31', '10.244.1.11/32', '10.244.2.10/32', '192.168.10.0/24', '203.0.113.0/24'],
  ['203.0.113.128/25', '203.0.113.5/29', '203.0.113.255/32', '::/0', '8000::/1', 'fd00::/8', 'fd44::/56'],
  ['fd44:0:0:1::/64', 'fd44:0:0:2::7/64', 'fd44:0:0:1::8/126', 'fd44:0:0:1::c/126', 'fd44:0:0:2::a/127'],
  ['fd44:0:0:1::b/128', 'fd44:0:0:2:0:0:0:c/128', 'fd44:0:0:ff::/64', '2001:db8::/32', '2001:DB8:8000::/33'],
].flat()

/** Valid for the API: each except is strictly inside its cidr. Excepts may nest, touch and repeat. */
const ipBlock: fc.Arbitrary<RawIpBlock> = fc.constantFrom(...BLOCKS).chain((cidr) => {
  const inside = BLOCKS.filter((block) => isStrictlyInside(block, cidr))
  if (inside.length === 0) return fc.constantFrom<RawIpBlock>({ cidr }, { cidr, except: [] }, { cidr, except: null })
  const except = fc.array(fc.constantFrom(...inside), { minLength: 1, maxLength: 4 })
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<RawIpBlock>({ cidr }) },
    { weight: 2, arbitrary: except.map((some): RawIpBlock => ({ cidr, except: some })) },
  )
})

/** A peer that the API takes: at least one field, an ipBlock alone. */
export const peer: fc.Arbitrary<RawPeer> = fc.oneof(
  { weight: 3, arbitrary: selector(POD_LABELS).map((podSelector) => ({ podSelector })) },
  { weight: 2, arbitrary: selector(SELECTABLE_NAMESPACE_LABELS).map((namespaceSelector) => ({ namespaceSelector })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(selector(SELECTABLE_NAMESPACE_LABELS), orNull(selector(POD_LABELS)))
      .map(([namespaceSelector, podSelector]) => ({ namespaceSelector, podSelector })),
  },
  { weight: 4, arbitrary: ipBlock.map((block) => ({ ipBlock: block })) },
)

function isStrictlyInside(inner: string, outer: string): boolean {
  const [innerBits, outerBits] = [cidrBits(inner), cidrBits(outer)]
  if (innerBits === undefined || outerBits === undefined) throw new Error(`not blocks: ${inner}, ${outer}`)
  return innerBits.prefix.length > outerBits.prefix.length && inCidr(inner.slice(0, inner.indexOf('/')), outer)
}
