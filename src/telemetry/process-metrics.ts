import Counter from '@prometheus-io/client/lib/counter.js'
import Gauge from '@prometheus-io/client/lib/gauge.js'
import type Registry from '@prometheus-io/client/lib/registry.js'

/**
 * Memory, CPU and start time under our own names. The client's default metrics stay out: a hundred series on every node,
 * and a histogram of the event loop that costs CPU while nobody looks.
 */
export function registerProcessMetrics(registry: Registry): void {
  const registers = [registry]
  new Gauge({
    name: 'selvedge_process_resident_memory_bytes',
    help: 'Resident memory of the agent.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Counter({
    name: 'selvedge_process_cpu_seconds_total',
    help: 'CPU time of the agent, without the runs of nft.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  const startedAt = Date.now() / 1000 - process.uptime()
  new Gauge({
    name: 'selvedge_process_start_time_seconds',
    help: 'When the agent started, in seconds since the epoch.',
    registers,
    collect() {
      this.set(startedAt)
    },
  })
}
