import { serveStatus } from '../../src/telemetry/status-socket.ts'
import { sampleStatus } from './sample-status.ts'

// A program for tests that need an agent of its own process, to kill. Says `serving` once it does.
const [path = ''] = process.argv.slice(2)
const nothing = () => Promise.resolve(undefined)
await serveStatus({
  path,
  answers: {
    status: () => sampleStatus({ pid: process.pid }),
    denied: nothing,
    flows: nothing,
    audit: nothing,
    rules: nothing,
  },
})
process.stdout.write('serving\n')
