/** A value that costs something to read, read only when somebody asks, and not more often than it is worth. */
export interface Scraped<Value> {
  /** Resolves when the value is as new as wanted, or when waiting longer is not worth it. Never rejects. */
  refresh(): Promise<void>
  /** As it was last read; undefined: never, or in vain. */
  readonly value: Value | undefined
}

export interface ScrapedOptions<Value> {
  /** Undefined: it cannot be read now. */
  readonly read: () => Promise<Value | undefined>
  readonly now: () => number
  /** A value younger than this is not read again. */
  readonly freshMilliseconds: number
  /** Whoever asks is not held up for longer; what is read then counts for the next one. */
  readonly patienceMilliseconds: number
}

export function createScraped<Value>(options: ScrapedOptions<Value>): Scraped<Value> {
  const { read, now, freshMilliseconds, patienceMilliseconds } = options
  let value: Value | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  async function readAnew(): Promise<void> {
    value = await read().catch(() => undefined)
    readAt = now()
    reading = undefined
  }

  return {
    async refresh() {
      if (now() - readAt < freshMilliseconds) return
      reading ??= readAnew()
      const over = Promise.withResolvers<void>()
      const timer = setTimeout(over.resolve, patienceMilliseconds)
      await Promise.race([reading, over.promise])
      clearTimeout(timer)
    },
    get value() {
      return value
    },
  }
}
