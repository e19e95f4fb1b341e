import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKubernetesSource } from '../../../src/sources/kubernetes/create-kubernetes-source.ts'
import { kubeconfigText } from '../../support/kubeconfig-text.ts'
import { bookmarkLine, eventLine, type FakeObject } from './fake-objects.ts'

/**
 * What many pods cost: `node --expose-gc test/sources/kubernetes/measure.ts [pods] [stream|list]`. The server is a process
 * of its own; it sends pods of 8 kB, twenty of each ReplicaSet, then 20,000 updates of status that change nothing.
 */
const [, , countText = '100000', how = 'stream'] = process.argv
const count = Number(countText)
const UPDATES = 20_000

/** As the API server sends them: most of it is managedFields, environment and conditions. */
function realisticPod(index: number, version: number): FakeObject {
  const set = Math.floor(index / 20)
  const hash = (set * 2654435761).toString(16).slice(0, 9)
  const labels = { app: `app-${set}`, 'pod-template-hash': hash, 'app.kubernetes.io/instance': `release-${set}` }
  const ip = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `app-${set}-${hash}-${index.toString(36)}`,
      namespace: `team-${set % 200}`,
      uid: `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
      resourceVersion: String(version),
      creationTimestamp: `2026-01-01T00:00:${String(index % 60).padStart(2, '0')}Z`,
      labels,
      ownerReferences: [{ kind: 'ReplicaSet', name: `app-${set}-${hash}`, controller: true, uid: 'x' }],
      managedFields: Array.from({ length: 60 }, (_, field) => ({
        manager: 'kubelet',
        fieldsV1: { [`f:field-${field}`]: { 'f:value': {} } },
      })),
    },
    spec: {
      nodeName: `node-${index % 1000}`,
      containers: ['main', 'proxy'].map((name) => ({
        name,
        image: `registry.example/team/${name}:1.2.3`,
        ports: name === 'main' ? [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] : [],
        env: Array.from({ length: 20 }, (_, variable) => ({
          name: `VARIABLE_${variable}`,
          value: `value-${variable}-of-${set}`,
        })),
      })),
    },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: Array.from({ length: 6 }, (_, at) => ({
        type: `Type${at}`,
        status: 'True',
        lastTransitionTime: `${version}`,
      })),
    },
  }
}

async function serve(): Promise<void> {
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://x')
      const write = async (text: string): Promise<void> => {
        if (!response.write(text)) await new Promise((resolve) => response.once('drain', resolve))
      }
      const pods = url.pathname.endsWith('/pods')
      const initial = url.searchParams.has('sendInitialEvents')
      if (initial && how === 'list') return void response.writeHead(422).end()
      if (!url.searchParams.has('watch')) {
        await write('{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"200000"},"items":[')
        for (let index = 0; pods && index < count; index += 1) {
          await write((index === 0 ? '' : ',') + JSON.stringify(realisticPod(index, 100_000 + index)))
        }
        return void response.end(']}')
      }
      response.flushHeaders()
      if (initial) {
        for (let index = 0; pods && index < count; index += 1)
          await write(eventLine('ADDED', realisticPod(index, 100_000 + index)))
        await write(bookmarkLine('200000', true))
      }
      if (!pods) return
      await new Promise((resolve) => process.once('message', resolve))
      for (let update = 0; update < UPDATES; update += 1)
        await write(eventLine('MODIFIED', realisticPod(update % count, 300_000 + update)))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.send?.((server.address() as AddressInfo).port)
  process.once('disconnect', () => process.exit())
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), [countText, how, 'serve'])
  const port = await new Promise<number>(
    (resolve) => void server.once('message', (message) => resolve(message as number)),
  )
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-measure-'))
  writeFileSync(join(folder, 'config'), kubeconfigText(`http://127.0.0.1:${port}`, {}))
  const heap = (): number => (globalThis.gc?.(), globalThis.gc?.(), process.memoryUsage().heapUsed)
  const cpu = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000
  await import('@kubernetes/client-node/dist/config.js')
  const [heapBefore, cpuBefore, begun, bareMemory] = [heap(), cpu(), performance.now(), process.memoryUsage.rss()]
  const source = createKubernetesSource({ kubeconfig: join(folder, 'config'), startJitterSeconds: 0, nodeName: 'n' })
  let told = 0
  const synced = Promise.withResolvers<void>()
  source.start({
    changes: (changes) => {
      told += changes.length
    },
    synced: synced.resolve,
    problems: (of, diagnostics) => console.log(of, diagnostics),
  })
  await synced.promise
  const row = (what: string, value: number, unit: string): void =>
    console.log(`${what.padEnd(34)} ${value.toFixed(1).padStart(9)} ${unit}`)
  row(`first sync of ${count} pods (${how})`, (performance.now() - begun) / 1000, 's')
  row('CPU per pod of it', ((cpu() - cpuBefore) / count) * 1000, 'µs')
  row('heap per pod', (heap() - heapBefore) / count, 'B')
  row('resident before', bareMemory / 2 ** 20, 'MiB')
  row('highest resident', process.resourceUsage().maxRSS / 1024, 'MiB')
  row('resident after it', process.memoryUsage.rss() / 2 ** 20, 'MiB')
  await new Promise((resolve) => setTimeout(resolve, 500))
  const cpuEvents = cpu()
  server.send('go')
  while (
    source.status().streams.find(({ name }) => name === 'pods')?.resourceVersion !== String(300_000 + UPDATES - 1)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  row('CPU per event that changes nothing', ((cpu() - cpuEvents) / UPDATES) * 1000, 'µs')
  row('changes told', told, '')
  await source.stop()
  server.disconnect()
  rmSync(folder, { recursive: true })
}

await (process.argv[4] === 'serve' ? serve() : measure())
