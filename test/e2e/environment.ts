import { agentPods, inAgent } from './agents.ts'
import type { World } from './world.ts'

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
    readonly status: {
      readonly nodeInfo: {
        readonly kubeletVersion: string
        readonly containerRuntimeVersion: string
        readonly kernelVersion: string
        readonly osImage: string
      }
    }
  }[]
}

/** What the verdicts below are worth: versions and modes, a line each. */
export async function describeCluster(world: World): Promise<string> {
  const { kubectl } = world
  const { items } = (await kubectl.request('GET', '/api/v1/nodes')) as unknown as Nodes
  const [first] = items
  const info = first?.status.nodeInfo
  const [agent] = await agentPods(kubectl)
  const version = agent === undefined ? '' : (await inAgent(kubectl, agent.metadata.name, ['--version'])).text
  const flannel = first?.metadata.annotations['flannel.alpha.coreos.com/backend-type'] ?? 'unknown'
  return [
    `Kubernetes ${info?.kubeletVersion}, ${info?.containerRuntimeVersion}, kernel ${info?.kernelVersion}, ${info?.osImage}`,
    `Flannel ${flannel}, kube-proxy ${await proxyMode(world)}, ${world.families.join(' and ')}, ${items.length} nodes`,
    `Selvedge ${version} (${world.image}); on the host: ${await hostNft(world)}`,
  ].join('\n')
}

/** kube-proxy says its mode on the loopback address of its node. */
async function proxyMode({ kubectl, place }: World): Promise<string> {
  const { namespace, podName } = place('hosts/one')
  const script = `fetch('http://127.0.0.1:10249/proxyMode').then((r)=>r.text()).then(console.log,()=>console.log('mode unknown'))`
  return (await kubectl.run(['-n', namespace, 'exec', podName, '--', '/usr/bin/node', '-e', script])).trim()
}

async function hostNft({ onNode, nodes }: World): Promise<string> {
  if (onNode === undefined) return 'not asked'
  return onNode(nodes[0], ['nft', '--version']).catch(() => 'no nft')
}
