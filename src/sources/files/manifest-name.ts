/**
 * Is a file in a directory a manifest, by its name? Not what is hidden, and not what editors leave beside the file
 * that they edit (`.a.yaml.swp`, `a.yaml~`, `#a.yaml#`, `~a.yaml`).
 */
export function isManifestName(name: string): boolean {
  return /^[^.#~].*\.(ya?ml|json)$/s.test(name)
}

/** Hidden folders are not gone into: `.git`, and the versions that a ConfigMap volume keeps beside its links. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.')
}
