import type { Diagnostic } from './diagnostic.ts'
import { type Fields, isFields } from './read-fields.ts'

/** What lies beside manifests and is no object of Kubernetes: told from its content, because a values.yaml can be a policy. */
export type NotAnObject = 'kustomization' | 'chart' | 'template' | 'other'

/** Of an object that lacks its kind or apiVersion; whatever has more is something else, such as a chart's values. */
const OBJECT_FIELDS = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status', 'items', 'data'])

/** Without kind and apiVersion, kustomize takes a file for a kustomization by its name; these are its usual fields. */
const KUSTOMIZATION_FIELDS = new Set([
  'resources',
  'bases',
  'components',
  'crds',
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'commonAnnotations',
  'labels',
  'images',
  'replicas',
  'replacements',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'configMapGenerator',
  'secretGenerator',
  'generatorOptions',
  'generators',
  'transformers',
  'validators',
  'configurations',
  'helmCharts',
  'helmGlobals',
  'openapi',
  'vars',
])

/** An action of a Helm template, or any `{{` outside of quotes and comments. */
const TEMPLATE =
  /\{\{-?\s*(?:if|else|end|range|with|include|template|define|toYaml|tpl|\/\*)|\{\{[^}\n]*\.(?:Values|Release|Chart|Capabilities|Files)\b|^[^'"#\n]*\{\{/m

/** Words without which a text holds no object of ours: it says its kind, or what only a policy has. */
const WORDS_OF_OBJECTS = /kind|podSelector|policyTypes/

/** Problems that may show a part of the text. */
const QUOTING = new Set(['yaml-syntax', 'json-syntax', 'duplicate-key', 'yaml-alias'])

const WORDS_OF_POLICIES = /NetworkPolicy|podSelector|policyTypes/

/** Where it does say its kind. */
export function isKustomization(apiVersion: string, kind: string): boolean {
  return apiVersion.startsWith('kustomize.config.k8s.io/') && (kind === 'Kustomization' || kind === 'Component')
}

/** Undefined for what is an object, or was most likely meant to be one: its errors are then to be told. */
export function notAnObject(value: unknown): NotAnObject | undefined {
  if (Array.isArray(value)) return value.some((item) => isMeant(item)) ? undefined : 'other'
  if (!isFields(value)) return 'other'
  if (isMeant(value)) return undefined
  const fields = Object.keys(value)
  if (fields.length > 0 && fields.every((field) => KUSTOMIZATION_FIELDS.has(field))) return 'kustomization'
  if (/^v[12]$/.test(String(value['apiVersion'])) && 'name' in value && 'version' in value) return 'chart'
  return 'other'
}

/** Of a text that cannot be parsed; undefined where it may have been meant to be an object. */
export function notAnObjectText(text: string): NotAnObject | undefined {
  if (isTemplate(text)) return 'template'
  return WORDS_OF_OBJECTS.test(text) ? undefined : 'other'
}

/**
 * A diagnostic about a text that names no kind, less what it quotes: such a text may be any file, also one with secrets in
 * it (`selvedge lint -f /etc/shadow`).
 */
export function withoutQuotes(diagnostic: Diagnostic, text: string): Diagnostic {
  if (WORDS_OF_OBJECTS.test(text) || !QUOTING.has(diagnostic.code)) return diagnostic
  const [what = '', ...details] = diagnostic.problem.split(': ')
  const isPlain = details.length === 1 && !/["'`\\]/.test(details[0] ?? '')
  return isPlain ? diagnostic : { ...diagnostic, problem: what.replace(/".*"/s, '…').replace(/, first at .*$/s, '') }
}

/** Is a text that cannot be read as it stands one that a program makes manifests of? */
export function isTemplate(text: string): boolean {
  return TEMPLATE.test(text)
}

export function namesPolicies(text: string): boolean {
  return WORDS_OF_POLICIES.test(text)
}

function isMeant(value: unknown): boolean {
  if (!isFields(value)) return false
  const says = ['apiVersion', 'kind'].filter((field) => field in value)
  if (says.length === 2 || looksLikePolicy(value) || (isFields(value['spec']) && looksLikePolicy(value['spec'])))
    return true
  return (
    says.length > 0 && (isFields(value['metadata']) || Object.keys(value).every((field) => OBJECT_FIELDS.has(field)))
  )
}

function looksLikePolicy(fields: Fields): boolean {
  return 'podSelector' in fields || 'policyTypes' in fields
}
