import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'

/** Which objects of one kind have problems now; tells only what is new. */
export interface ProblemBook {
  /** All problems of an object at this moment. */
  set(of: string, diagnostics: readonly Diagnostic[]): void
  /** These are the only objects with problems. */
  replace(all: ReadonlyMap<string, readonly Diagnostic[]>): void
}

export function createProblemBook(tell: (of: string, diagnostics: readonly Diagnostic[]) => void): ProblemBook {
  const known = new Map<string, string>()

  function set(of: string, diagnostics: readonly Diagnostic[]): void {
    // Nearly every object: not a word about it, and nothing to forget.
    if (diagnostics.length === 0 && !known.has(of)) return
    const text = JSON.stringify(diagnostics)
    if (known.get(of) === text) return
    if (diagnostics.length === 0) known.delete(of)
    else known.set(of, text)
    tell(of, diagnostics)
  }

  return {
    set,
    replace(all) {
      for (const of of known.keys()) if (!all.has(of)) set(of, [])
      for (const [of, diagnostics] of all) set(of, diagnostics)
    },
  }
}
