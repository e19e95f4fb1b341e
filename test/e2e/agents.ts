import { execa } from 'execa'
import type { Json, Kubectl } from './kubectl.ts'
import { type PodObject, runningPods } from './pods.ts'
import type { World } from './world.ts'

export const AGENT_LABEL = 'app.kubernetes.io/name=selvedge'
/** Words of kubectl that name it. */
export const DAEMON_SET = ['-n', 'kube-system', 'daemonset/selvedge']

export async function agentPods(kubectl: Kubectl): Promise<readonly PodObject[]> {
  return runningPods(kubectl, 'kube-system', AGENT_LABEL)
}

/** What a command of the program says in an agent's pod, and how it ends. */
export async function inAgent(
  { file, kubeconfig }: Kubectl,
  pod: string,
  words: readonly string[],
): Promise<{ readonly exitCode: number; readonly text: string }> {
  const exec = ['--kubeconfig', kubeconfig, '-n', 'kube-system', 'exec', pod, '-c', 'agent', '--', '/usr/bin/selvedge']
  const { exitCode, all } = await execa(file, [...exec, ...words], { reject: false, all: true, timeout: 60_000 })
  return { exitCode: exitCode ?? -1, text: all }
}

/** To the agents of all nodes; needs the command of nodes. */
export async function signalAgents({ onNode, nodes }: World, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
  for (const node of nodes) {
    const found = (await onNode?.(node, ['pgrep', '-f', '/usr/bin/selvedge agent'])) ?? ''
    // The command that looks may find itself, by then gone.
    for (const id of found.split(/\s+/)) await onNode?.(node, ['kill', `-${signal}`, id]).catch(() => {})
  }
}

export async function deletePod(kubectl: Kubectl, { metadata }: PodObject): Promise<Json> {
  return kubectl.request('DELETE', `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`)
}
