const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const pending = new Set<() => void>()

/**
 * Runs `task` (synchronous) when the process exits or is told to, unless taken back by the function returned.
 * With no other listener for the signal, the process then ends by it, as it would have without us.
 */
export function cleanUpOnExit(task: () => void): () => void {
  if (pending.size === 0) listen()
  pending.add(task)
  return () => {
    pending.delete(task)
    if (pending.size === 0) stopListening()
  }
}

function runAll(): void {
  for (const task of pending) task()
  pending.clear()
}

function onSignal(signal: NodeJS.Signals): void {
  runAll()
  stopListening()
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function listen(): void {
  process.on('exit', runAll)
  for (const signal of SIGNALS) process.on(signal, onSignal)
}

function stopListening(): void {
  process.off('exit', runAll)
  for (const signal of SIGNALS) process.off(signal, onSignal)
}
