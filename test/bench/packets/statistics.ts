/** The value below which this part (0–1) of the values lies; between two values, in proportion. Throws on an empty list. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const place = (sorted.length - 1) * part
  const [lower, upper] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (lower === undefined || upper === undefined) throw new Error('a quantile of nothing')
  return lower + (upper - lower) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
