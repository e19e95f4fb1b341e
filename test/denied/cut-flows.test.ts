import { expect, test } from 'vitest'
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
