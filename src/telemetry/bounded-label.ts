/** A label value that can take only so many values: the first ones seen stand for themselves, the rest is `other`. */
export function createBoundedLabel(most = 32): (value: string) => string {
  const seen = new Set<string>()
  return (value) => {
    if (seen.has(value)) return value
    if (seen.size >= most) return 'other'
    seen.add(value)
    return value
  }
}
