import { type Diagnostic, formatDiagnostic } from '../../../compiler/objects/diagnostic.ts'

/** Where a problem comes from: each of these is found anew by itself. */
export type ProblemLayer = 'access' | 'motion' | 'content' | 'names'

/** What stands of problems, and what the listener has been told of them. */
export interface ToldProblems {
  /** All problems of one layer of a file or an object. */
  set(layer: ProblemLayer, of: string, diagnostics: readonly Diagnostic[]): void
  /** All problems of a layer; what is not named here has none. */
  replace(layer: ProblemLayer, problems: ReadonlyMap<string, readonly Diagnostic[]>): void
  /** What is different from what was last told. */
  news(): ReadonlyMap<string, readonly Diagnostic[]>
}

/** Nobody reads on after so many of one file; a log that holds them all is a problem of its own. */
const MOST = 100

export function createToldProblems(): ToldProblems {
  const layers: Readonly<Record<ProblemLayer, Map<string, readonly Diagnostic[]>>> = {
    access: new Map(),
    motion: new Map(),
    content: new Map(),
    names: new Map(),
  }
  const told = new Map<string, string>()
  const touched = new Set<string>()

  function set(layer: ProblemLayer, of: string, diagnostics: readonly Diagnostic[]): void {
    touched.add(of)
    if (diagnostics.length === 0) layers[layer].delete(of)
    else layers[layer].set(of, diagnostics)
  }

  return {
    set,

    replace(layer, problems) {
      for (const of of layers[layer].keys()) if (!problems.has(of)) set(layer, of, [])
      for (const [of, diagnostics] of problems) set(layer, of, diagnostics)
    },

    news() {
      const news = new Map<string, readonly Diagnostic[]>()
      for (const of of touched) {
        const all = atMost(Object.values(layers).flatMap((layer) => layer.get(of) ?? []))
        const text = all.map((diagnostic) => `${diagnostic.severity} ${formatDiagnostic(diagnostic)}`).join('\n')
        if (text === (told.get(of) ?? '')) continue
        if (text === '') told.delete(of)
        else told.set(of, text)
        news.set(of, all)
      }
      touched.clear()
      return news
    },
  }
}

function atMost(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= MOST) return diagnostics
  const problem = `${diagnostics.length - MOST} more problems`
  return [...diagnostics.slice(0, MOST), { severity: 'note', code: 'more-problems', problem, hint: '' }]
}
