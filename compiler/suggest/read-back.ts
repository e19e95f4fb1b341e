import { formatDiagnostic } from '../objects/diagnostic.ts'
import type { Policy } from '../objects/objects.ts'
import { readObjects } from '../objects/read-objects.ts'

/** The policies of a text that we wrote, read as anybody's file would be, and taken as enforced: what is printed is what is tried. */
export function readBack(text: string): readonly Policy[] {
  const { objects, diagnostics } = readObjects([{ file: 'suggestion', text }], { defaultNamespace: 'default' })
  const wrong = diagnostics.filter(({ severity }) => severity !== 'note')
  if (wrong.length > 0) throw new Error(`a suggestion cannot be read back: ${wrong.map(formatDiagnostic).join('; ')}`)
  return objects.flatMap((one) => (one.kind === 'NetworkPolicy' ? [{ ...one, mode: 'enforce' as const }] : []))
}
