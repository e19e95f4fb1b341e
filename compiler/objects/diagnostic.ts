import { formatPlace, type Place } from './place.ts'

/**
 * Something to tell the author of an input. An `error` means that the API server would refuse the object;
 * a `warning` that it takes it but the author may mean something else; a `note` that we passed it over.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'note'
  /** Stable, kebab-case: what a test or a tool can match on. */
  readonly code: string
  /** What is wrong, in the API server's own terms, with the field's path first where there is one. */
  readonly problem: string
  /** What to do about it; empty when the problem says it all. */
  readonly hint: string
  readonly place?: Place | undefined
  /** The object it is about, as `kind namespace/name`, when known. */
  readonly object?: string | undefined
}

/** One line: `file:line:column: problem; hint` (an object from the API has no place and goes by its name). */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const where = diagnostic.place ? formatPlace(diagnostic.place) : (diagnostic.object ?? '')
  const severity = diagnostic.severity === 'error' ? '' : `${diagnostic.severity}: `
  const text = diagnostic.hint === '' ? diagnostic.problem : `${diagnostic.problem}; ${diagnostic.hint}`
  return where === '' ? severity + text : `${where}: ${severity}${text}`
}
