const MOST_NAMES = 5

/** Names in a line of words: the first few, and how many more there are. */
export function fewNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ')
}
