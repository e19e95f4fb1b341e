import type { Finding } from '../../compiler/lint/lint-cluster.ts'
import { formatPlace } from '../../compiler/objects/place.ts'

/** `file:line:column: severity: message; hint [rule]`, a line each, as compilers do. */
export function lintText(findings: readonly Finding[]): string {
  return findings
    .map(({ place, object, severity, message, hint, rule }) => {
      const [where, what] =
        place === undefined ? [object, ''] : [formatPlace(place), `${object.replace(/^NetworkPolicy /, '')} `]
      return `${where}: ${severity}: ${what}${message}; ${hint} [${rule}]\n`
    })
    .join('')
}
