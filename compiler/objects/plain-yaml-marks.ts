/** Where the parts of mappings and lists are written, by the values that stand for them. */
export type Marks = Map<object, PlainMarks>

/** By key or index: `at` where the value starts, unless it starts on a line below its key; `keys` where its key does. */
export interface PlainMarks {
  readonly at: Map<string | number, number>
  readonly keys: Map<string, number>
}

export function createMarks(marks: Marks | undefined, value: object): PlainMarks | undefined {
  if (marks === undefined) return undefined
  const mark = { at: new Map<string | number, number>(), keys: new Map<string, number>() }
  marks.set(value, mark)
  return mark
}
