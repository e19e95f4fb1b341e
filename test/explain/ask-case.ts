import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { suggestFor } from '../../compiler/explain/suggest-for.ts'
import { explanationText } from '../../src/views/explanation-text.ts'
import { clusterOf } from './cluster-of.ts'

export interface CaseAnswer {
  /** As the command's: 0 allowed, 1 denied, 2 no answer. */
  readonly exit: 0 | 1 | 2
  /** What it prints, on lines of any length; or the problem and its hint. */
  readonly text: string
}

/** A question about a text of manifests, as the command would answer it. */
export function askText(manifests: string, from: string, to: string, port: string, namespace = 'shop'): CaseAnswer {
  const answer = answerQuestion(clusterOf(manifests), { from, to, port, namespace })
  if (answer.kind === 'problem') return { exit: 2, text: `${answer.problem}; ${answer.hint}` }
  const text = explanationText(answer, suggestFor(answer), { color: false, width: 1000 })
  return { exit: answer.allowed ? 0 : 1, text }
}

/** The same about a file of `cases/`. */
export function askCase(name: string, from: string, to: string, port: string, namespace?: string): CaseAnswer {
  const file = join(import.meta.dirname, 'cases', `${name}.yaml`)
  return askText(readFileSync(file, 'utf8'), from, to, port, namespace)
}
