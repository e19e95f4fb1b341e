/** How a resolver completes a name, from the Service's namespace on. */
export const ZONES: readonly string[] = ['', 'svc', 'svc.cluster.local']

/** Which Service a cluster DNS name means; undefined for a name of another form. */
export function readDnsName(
  word: string,
  defaultNamespace: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [name = '', namespace = defaultNamespace, ...rest] = word.replace(/\.$/, '').split('.')
  return ZONES.includes(rest.join('.')) ? { namespace, name } : undefined
}
