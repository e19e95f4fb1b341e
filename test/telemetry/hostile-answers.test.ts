import { expect, test } from 'vitest'
import type { AgentFlows } from '../../src/telemetry/agent-flows.ts'
import type { AgentRules } from '../../src/telemetry/agent-rules.ts'
import { isAgentDenied } from '../../src/telemetry/is-agent-denied.ts'
import { isAgentFlows } from '../../src/telemetry/is-agent-flows.ts'
import { isAgentRules } from '../../src/telemetry/is-agent-rules.ts'

const RULES: AgentRules = {
  version: '1',
  node: 'node-1',
  at: '2026-01-31T12:00:00.000Z',
  rules: [
    { policy: 'shop/web', rule: 'ingress[0]', use: 'not known', packets: 3, age: 9, also: ['shop/all ingress[1]'] },
  ],
}
const GONE = {
  namespace: 'shop',
  name: 'migrate-1',
  uid: 'u',
  createdAt: '2026-01-31T11:00:00Z',
  workload: { kind: 'Job', name: 'migrate' },
  labels: { app: 'migrate' },
  ports: [{ name: 'http', protocol: 'TCP', number: 8080 }],
} as const
const FLOWS: AgentFlows = {
  version: '1',
  node: 'node-1',
  at: '2026-01-31T12:00:00.000Z',
  since: '2026-01-31T11:00:00.000Z',
  observes: true,
  flows: [
    {
      node: 'node-1',
      fate: 'denied',
      source: '10.244.1.2',
      destination: '10.244.1.3',
      formerSource: GONE,
      formerDestination: GONE,
      carries: { protocol: 'TCP', port: 80 },
      directed: true,
      packets: 3,
      lastAge: 1,
      firstAge: 2,
    },
  ],
  folded: [
    {
      node: 'node-1',
      fate: 'denied',
      source: '10.244.1.2',
      formerSource: GONE,
      packets: 300,
      flows: 300,
      ports: 300,
      addresses: 1,
      lastAge: 1,
      firstAge: 2,
    },
  ],
  totals: [{ address: '10.244.1.3', direction: 'ingress', packets: 3 }],
  full: ['denied'],
  lost: { denied: [{ address: '10.244.1.3', packets: 3 }], allowed: 4 },
}
const { fate: _, ...flow } = FLOWS.flows[0] ?? { fate: 'denied' }
const DENIED = { ...FLOWS, flows: [flow] }

/** Every way to put `null` in the place of one thing inside. */
function holes(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inside]) =>
    [null, ...holes(inside)].map((hole) => (Array.isArray(value) ? [hole] : { ...value, [key]: hole })),
  )
}

test.each([
  ['rules', RULES, isAgentRules, []],
  // How much was lost of allowed packets may not be known.
  ['flows', FLOWS, isAgentFlows, [{ ...FLOWS, lost: { ...FLOWS.lost, allowed: null } }]],
])('what a node says of %s is taken only with everything in it sound', (_name, sound, isSound, also) => {
  expect(isSound(sound)).toBe(true)
  const taken = holes(sound).filter((one) => isSound(one))
  expect(taken.map((one) => JSON.stringify(one))).toEqual(also.map((one) => JSON.stringify(one)))
})

test('and of denied packets, with no hole in what is shown of them', () => {
  expect(isAgentDenied(DENIED)).toBe(true)
  for (const key of ['version', 'node', 'at', 'since', 'flows', 'folded', 'totals'] as const) {
    for (const hole of [null, ...holes(DENIED[key])])
      expect({ key, taken: isAgentDenied({ ...DENIED, [key]: hole }) }).toEqual({ key, taken: false })
  }
})

test('each word for the use of a rule is taken, and no other', () => {
  const isTaken = (use: string) => isAgentRules({ ...RULES, rules: RULES.rules.map((rule) => ({ ...rule, use })) })
  expect(['used', 'never', 'not known', 'not asked'].map(isTaken)).toEqual([true, true, true, true])
  expect(isTaken('unused')).toBe(false)
})
