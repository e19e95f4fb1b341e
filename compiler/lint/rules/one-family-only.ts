import { addressWidth, FAMILIES, type Family } from '../../addresses/address.ts'
import { blockContains } from '../../addresses/block-range.ts'
import type { Block } from '../../addresses/block.ts'
import { parseBlock } from '../../addresses/parse-block.ts'
import { parseAddress } from '../../addresses/parse-address.ts'
import { DIRECTIONS } from '../../objects/direction.ts'
import type { Pod } from '../../objects/objects.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'

/** In a dual-stack cluster a policy with blocks of one family closes the other: what it allows over IPv4 fails over IPv6. */
export const oneFamilyOnly: LintRule = {
  name: 'one-family-only',
  severity: 'warning',
  summary: 'Only one family is written, and the pods have two',
  check({ cluster }) {
    return cluster.selections.flatMap(({ policy, pods }) => {
      return DIRECTIONS.flatMap((direction) => {
        const side = policy[direction]
        if (side?.kind !== 'rules') return []
        const blocks = side.rules.flatMap((rule) =>
          (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) =>
            peer.kind === 'block'
              ? [{ rule, family: peer.block.family, block: peer.block, excepts: peer.excepts }]
              : [],
          ),
        )
        const [first] = blocks
        const families = new Set(blocks.map(({ family }) => family))
        if (first === undefined || families.size !== 1 || side.rules.some(({ peers }) => peers === 'anyone')) return []
        // One host may well have one family.
        if (blocks.every(({ block }) => block.prefix === addressWidth(block.family))) return []
        if (!pods.some(isDual)) return []
        const missing = first.family === 'IPv4' ? 'IPv6' : 'IPv4'
        const whole = blocks.some(({ block }) => block.prefix === 0)
        const guarded = blocks.some(({ excepts }) => excepts.some(isLinkLocal))
        const message = `has ${first.family} blocks only, and its pods have ${missing} addresses as well`
        return [remarkOn(policy, { direction, rule: first.rule }, message, hintFor(missing, whole, guarded))]
      })
    })
  },
}

function isDual({ addresses }: Pod): boolean {
  return FAMILIES.every((family) => addresses.some((text) => parseAddress(text)?.family === family))
}

/** Clouds answer there with credentials (169.254.169.254, and over IPv6 fd00:ec2::254 and the like). */
function isLinkLocal(block: Block): boolean {
  return LINK_LOCAL !== undefined && (blockContains(LINK_LOCAL, block) || blockContains(block, LINK_LOCAL))
}

const LINK_LOCAL = parseBlock('169.254.0.0/16')?.block

/** Who excepts the metadata address must not be told to open all of the other family, where it has another one. */
function hintFor(missing: Family, whole: boolean, guarded: boolean): string {
  if (guarded)
    return `write blocks for ${missing} too, and except there as well what the excepts guard: metadata services answer at other addresses`
  return `write a block for ${missing} too${whole ? `, such as ${missing === 'IPv6' ? '::/0' : '0.0.0.0/0'}` : ''}`
}
