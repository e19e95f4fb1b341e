import { z } from 'zod'
import { pathOutside } from '../../sources/files/paths-within.ts'
import type { McpFlags } from '../mcp-command.ts'

/** One word of a question: no control characters, and no longer than any name. */
export const WORD = z
  .string()
  .min(1)
  .max(400)
  .regex(/^\P{Cc}*$/u, 'control characters are in no name')

/** A number is what many write, and means TCP as the word does. */
export const PORT = z.union([WORD, z.int().transform(String)])

const PATHS = z.array(WORD).min(1).max(50)

export const FILES = PATHS.optional().describe(
  'manifests: files or folders below the folder of the server (default: what the server was started with, or the live cluster)',
)
export const NAMESPACE = WORD.optional().describe('namespace of names and objects that do not say theirs')

/** Why these paths are not read, or undefined. */
export function refusedPath({ within }: McpFlags, paths: readonly string[] = []): string | undefined {
  return paths.length === 0 ? undefined : pathOutside(within, paths)
}

/** The flags of a command that reads these files, or what the server was started with. Values stay with their flags by `=`. */
export function readingArguments(
  flags: McpFlags,
  {
    files,
    namespace = flags.namespace,
  }: { readonly files?: readonly string[] | undefined; readonly namespace?: string | undefined },
): readonly string[] {
  const input =
    files === undefined
      ? [...flag('filename', flags.filename), ...flag('kustomize', flags.kustomize)]
      : flag('filename', files)
  return [...input, `--namespace=${namespace}`, ...clusterArguments(flags)]
}

/** Those that say which cluster is meant, and what its agents take for audited; a call cannot. */
export function clusterArguments({
  podCidr,
  kubeconfig,
  context,
  audit,
  readKubeRouterMonitor,
}: McpFlags): readonly string[] {
  return [
    `--pod-cidr=${podCidr}`,
    `--audit=${audit}`,
    ...(readKubeRouterMonitor ? ['--read-kube-router-monitor'] : []),
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ]
}

function flag(name: string, values: readonly string[] = []): readonly string[] {
  return values.map((value) => `--${name}=${value}`)
}
