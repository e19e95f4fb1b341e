// For `node --import`: the wall clock jumps at each SIGUSR2, a year ahead, a year back, and to where it belongs. What
// never jumps on a real machine (performance.now, timers) does not here either.
const YEAR = 365 * 24 * 3600 * 1000
const OFFSETS = [YEAR, -YEAR, 0]
const RealDate = Date
const now = Date.now.bind(Date)
let offset = 0
let jumps = 0

class JumpingDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(now() + offset)
    else super(...(given as [number]))
  }
  static override now(): number {
    return now() + offset
  }
}

globalThis.Date = JumpingDate as DateConstructor
process.on('SIGUSR2', () => {
  offset = OFFSETS[jumps % OFFSETS.length] ?? 0
  jumps += 1
})
