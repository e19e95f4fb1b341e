/**
 * Up to `limit` different numbers below `size`, spread over all of them and always the same: multiples of the golden section,
 * so that no dimension of a flattened product is left out as a plain stride would.
 */
export function spread(size: number, limit: number): readonly number[] {
  if (size <= limit) return Array.from({ length: size }, (_, index) => index)
  const numbers = new Set<number>()
  // Multiples lie so evenly that every number is met long before four times `size` of them.
  for (let index = 0; numbers.size < limit && index < 4 * size; index += 1) {
    numbers.add(Math.floor(((index * GOLDEN) % 1) * size))
  }
  return [...numbers]
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
