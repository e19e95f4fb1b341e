import { ruleJson } from './rule-json.ts'
import type { Transport } from '../graph/judge.ts'
import type { FamilyAnswer, PairAnswer } from './answer-leg.ts'
import type { Explanation } from './explanation.ts'
import type { DirectionAnswer } from './explain-connection.ts'
import { familiesDiffer } from './families-differ.ts'

/** What `explain -o json` prints: docs/explanation.schema.json has the fields. */
export function explanationJson({ from, to, allowed, pairs, notes, would }: Explanation): object {
  const [only] = pairs
  const rest = {
    ...(would === undefined
      ? {}
      : {
          would: { audited: would.policies, allowed: would.answer.allowed, answers: would.answer.pairs.map(namedJson) },
        }),
    ...(notes.length === 0 ? {} : { notes }),
  }
  if (only !== undefined && pairs.length === 1) return { from, to, ...pairJson(only), ...rest }
  const told = pairs.find((pair) => !pair.allowed) ?? only
  const answers = pairs.map(namedJson)
  return { from, to, ...(told === undefined ? {} : pairJson(told)), allowed, answers, ...rest }
}

function namedJson(pair: PairAnswer): object {
  return { from: pair.from, to: pair.to, ...pairJson(pair) }
}

function pairJson({ transport, allowed, families }: PairAnswer): object {
  const differ = familiesDiffer(families)
  const denied = families.find(({ answer }) => !answer.allowed)
  const told = differ && denied !== undefined ? [denied] : families
  return {
    ...transportJson(transport),
    allowed,
    egress: directionJson(told.map(({ answer }) => answer.egress)),
    ingress: directionJson(told.map(({ answer }) => answer.ingress)),
    ...(differ ? { families: Object.fromEntries(families.map(familyJson)) } : {}),
  }
}

function familyJson({ family, answer }: FamilyAnswer): readonly [string, object] {
  const { allowed, egress, ingress } = answer
  return [family, { allowed, egress: directionJson([egress]), ingress: directionJson([ingress]) }]
}

function transportJson(transport: Transport): object {
  return transport.protocol === 'other'
    ? { protocol: 'ICMP', port: null }
    : { protocol: transport.protocol, port: transport.port }
}

/** Of families that agree, what either says: a block grants in one of them only. */
function directionJson(answers: readonly DirectionAnswer[]): object {
  const granting = new Map(
    answers.flatMap(({ grantedBy }) => grantedBy).map((rule) => [`${rule.policy} ${rule.rule}`, rule]),
  )
  return {
    isolatedBy: answers[0]?.isolatedBy ?? [],
    allowed: answers.every(({ allowed }) => allowed),
    grantedBy: [...granting.values()].map(ruleJson),
  }
}
