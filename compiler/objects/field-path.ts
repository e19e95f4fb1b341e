import { printable } from './quote.ts'

/** The way from an object's root to a field: keys of mappings and positions in lists. */
export type FieldPath = readonly (string | number)[]

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** As the API server cites fields: `spec.ingress[0].ports[1].port`, `metadata.labels[example.com/tier]`. */
export function formatFieldPath(path: FieldPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!PLAIN_KEY.test(step)) text += `[${printable(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}
