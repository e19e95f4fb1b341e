/** The candidate that `word` is most likely a misspelling of; undefined when none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  // The distance of long words costs their product, and no field that we know is that long.
  if (word.length > 40) return undefined
  let nearest: string | undefined
  let smallest = Math.min(2, Math.floor(word.length / 2)) + 1
  for (const candidate of candidates) {
    // Of thousands of candidates most are longer or shorter by more than that.
    if (Math.abs(candidate.length - word.length) >= smallest) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < smallest) {
      nearest = candidate
      smallest = distance
    }
  }
  return nearest
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let beforePrevious: readonly number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    let before = row
    for (let column = 1; column <= right.length; column++) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1
      let distance = Math.min(at(previous, column) + 1, before + 1, at(previous, column - 1) + cost)
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (row > 1 && column > 1 && isSwap) distance = Math.min(distance, at(beforePrevious, column - 2) + 1)
      current.push(distance)
      before = distance
    }
    beforePrevious = previous
    previous = current
  }
  return at(previous, right.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
