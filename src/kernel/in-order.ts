/** A queue of one: what is given to it runs in the order it came, each when the one before has ended, however it did. */
export function createInOrder(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next
    return next
  }
}
