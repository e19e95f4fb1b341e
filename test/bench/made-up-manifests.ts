/** How much of what, as people's repositories have it. */
export interface ManifestSize {
  readonly definitions: number
  /** Fields of each CustomResourceDefinition's schema; 1,000 make some 90 kB. */
  readonly fields: number
  readonly workloads: number
  readonly others: number
}

/** One file with the proportions of an operator's install.yaml: a few huge definitions, some roles, some workloads, policies. */
export function madeUpManifests({ definitions, fields, workloads, others }: ManifestSize): string {
  return [
    ...count(definitions, (index) => definition(index, fields)),
    ...count(others, role),
    ...count(others, configMap),
    ...count(workloads, workload),
    ...count(workloads, policy),
  ].join('---\n')
}

/** So many small documents, each a Pod, a policy or a ConfigMap. */
export function manySmallDocuments(documents: number): string {
  return count(documents, (index) => [pod, policy, configMap][index % 3]?.(index) ?? '').join('---\n')
}

function count(length: number, make: (index: number) => string): readonly string[] {
  return Array.from({ length }, (_, index) => make(index))
}

function definition(index: number, fields: number): string {
  const properties = count(
    fields,
    (field) => `                field${field}:
                  description: "What the field is for: {it} may be #${field}, or nothing"
                  items:
                    type: string
                  type: array
`,
  )
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.14.0
  name: things${index}.example.com
spec:
  group: example.com
  names: {kind: Thing${index}, plural: things${index}}
  scope: Namespaced
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        description: |-
          A thing.
          kind: of the thing
        properties:
          spec:
            properties:
              inner:
                properties:
${properties.join('')}    served: true
    storage: true
`
}

function role(index: number): string {
  const rules = count(12, (rule) => `- apiGroups: [apps]\n  resources: [things${rule}]\n  verbs: [get, list, watch]\n`)
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  labels:
    app.kubernetes.io/name: role-${index}
  name: role-${index}
  namespace: shop
rules:
${rules.join('')}`
}

function configMap(index: number): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: settings-${index}, namespace: shop}
data:
  settings.ini: |
    [all]
    kind: none
`
}

function pod(index: number): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: pod-${index}
  namespace: shop
  labels: {app: app-${index % 50}}
spec:
  containers:
  - name: main
    image: example
    ports:
    - {name: http, containerPort: 8080}
`
}

function workload(index: number): string {
  const variables = count(20, (one) => `        - name: VARIABLE_${one}\n          value: "${one}"\n`)
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  namespace: shop
spec:
  selector:
    matchLabels:
      app: app-${index}
  template:
    metadata:
      labels:
        app: app-${index}
    spec:
      containers:
      - name: main
        image: example
        args:
        - --port=8080
        env:
${variables.join('')}        ports:
        - containerPort: 8080
          name: http
`
}

function policy(index: number): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: policy-${index}
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: app-${index % 50}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: app-${(index + 1) % 50}
    ports:
    - port: 8080
`
}
