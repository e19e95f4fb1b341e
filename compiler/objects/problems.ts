import type { DecodeContext, PlacePart } from './decode-context.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FieldPath } from './field-path.ts'

/** One thing wrong with one field. */
export interface Problem {
  readonly code: string
  readonly path: FieldPath
  /** What is wrong, the field's path included. */
  readonly text: string
  readonly hint?: string
  /** Which part of the field to point at; its value unless told. */
  readonly part?: PlacePart
}

/** Collects the problems of one object, or of a part of it that can be refused by itself. */
export interface Problems {
  readonly context: DecodeContext
  /** Something the API server accepts and the author may not mean. */
  warn(problem: Problem): void
  /** Something the API server refuses, which leaves the meaning of the rest clear. */
  tell(problem: Problem): void
  /** Something the API server refuses, and without which this part has no meaning. */
  refuse(problem: Problem): void
  /** The first refused problem's text; undefined while the part can be used. */
  refusal(): string | undefined
  /** How many problems were refused so far: a reader of one field sees from it whether that field is among them. */
  refusals(): number
  /** A part of the same object with a refusal of its own. */
  part(): Problems
}

/** Problems of the object that `nameObject` names (asked only when there is something to report). */
export function createProblems(context: DecodeContext, nameObject: () => string): Problems {
  let refusal: string | undefined
  let refusals = 0
  const report = (severity: Diagnostic['severity'], { code, path, text, hint = '', part }: Problem): void => {
    const place = context.place(path, part)
    context.report({ severity, code, problem: text, hint, place, object: nameObject() })
  }
  return {
    context,
    warn: (problem) => report('warning', problem),
    tell: (problem) => report('error', problem),
    refuse: (problem) => {
      refusal ??= problem.text
      refusals += 1
      report('error', problem)
    },
    refusal: () => refusal,
    refusals: () => refusals,
    part: () => createProblems(context, nameObject),
  }
}
