import { parseArgs } from 'node:util'

export interface Options {
  readonly kubeconfig: string
  readonly kubectl: string
  /** A folder for `kubectl apply -k`. */
  readonly kustomization: string
  /** `COMMAND NODE WORDS...` runs WORDS as root on the node's host. */
  readonly nodeCommand: string | undefined
  /** `COMMAND NODE` reboots the node. */
  readonly restartNode: string | undefined
  /** `COMMAND WORDS...` runs WORDS, of this machine, on a host beside the nodes. */
  readonly outsideCommand: string | undefined
  /** Only themes or cases whose name contains it. */
  readonly only: string | undefined
  readonly keep: boolean
}

export const USAGE = `test/e2e/run.ts --kubeconfig FILE [OPTION]...
  --kustomization DIR       what to apply (deploy/kustomize/overlays/kubeadm)
  --kubectl FILE            (kubectl)
  --node-command CMD        CMD NODE WORDS... runs WORDS as root on the host of a node
  --restart-node CMD        CMD NODE reboots a node
  --outside-command CMD     CMD WORDS... runs WORDS on a host beside the nodes, with this machine's files
  --only TEXT               cases whose theme or name has TEXT in it
  --keep                    leave the namespaces of the suite for the next run`

/** Undefined: the words make no sense, or help was asked for. */
export function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        kubeconfig: { type: 'string' },
        kubectl: { type: 'string', default: 'kubectl' },
        kustomization: { type: 'string', default: 'deploy/kustomize/overlays/kubeadm' },
        'node-command': { type: 'string' },
        'restart-node': { type: 'string' },
        'outside-command': { type: 'string' },
        only: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    })
    const { kubeconfig, kubectl, kustomization, only, keep } = values
    if (kubeconfig === undefined) return undefined
    return {
      kubeconfig,
      kubectl,
      kustomization,
      only,
      keep,
      nodeCommand: values['node-command'],
      restartNode: values['restart-node'],
      outsideCommand: values['outside-command'],
    }
  } catch {
    return undefined
  }
}
