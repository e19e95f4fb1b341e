import type { Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import type { Grants } from '../graph/grants.ts'
import type { Anchor } from './anchor.ts'
import { blockRules } from './block-rules.ts'
import { type ClassFormulas, classFormulas, HANDFUL, type PortSet } from './class-formulas.ts'
import { type ClassParts, classParts, type PortGrant } from './class-parts.ts'
import { contentChain, contentMap, contentSet } from './content-values.ts'
import { portField, portsText, protocolWord, VARIANTS } from './rule-text.ts'
import { byMap, goTo, inSet, rule, ruleOf } from './rule-value.ts'
import type { ChainValue, Jump, RuleValue, SetValue, Statement } from './ruleset.ts'
import type { SetFormula } from './set-formula.ts'
import { createWay, type Way } from './way.ts'
import { STRAY } from './would-chains.ts'

/** What one class of pods needs in the kernel, for one family and one way of the packet. */
export interface ClassLayout {
  /** The chain that a pod's own chain goes to. A denied packet never comes back from it; see Way.allow. */
  readonly chain: string
  readonly chains: readonly ChainValue[]
  readonly formulas: readonly SetFormula[]
  /** Sets and maps whose content is in the grants themselves. */
  readonly sets: readonly SetValue[]
}

/**
 * Lays out the grants of a class, for each way of a packet. Cheap rules come first; blocks, which are intervals, last. The number
 * of rules is bounded whatever the number of grants:
 *
 *     few ports        one rule for each interval of ports
 *     more             verdict map  protocol . port  →  chain with one address set
 *     very many sets   one set      address . protocol . port
 */
export function layoutClass(
  grants: Grants,
  direction: Direction,
  family: Family,
  anchor: Anchor,
  state: PolicyState,
): readonly ClassLayout[] {
  const parts = classParts(grants, family)
  const formulas = classFormulas(parts, family, anchor)
  const head = state === 'audited' ? [STRAY] : []
  return VARIANTS.map((variant) => layoutWay(parts, formulas, createWay(direction, family, variant, state), head))
}

function layoutWay(
  parts: ClassParts,
  { wide, ports, endpoints, all }: ClassFormulas,
  way: Way,
  head: readonly RuleValue[],
): ClassLayout {
  const layout = { rules: [...head], chains: [] as ChainValue[], sets: [] as SetValue[] }
  for (const match of parts.anyone) layout.rules.push(granting(way, match))
  anyonePorts(parts.anyonePorts, way, layout)
  for (const { match, formula } of wide) layout.rules.push(granting(way, match, inSet(way.peer, formula.name)))
  // The dispatch ends in a goto, so it stands last; it is built here and added there.
  const last: RuleValue[] = []
  switch (ports.kind) {
    case 'rules':
      onePortRuleEach(ports.ports, way, layout)
      break
    case 'dispatch':
      last.push(dispatch(ports.ports, way, layout))
      break
    case 'merged':
      if (ports.ranges !== undefined) layout.rules.push(granting(way, inSet(way.endpoint, ports.ranges.name)))
  }
  if (endpoints !== undefined) layout.rules.push(granting(way, inSet(way.endpoint, endpoints.name)))
  const blocks = blockRules(parts.blocks, way)
  for (const set of blocks.sets) layout.sets.push(set)
  for (const match of blocks.matches) layout.rules.push(granting(way, match))
  for (const one of last) layout.rules.push(one)
  layout.rules.push(rule(goTo(way.deny)))

  const chain = contentChain(`c${way.digit}`, layout.rules)
  return { chain: chain.name, chains: [chain, ...layout.chains], formulas: all, sets: layout.sets }
}

/** A rule that lets pass what matches, and counts it: one for a connection, and one more in each generation. */
function granting(way: Way, ...matches: readonly Statement[]): RuleValue {
  return ruleOf([...matches, 'counter', way.allow])
}

type Parts = { rules: RuleValue[]; chains: ChainValue[]; sets: SetValue[] }

function portMatch(
  { protocol, from, to }: { protocol: PortGrant['protocol']; from: number; to: number },
  way: Way,
): string {
  return `${protocolWord(protocol)} ${portField(way.portSide)} ${portsText(from, to)}`
}

/** Ports that are open to anyone: rules while they are few, else one set of ports. */
function anyonePorts(ports: readonly Omit<PortGrant, 'groups'>[], way: Way, layout: Parts): void {
  if (ports.length <= HANDFUL) {
    for (const port of ports) layout.rules.push(granting(way, portMatch(port, way)))
    return
  }
  const elements = new Set(ports.map(({ protocol, from, to }) => `${protocolWord(protocol)} . ${portsText(from, to)}`))
  const set = contentSet('t', ['inet_proto', 'inet_service'], elements, ports.some(isRange))
  layout.sets.push(set)
  layout.rules.push(granting(way, inSet(way.protocolAndPort, set.name)))
}

function onePortRuleEach(ports: readonly PortSet[], way: Way, layout: Parts): void {
  for (const port of ports) {
    layout.rules.push(granting(way, portMatch(port, way), inSet(way.peer, port.formula.name)))
  }
}

/** One look-up of the port, then one of the address. Returns the rule, which has to stand last. */
function dispatch(ports: readonly PortSet[], way: Way, layout: Parts): RuleValue {
  const targets = new Map<string, Jump>()
  for (const { protocol, from, to, formula } of ports) {
    const chain = contentChain(`f${way.digit}`, [granting(way, inSet(way.peer, formula.name)), rule(goTo(way.deny))])
    layout.chains.push(chain)
    targets.set(`${protocolWord(protocol)} . ${portsText(from, to)}`, goTo(chain.name))
  }
  const map = contentMap(`d${way.digit}`, ['inet_proto', 'inet_service'], targets, ports.some(isRange))
  layout.sets.push(map)
  return rule(byMap(way.protocolAndPort, map.name))
}

function isRange({ from, to }: { from: number; to: number }): boolean {
  return from !== to
}
