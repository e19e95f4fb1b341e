import type { DecodeContext } from './decode-context.ts'
import type { ClusterObject } from './objects.ts'
import { createProblems } from './problems.ts'
import { quote } from './quote.ts'
import { recogniseObject } from './recognise-object.ts'

/**
 * Any JSON-like value as the object that it describes, trimmed. Never throws: every problem is reported. Undefined for
 * what is no object of a kind that we know (a note), or cannot be named or placed (errors). An object that decodes may
 * still have had errors: commands that read files then refuse the input, the agent goes on with what is left of it.
 */
export function decodeObject(value: unknown, context: DecodeContext): ClusterObject | undefined {
  const recognised = recogniseObject(value)
  switch (recognised.is) {
    case 'known':
      return recognised.known.decode?.(recognised.fields, context)
    case 'wrong': {
      const problems = createProblems(context, () => '')
      for (const problem of recognised.problems) problems.refuse(problem)
      return undefined
    }
    case 'unknown': {
      const problem = `kind ${quote(recognised.kind)} of ${quote(recognised.apiVersion)} is skipped`
      context.report({ severity: 'note', code: 'skipped-kind', problem, hint: '', place: context.place([]) })
      return undefined
    }
  }
}
