import type { PoliciesAnswer, PoliciesOfPods } from '../../compiler/explain/policies-of.ts'
import { describePorts } from '../../compiler/objects/describe-ports.ts'
import { type Direction, DIRECTIONS } from '../../compiler/objects/direction.ts'
import type { Policy, PolicyRule } from '../../compiler/objects/objects.ts'
import type { Place } from '../../compiler/objects/place.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { printable } from '../../compiler/objects/quote.ts'
import type { TextStyle } from './explanation-text.ts'
import { hangingLines } from './hanging-lines.ts'
import { peersText } from './peer-text.ts'

const WAYS = { ingress: { noun: 'ingress', word: 'from' }, egress: { noun: 'egress', word: 'to' } } as const
const MOST_PODS = 5

/** The policies that select the pods, with what their rules let pass, in the words of the policies. */
export function policiesText({ name, groups }: PoliciesAnswer, { width }: TextStyle): string {
  return groups
    .map((group) => {
      const heading = groups.length > 1 ? podsText(group) : name
      const body = group.hostNetwork ? [HOST] : DIRECTIONS.flatMap((direction) => directionLines(group, direction))
      return [heading, ...body].map((line) => hangingLines(line, width)).join('\n')
    })
    .map((text) => `${text}\n`)
    .join('\n')
}

const HOST = '  on the network of its node: no policy governs it, and no selector matches it'

function podsText({ pods }: PoliciesOfPods): string {
  const rest = pods.length - MOST_PODS
  return rest > 1 ? `${pods.slice(0, MOST_PODS).join(', ')} and ${rest} more` : pods.join(', ')
}

function directionLines({ isolatedBy }: PoliciesOfPods, direction: Direction): readonly string[] {
  const { noun } = WAYS[direction]
  const policies = isolatedBy[direction]
  if (policies.length === 0) return [`  ${noun}: open, no policy isolates it`]
  return [
    `  ${noun}: only what these allow`,
    ...policies.flatMap((policy) => [
      `    ${podName(policy)}${placeText(policy.place)}`,
      ...ruleLines(policy, direction).map((line) => `      ${line}`),
    ]),
  ]
}

function ruleLines(policy: Policy, direction: Direction): readonly string[] {
  const side = policy[direction]
  if (side?.kind === 'closed') return [`cannot be compiled, and allows nothing: ${printable(side.reason)}`]
  const rules = side?.rules ?? []
  return rules.length === 0 ? ['allows nothing'] : rules.map((rule) => ruleLine(policy, direction, rule))
}

function ruleLine({ namespace }: Policy, direction: Direction, rule: PolicyRule): string {
  const ports = rule.ports === 'any' ? 'every port and protocol' : describePorts(rule.ports)
  const { word } = WAYS[direction]
  return `[${rule.index}] ${word} ${peersText(rule, namespace)}: ${ports}${placeText(rule.place)}`
}

function placeText(place: Place | undefined): string {
  return place === undefined ? '' : `  ${printable(place.file)}:${place.line}`
}
