/** No change waits longer for what is worth keeping. */
const PATIENCE_MILLISECONDS = 1_000

/** Was all read that the kernel is about to forget? After a second it was not, and the reading goes on. */
export async function keepInTime(reading: Promise<boolean>): Promise<boolean> {
  const over = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => over.resolve(false), PATIENCE_MILLISECONDS)
  const isRead = await Promise.race([reading.catch(() => false), over.promise])
  clearTimeout(timer)
  return isRead
}
