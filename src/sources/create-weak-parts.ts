/** Gives back the first part that it was given under a key, for as long as somebody holds that one. */
export type WeakParts<Part extends WeakKey> = (key: string, part: Part) => Part

/** Parts that nobody holds any more are forgotten, with their keys: rollouts and new policies bring others for ever. */
export function createWeakParts<Part extends WeakKey>(): WeakParts<Part> {
  const parts = new Map<string, WeakRef<Part>>()
  const registry = new FinalizationRegistry<string>((key) => {
    if (parts.get(key)?.deref() === undefined) parts.delete(key)
  })
  return (key, part) => {
    const first = parts.get(key)?.deref()
    if (first !== undefined) return first
    parts.set(key, new WeakRef(part))
    registry.register(part, key)
    return part
  }
}
