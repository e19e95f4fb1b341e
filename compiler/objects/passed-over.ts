import type { Diagnostic } from './diagnostic.ts'
import type { NotAnObject } from './not-an-object.ts'
import type { Place } from './place.ts'
import { quote } from './quote.ts'

/** Gathers what is no object of Kubernetes, so that a repository of hundreds makes a line for each sort. */
export interface PassedOver {
  /** `withPolicies`: it is a template, and policies will come of it. */
  add(what: NotAnObject, place: Place | undefined, withPolicies?: boolean): void
  notes(): readonly Diagnostic[]
}

interface Group {
  readonly what: NotAnObject
  readonly withPolicies: boolean
  readonly places: Place[]
}

/** So many files are named; the rest is counted. */
const MOST_NAMED = 5

export function createPassedOver(): PassedOver {
  const groups = new Map<string, Group>()
  return {
    add: (what, place, withPolicies = false) => {
      if (place === undefined) return
      const key = `${what} ${withPolicies}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { what, withPolicies, places: [place] })
      else if (group.places.at(-1)?.file !== place.file) group.places.push(place)
    },
    notes: () => [...groups.values()].map(noteOn),
  }
}

function noteOn({ what, withPolicies, places }: Group): Diagnostic {
  const [place = { file: '', line: 1, column: 1 }, ...rest] = places
  const named = rest.slice(0, MOST_NAMED).map(({ file }) => file)
  if (rest.length > MOST_NAMED) named.push(`${rest.length - MOST_NAMED} more`)
  const others = named.length === 0 ? '' : `; so are ${named.join(', ')}`
  const problem = `${NAMES[what]}${withPolicies ? ' with NetworkPolicies' : ''}: passed over${others}`
  const severity = withPolicies ? 'warning' : 'note'
  return { severity, code: 'passed-over', problem, hint: renderingHint(what, place.file), place }
}

const NAMES: Readonly<Record<NotAnObject, string>> = {
  kustomization: 'a kustomization',
  chart: 'a Helm chart',
  template: 'a template (it has {{ }}, as Helm charts have)',
  other: 'no Kubernetes object',
}

/** What makes objects of it; empty where nothing does. */
export function renderingHint(what: NotAnObject, file: string): string {
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), 0)) || '.'
  switch (what) {
    case 'kustomization':
      return `what it changes is not in the answer: kubectl kustomize ${word(folder)} | selvedge ... -f -`
    case 'chart':
      return `what it makes is not in the answer: helm template ${word(folder)} | selvedge ... -f -`
    case 'template': {
      const chart = /^(.*?)\/?templates(?:\/.*)?$/s.exec(folder)?.[1] ?? folder
      return `render it: helm template ${word(chart || '.')} | selvedge ... -f -`
    }
    case 'other':
      return ''
  }
}

/** A path as one word of a shell. */
function word(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : quote(path)
}
