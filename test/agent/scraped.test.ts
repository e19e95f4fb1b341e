import { expect, test } from 'vitest'
import { createScraped } from '../../src/agent/scraped.ts'

function scrapedWithHand() {
  const reads: { resolve(value: number | undefined): void; reject(error: Error): void }[] = []
  const clock = { now: 0 }
  const scraped = createScraped<number>({
    read: () => new Promise((resolve, reject) => reads.push({ resolve, reject })),
    now: () => clock.now,
    freshMilliseconds: 100,
    patienceMilliseconds: 20,
  })
  return { scraped, reads, clock }
}

test('who asks together reads once, and what is fresh is not read again', async () => {
  const { scraped, reads, clock } = scrapedWithHand()
  const asked = [scraped.refresh(), scraped.refresh()]
  reads[0]?.resolve(7)
  await Promise.all(asked)
  expect(scraped.value).toBe(7)
  clock.now = 99
  await scraped.refresh()
  expect(reads).toHaveLength(1)
  clock.now = 100
  const again = scraped.refresh()
  expect(reads).toHaveLength(2)
  reads[1]?.resolve(8)
  await again
  expect(scraped.value).toBe(8)
})

test('nobody waits for a read that takes too long; it counts for whoever asks next', async () => {
  const { scraped, reads, clock } = scrapedWithHand()
  await scraped.refresh()
  expect(scraped.value).toBeUndefined()
  clock.now = 1_000
  const second = scraped.refresh()
  expect(reads).toHaveLength(1)
  reads[0]?.resolve(9)
  await second
  expect(scraped.value).toBe(9)
})

test('a read that fails makes the value unknown, and fails nobody', async () => {
  const { scraped, reads, clock } = scrapedWithHand()
  const first = scraped.refresh()
  reads[0]?.resolve(1)
  await first
  clock.now = 200
  const second = scraped.refresh()
  reads[1]?.reject(new Error('no'))
  await second
  expect(scraped.value).toBeUndefined()
})
