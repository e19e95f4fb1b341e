import fc from 'fast-check'

/** Now and then null, which the API reads as missing. */
export function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
}

/** An object of which any field may be missing, one in six is; a field's own arbitrary says how often it is null. */
export function partial<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  const names = Object.keys(fields) as (keyof T & string)[]
  const values = names.map((name) =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 5, arbitrary: fields[name].map((value) => [[name, value] as const]) },
    ),
  )
  return fc.tuple(...values).map((entries) => Object.fromEntries(entries.flat()) as Partial<T>)
}

/** An object with all of its fields. */
export function whole<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true })
}
