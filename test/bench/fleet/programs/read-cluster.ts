import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createKubernetesSource } from '../../../../src/sources/kubernetes/create-kubernetes-source.ts'
import type { Source } from '../../../../src/sources/source.ts'

/*
 * So many sources of the agent, each as on a node of its own, without what an agent does with it. A line `{"start": N}` makes
 * them N more, `{"stop": true}` ends all; each line, `{}` too, is answered by how they stand. Ends with its standard input.
 */

const { kubeconfig, name } = JSON.parse(process.argv[2] ?? '{}') as { kubeconfig: string; name: string }
const sources: Source[] = []
let [synced, changes] = [0, 0]

function startOne(): void {
  const nodeName = `${name}-${sources.length}`
  const source = createKubernetesSource({ kubeconfig, context: undefined, startJitterSeconds: 0, nodeName })
  sources.push(source)
  source.start({
    changes: (list) => void (changes += list.length),
    synced: () => void (synced += 1),
    problems: () => undefined,
  })
}

/** All that this process has read, files and sockets alike, with TLS as it came. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
}

for await (const line of createInterface({ input: process.stdin })) {
  const { start = 0, stop = false } = JSON.parse(line) as { start?: number; stop?: boolean }
  for (let count = 0; count < start; count += 1) startOne()
  if (stop) {
    await Promise.all(sources.map((source) => source.stop()))
    sources.length = 0
    synced = 0
  }
  process.stdout.write(`${JSON.stringify({ synced, changes, bytes: bytesRead() })}\n`)
}
