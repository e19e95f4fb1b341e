import { describe, expect, test } from 'vitest'
import { describeKubeApi } from '../support/kube-api.ts'
import { kubectlPath, type Manifest, renderKustomization } from './render.ts'

interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly imagePullPolicy: string
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>
    readonly limits?: Readonly<Record<string, string>>
  }
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[]
}

interface PodSpec {
  readonly automountServiceAccountToken?: boolean
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly priorityClassName: string
  readonly tolerations: readonly unknown[]
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly volumes?: readonly Readonly<Record<string, unknown>>[]
}

interface Workload {
  readonly template: { readonly spec: PodSpec }
}

const podSpec = (manifest: Manifest | undefined): PodSpec => {
  const spec = manifest?.['spec'] as Workload | undefined
  if (spec === undefined) throw new Error('the kustomization holds no workload')
  return spec.template.spec
}
const OVERLAYS = ['base', 'overlays/k3s', 'overlays/kubeadm', 'overlays/talos', 'overlays/kind']

describeKubeApi('what kubectl apply -k would send', () => {
  const kubectl = kubectlPath() ?? ''
  const render = (folder: string) => renderKustomization(kubectl, `deploy/kustomize/${folder}`)
  const daemonSet = (folder: string) => render(folder).find(({ kind }) => kind === 'DaemonSet')

  describe.each(OVERLAYS)('%s', (folder) => {
    test('it holds these objects and no others', () => {
      expect(
        render(folder)
          .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
          .sort(),
      ).toEqual([
        'ClusterRole selvedge',
        'ClusterRoleBinding selvedge',
        'DaemonSet selvedge',
        'ServiceAccount selvedge',
      ])
    })

    test('the agent may read three kinds, and write nothing', () => {
      const role = render(folder).find(({ kind }) => kind === 'ClusterRole')
      expect(role?.['rules']).toEqual([
        { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['get', 'list', 'watch'] },
      ])
    })

    test('one capability, nothing privileged, nothing of the host but its network and three folders to read', () => {
      const spec = podSpec(daemonSet(folder))
      expect(spec.hostNetwork).toBe(true)
      expect([spec.hostPID, spec.hostIPC]).toEqual([undefined, undefined])
      expect(spec.containers.map(({ securityContext }) => securityContext)).toEqual([
        {
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsUser: 0,
          runAsGroup: 0,
          capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      ])
      const hostPath = (path: string) => ({ hostPath: { path, type: 'DirectoryOrCreate' } })
      expect(spec.volumes).toEqual([
        { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
        { name: 'cni', ...hostPath('/var/lib/cni') },
        { name: 'flannel', ...hostPath('/run/flannel') },
        { name: 'netns', ...hostPath('/run/netns') },
      ])
      expect(spec.containers[0]?.volumeMounts).toEqual([
        { name: 'run', mountPath: '/run/selvedge' },
        { name: 'cni', mountPath: '/var/lib/cni', readOnly: true },
        { name: 'flannel', mountPath: '/run/flannel', readOnly: true },
        { name: 'netns', mountPath: '/run/netns', readOnly: true },
      ])
      expect(spec.priorityClassName).toBe('system-node-critical')
      expect(spec.tolerations).toEqual([{ operator: 'Exists' }])
    })
  })

  test.each(OVERLAYS)('%s: an agent asks the API at once: while it waits, pods that start are open', (folder) => {
    expect(podSpec(daemonSet(folder)).containers.map(({ args }) => args)).toEqual([
      ['agent', '--start-jitter=0', '--hold=auto'],
    ])
  })

  test('kind takes the image that was loaded', () => {
    expect(podSpec(daemonSet('overlays/kind')).containers[0]?.imagePullPolicy).toBe('Never')
  })

  test.each([...OVERLAYS, 'uninstall'])('%s: every container says what it needs, as a quota asks', (folder) => {
    const { initContainers = [], containers } = podSpec(render(folder).find(({ kind }) => kind === 'DaemonSet'))
    for (const { name, resources } of [...initContainers, ...containers]) {
      expect(Object.keys(resources?.requests ?? {}), name).toEqual(['cpu', 'memory'])
      expect(Object.keys(resources?.limits ?? {}), name).toEqual(['memory'])
    }
  })

  test('what uninstalls needs no right in the API, and no more capabilities than the agent', () => {
    const objects = render('uninstall')
    expect(objects.map(({ kind }) => kind)).toEqual(['DaemonSet'])
    const spec = podSpec(objects[0])
    expect(spec.automountServiceAccountToken).toBe(false)
    expect(spec.initContainers?.map(({ args }) => args)).toEqual([['uninstall']])
    expect(spec.initContainers?.[0]?.securityContext['capabilities']).toEqual({ drop: ['ALL'], add: ['NET_ADMIN'] })
    expect(spec.containers[0]?.securityContext['capabilities']).toEqual({ drop: ['ALL'] })
    expect(spec.containers[0]?.image).toBe(podSpec(daemonSet('base')).containers[0]?.image)
  })
})
