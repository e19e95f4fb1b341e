/** A number of the packet, and its text as sets use it. */
export interface Value {
  readonly number: bigint
  readonly key: string
}

/** The text by which a set finds a number. */
export function keyOf(number: bigint): string {
  return number.toString(16)
}

/** Throws when the number is not a whole one from 0 to `highest`. */
export function numberValue(number: number, highest: number): Value {
  if (!Number.isInteger(number) || number < 0 || number > highest) throw new Error(`${number} is not in 0-${highest}`)
  const value = BigInt(number)
  return { number: value, key: keyOf(value) }
}
