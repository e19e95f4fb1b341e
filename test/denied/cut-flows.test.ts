import { describe, expect, test } from 'vitest'
import { cutFlows } from '../../compiler/flows/cut-flows.ts'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { clusterOf, deployment, flowOf } from '../suggest/flows-of.ts'

/** An ingress policy of shop/db with these rules. */
const guard = (ingress: readonly object[]) =>
  `${JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'db' } }, ingress },
  })}\n---\n`

/** What becomes of a flow: `kept`, `cut`, or why nobody can tell. */
function fateOf(before: string, after: string, flow: RecordedFlow): string {
  const { cuts, unresolved, kept } = cutFlows(clusterOf(before), clusterOf(after), { flows: [flow], folded: [] })
  expect(cuts.length + unresolved.length + kept).toBe(1)
  return cuts.length > 0 ? 'cut' : (unresolved[0]?.text ?? 'kept')
}

const SHOP = deployment('web') + deployment('db')

test('of what perhaps never arrived nobody can say that it is cut', () => {
  const flow = flowOf('shop/web', 'shop/db', '5432/TCP', { unconfirmed: true })
  expect(fateOf(SHOP, SHOP + guard([]), flow)).toBe(
    'shop/web → shop/db: its receiver’s node has not told that it let it in',
  )
  expect(fateOf(SHOP, SHOP, flow)).toBe('kept')
  expect(fateOf(SHOP + guard([]), SHOP + guard([]), flow)).toBe('kept')
  expect(fateOf(SHOP, SHOP + guard([]), { ...flow, unconfirmed: false })).toBe('cut')
})

const namespace = (name: string, labels: Readonly<Record<string, string>>) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })}\n---\n`

/** Of pods in a namespace that are in neither input: their egress goes to these only. */
const theirs = (to: object, name = 'out') =>
  `${JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'monitoring' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [to] }] },
  })}\n---\n`

const TO_DB = (labels: Readonly<Record<string, string>>) => ({
  namespaceSelector: {},
  podSelector: { matchLabels: labels },
})

describe('an end that is in neither input', () => {
  const scrape = flowOf('monitoring/prometheus', 'shop/db', '9187/TCP')
  const ABSENT = 'monitoring/prometheus → shop/db: monitoring/prometheus is not in the input'
  const fromOps = guard([{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }] }])
  const monitoring = (team: string) => namespace('monitoring', { team })

  test('has its namespace relabelled: only where nobody asks for the label is it as before', () => {
    expect(fateOf(SHOP + fromOps + monitoring('ops'), SHOP + fromOps + monitoring('sre'), scrape)).toBe(ABSENT)
    expect(fateOf(SHOP + fromOps + monitoring('ops'), SHOP + fromOps + monitoring('ops'), scrape)).toBe('kept')
    expect(fateOf(SHOP + monitoring('ops'), SHOP + monitoring('sre'), scrape)).toBe('kept')
    const more = namespace('monitoring', { team: 'ops', cost: '7' })
    expect(fateOf(SHOP + fromOps + monitoring('ops'), SHOP + fromOps + more, scrape)).toBe('kept')
    // Of one that nobody declares the labels are not known, and the same.
    expect(fateOf(SHOP + fromOps, SHOP + fromOps, scrape)).toBe('kept')
    expect(fateOf(SHOP + fromOps, SHOP + fromOps + monitoring('sre'), scrape)).toBe(ABSENT)
  })

  test('may be selected by policies that name the pod here', () => {
    const [old, now] = ['1', '2'].map((version) => deployment('web') + deployment('db', { version })) as [
      string,
      string,
    ]
    const toVersion = theirs(TO_DB({ version: '1' }))
    expect(fateOf(old + toVersion, now + toVersion, scrape)).toBe(ABSENT)
    expect(fateOf(old + toVersion, old + toVersion, scrape)).toBe('kept')
    const toApp = theirs(TO_DB({ app: 'db' }))
    expect(fateOf(old + toApp, now + toApp, scrape)).toBe('kept')
    expect(fateOf(SHOP, SHOP + theirs(TO_DB({ app: 'web' })), scrape)).toBe(ABSENT)
    expect(fateOf(SHOP, SHOP + toApp, scrape)).toBe('kept')
    expect(fateOf(SHOP + toVersion, SHOP, scrape)).toBe('kept')
    // One goes that had let it out, and another stays that does not.
    const toWeb = theirs(TO_DB({ app: 'web' }), 'other')
    expect(fateOf(SHOP + toApp + toWeb, SHOP + toWeb, scrape)).toBe(ABSENT)
  })

  test('is as before where the pod here is as open to it, by whatever rule', () => {
    const narrow = guard([{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }], ports: [{ port: 9187 }] }])
    expect(fateOf(SHOP + fromOps, SHOP + narrow, scrape)).toBe('kept')
    expect(fateOf(SHOP + fromOps, SHOP + guard([]), scrape)).toBe(ABSENT)
    expect(fateOf(SHOP, SHOP + guard([{ ports: [{ port: 9187 }] }]), scrape)).toBe('kept')
    expect(fateOf(SHOP, SHOP + narrow, scrape)).toBe(ABSENT)
    const everyone = guard([
      { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }] },
    ])
    expect(fateOf(SHOP + fromOps, SHOP + everyone, scrape)).toBe('kept')
  })

  test('may have the port by a name that is asked for', () => {
    const push = flowOf('shop/web', 'monitoring/gateway', '9091/TCP')
    const toNamed = (...names: readonly string[]) =>
      `${JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          podSelector: { matchLabels: { app: 'web' } },
          policyTypes: ['Egress'],
          egress: [{ to: [{ namespaceSelector: {} }], ports: names.map((port) => ({ port })) }],
        },
      })}\n---\n`
    const PUSH = 'shop/web → monitoring/gateway: monitoring/gateway is not in the input'
    expect(fateOf(SHOP + toNamed('push', 'other'), SHOP + toNamed('push', 'other', 'third'), push)).toBe('kept')
    expect(fateOf(SHOP + toNamed('push', 'other'), SHOP + toNamed('push'), push)).toBe(PUSH)
  })

  test('whose namespace nobody knows may be in each of them', () => {
    const gone = flowOf('gone 10.244.3.9', 'shop/db', '9187/TCP')
    const GONE = '10.244.3.9 → shop/db: who had that address has gone'
    const toWeb = theirs(TO_DB({ app: 'web' }))
    expect(fateOf(SHOP, SHOP + toWeb, gone)).toBe(GONE)
    expect(fateOf(SHOP + toWeb, SHOP + toWeb, gone)).toBe('kept')
    expect(fateOf(SHOP + fromOps + monitoring('ops'), SHOP + fromOps + monitoring('sre'), gone)).toBe(GONE)
  })
})

test('a flow of which nobody knows who asked is kept where neither end has changed', () => {
  const flow = flowOf('shop/web', 'shop/db', '20007/UDP', { direction: 'unknown' })
  const UNKNOWN = 'shop/web → shop/db: which end asked is not known'
  expect(fateOf(SHOP, SHOP + deployment('idle'), flow)).toBe('kept')
  expect(fateOf(SHOP, SHOP + guard([{}]), flow)).toBe(UNKNOWN)
  expect(fateOf(SHOP, deployment('web') + deployment('db', { version: '2' }), flow)).toBe(UNKNOWN)
})
