import type { Diagnostic } from './diagnostic.ts'
import type { Place } from './place.ts'
import { isPolicyOfOtherEngine } from './other-engines.ts'
import { quote } from './quote.ts'

/** Counts the objects of kinds that mean nothing here, so that a chart of hundreds makes a line for each kind. */
export interface SkippedKinds {
  add(apiVersion: string, kind: string, place: Place | undefined): void
  notes(): readonly Diagnostic[]
}

export function createSkippedKinds(): SkippedKinds {
  const kinds = new Map<string, { apiVersion: string; kind: string; count: number; place: Place | undefined }>()
  return {
    add: (apiVersion, kind, place) => {
      const key = `${apiVersion}\0${kind}`
      const skipped = kinds.get(key)
      if (skipped === undefined) kinds.set(key, { apiVersion, kind, count: 1, place })
      else skipped.count += 1
    },
    notes: () =>
      [...kinds.values()].map(({ apiVersion, kind, count, place }) => {
        const objects = count === 1 ? 'one object' : `${count} objects`
        const problem = `${objects} of kind ${quote(kind)} (${quote(apiVersion)}) skipped`
        if (isPolicyOfOtherEngine(apiVersion, kind)) {
          const hint = 'the answer does not count the policies of other engines'
          return { severity: 'warning', code: 'other-engine', problem, hint, place }
        }
        return { severity: 'note', code: 'skipped-kind', problem, hint: '', place }
      }),
  }
}
