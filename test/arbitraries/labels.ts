import fc from 'fast-check'
import type { RawLabels } from '../oracle/raw-cluster.ts'
import { orNull, partial } from './optional.ts'

/** Few keys with few values, so that selectors and labels meet. */
export type LabelUniverse = Readonly<Record<string, readonly string[]>>

export const POD_LABELS: LabelUniverse = { app: ['a', 'b', ''], tier: ['front', 'back'], 'example.com/zone': ['1'] }

export const NAMESPACE_LABELS: LabelUniverse = { team: ['a', 'b', ''] }

/** Labels from a universe, any of them missing; sometimes null. */
export function labels(universe: LabelUniverse): fc.Arbitrary<RawLabels | null> {
  const fields = Object.entries(universe).map(([key, values]) => [key, fc.constantFrom(...values)] as const)
  return orNull(partial<Record<string, string>>(Object.fromEntries(fields)) as fc.Arbitrary<RawLabels>)
}
